"""What somebody who manages people does to accounts of their shop, and what they may not: decision 0076 says why."""

from collections.abc import Collection
from contextlib import suppress

from desk.texts import _, gettext, language_here
from desk.visitors import Visitor
from infra.clock import now
from infra.context import settings, shared_ledger
from infra.desk_address import desk_address
from infra.ledger.identities import IdentityBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from schemas.notifications import Rights
from schemas.people import ROLES, SECOND_PAIR_OF_EYES, Person, Role, is_free
from schemas.problems import FileNeedsFixing, Problem, Refused
from tasks.chain.send_notifications import has_mail
from tasks.chain.tell_of_rights import mail_link, others_told, tell_of_rights
from tasks.core.checking.emails import mail_address

LINK_HOURS = 24


def add(visitor: Visitor, name: str, email: str, roles: Collection[Role]) -> tuple[str, str]:
    """Give somebody an account, or rights in this shop to one that has them elsewhere; say so.

    A link comes with it for whoever has no way of signing in yet, and is mailed where there is an address.

    Raises:
        FileNeedsFixing: The name is none, or the address.
        Refused: They may not, or the account may do something in this shop already.
    """
    _expect_fresh(visitor)
    called, address = " ".join(name.split()), mail_address(email)
    if not is_free(called):
        raise FileNeedsFixing(_("Say what the person is called. Nobody was added."))
    if email.strip() and not address:
        raise FileNeedsFixing(_("That is no address. Nothing was changed."))
    found = _book().find(called)
    known = found[0] if found else None
    if known and known.may("look", visitor.shop):
        raise Refused(_("%s has an account already: change below what they may do.") % known.name)
    _expect_seen(visitor, known.person_id if known else "", roles)
    if known and not known.roles:
        _book().close(known.person_id, now=now())  # whoever it was: no way of signing in of theirs comes back with it
    given: tuple[Role, ...] = tuple(roles) or ("look",)
    person = _book().add(called, shop=visitor.shop, roles=given, now=now())
    if address and not (known and known.roles):
        _book().set_notification(person.person_id, email=address, mailed_about=person.mailed_about)
    person = _book().get(person.person_id)
    _changed(visitor, person)
    if (known and known.roles) or _signs_in_elsewhere(person):
        return _("%s may now do this here, and signs in as before.") % person.name, ""
    return _with_link(visitor, person)


def _with_link(visitor: Visitor, person: Person) -> tuple[str, str]:
    link = _make_link(visitor, person)
    if not (person.email and has_mail()):
        return _("%s has an account. Give them this link yourself: it is shown only now.") % person.name, link
    with suppress(Problem):
        if mail_link(person.email, link, hours=LINK_HOURS, language=language_here()):
            return _("%s has an account, and was mailed this link. It is shown only now.") % person.name, link
    return _("%s has an account. The mail did not go: give them this link yourself.") % person.name, link


def give(visitor: Visitor, person_id: str, roles: Collection[Role], held: Collection[str]) -> str:
    """Let somebody do exactly this in the shop; *held*: what they might do on the page that was looked at.

    Raises:
        Refused: They may not, or it was changed meanwhile.
    """
    person = _other(visitor, person_id)
    before = person.roles[visitor.shop]
    if not roles:
        raise Refused(_("Tick what they may do. To take everything away, end the account."))
    _expect_seen(visitor, person_id, set(roles) - before)
    if set(held) != before or not _book().set_roles(person_id, shop=visitor.shop, roles=roles, held=before):
        raise Refused(_("Somebody else changed this meanwhile. Look at the page again."))
    if set(roles) != before:
        _changed(visitor, _book().get(person_id))
    return _("Saved. %s may do this from now on.") % person.name


def invite_again(visitor: Visitor, person_id: str) -> str:
    """Mail somebody a link, to the address under their name: whoever manages people does not see it.

    Raises:
        Refused: They may not, or there is no address, or no mail.
    """
    person = _other(visitor, person_id)
    if not (person.email and has_mail()):
        raise Refused(
            _("A new link goes by mail alone. Whoever runs the desk makes one: counterfoil people link NAME.")
        )
    if not mail_link(
        person.email, _make_link(visitor, person), hours=LINK_HOURS, language=person.language or settings().language
    ):
        raise Refused(_("The mail server did not take the mail. Try again."))
    return _("A link was mailed to %s. It signs them in once.") % person.name


def end(visitor: Visitor, person_id: str) -> str:
    """Let somebody do nothing in this shop any more; who may do nothing anywhere is signed out at once, for good.

    Raises:
        Refused: They may not.
    """
    person, book = _other(visitor, person_id), _book()
    if not book.set_roles(person_id, shop=visitor.shop, roles=(), held=person.roles[visitor.shop]):
        raise Refused(_("Somebody else changed this meanwhile. Look at the page again."))
    book.close(person_id, now=now())
    visitor.did("account_ended", person.name)
    tell_of_rights(visitor.person, person, Rights(by=visitor.person.name, of=person.name, may=()))
    return _("%s may do nothing here any more. What they did stays in the audit trail.") % person.name


def _changed(visitor: Visitor, person: Person) -> None:
    held = tuple(role for role in ROLES if role in person.roles[visitor.shop])
    visitor.did("roles_given", person.name, " ".join(held))
    tell_of_rights(visitor.person, person, Rights(by=visitor.person.name, of=person.name, may=held))


def _other(visitor: Visitor, person_id: str) -> Person:
    """Return somebody of this shop whose account this person may change: not their own, and none of a provider's."""
    _expect_fresh(visitor)
    theirs = [each for each in _book().list_all() if each.person_id == person_id and each.may("look", visitor.shop)]
    if not theirs:
        raise Refused(_("There is no such account in this shop any more."))
    if why_not := why_not_changed(visitor, theirs[0]):
        raise Refused(why_not)
    return theirs[0]


def why_not_changed(visitor: Visitor, person: Person) -> str:
    """Say why this person may not change an account of their shop; empty where they may."""
    if person.person_id == visitor.person.person_id:
        return _("This is you. Your own rights are changed by somebody else who manages people.")
    if _signs_in_elsewhere(person):
        return _("They sign in by the identity provider, which says what they may do.")
    return ""


def _expect_fresh(visitor: Visitor) -> None:
    if not visitor.is_fresh:
        raise Refused(_("Sign out and in again first: rights are changed within ten minutes of signing in."))


def _expect_seen(visitor: Visitor, person_id: str, given: Collection[str]) -> None:
    """Expect that others are told where somebody becomes a second pair of eyes, in a shop that asks for two."""
    ours = settings()
    four_eyes = ours.approver_must_differ or ours.approver_must_differ_above is not None
    if four_eyes and SECOND_PAIR_OF_EYES & set(given) and not others_told(visitor.person, person_id):
        roles = ", ".join(gettext(role) for role in ROLES if role in SECOND_PAIR_OF_EYES)
        raise Refused(
            _(
                "This shop wants two people to look, and nobody else would be told of this. Somebody else who has %s "
                "has to enter their address under their name first; or whoever runs the desk adds the account."
            )
            % roles
        )


def _make_link(visitor: Visitor, person: Person) -> str:
    visitor.did("link_made", person.name)
    token = SessionBook(shared_ledger().engine).make_link(person.person_id, now=now(), hours=LINK_HOURS)
    return f"{desk_address(settings())}/sign-in/{token}"


def _signs_in_elsewhere(person: Person) -> bool:
    return IdentityBook(shared_ledger().engine).has_one(person.person_id)


def _book() -> PeopleBook:
    return PeopleBook(shared_ledger().engine)

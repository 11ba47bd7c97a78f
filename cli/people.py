"""Commands about people who use the desk: accounts, roles, and links by which they sign in."""

from cli.answers import Answer
from cli.audit_trail import enter
from infra.clock import now
from infra.context import settings, shared_ledger
from infra.desk_address import desk_address
from infra.ledger.identities import IdentityBook
from infra.ledger.passkeys import PasskeyBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from infra.settings import read_installation
from infra.shops import read_shops
from infra.systems import open_installation
from schemas.people import ROLES, Person, Role
from schemas.problems import FileNeedsFixing, Refused, SettingsNeedFixing

LINK_HOURS = 24


@open_installation()
def add(name: str, *, roles: tuple[Role, ...] = (), shop: str = "") -> Answer:
    """Give NAME an account at the desk, or more roles, and make a link by which they sign in once.

    Args:
        name: What the person is called, in the records of what they did too.
        roles: What they may do: submit, approve, undo, look or people, which is to say so of others. May be given
            several times. None means to look.
        shop: The shop in which they may, in a group of shops.

    Raises:
        FileNeedsFixing: The name is blank, or there is no such shop.
    """
    if not name.strip():
        raise FileNeedsFixing("Say what the person is called. Nobody was added.")
    _expect_shop(shop)
    given = roles or ("look",)
    person = _book().add(name, shop=shop, roles=given, now=now())
    enter("roles_given", person.name, shop=shop, detail=" ".join(given))
    return _by_provider(person) if _signs_in_elsewhere(person) else _with_link(person)


@open_installation()
def link(name: str) -> Answer:
    """Make a link by which NAME signs in, once: for somebody new, or who forgot the password.

    Args:
        name: Whom it signs in.

    Raises:
        Refused: They sign in by the identity provider.
    """
    return _with_link(_find(name))


@open_installation()
def identify(name: str, subject: str) -> Answer:
    """Let NAME sign in by the identity provider alone, which knows them as SUBJECT; it says so when it turns them away.

    Args:
        name: Whose account it is.
        subject: What the provider calls them.

    Raises:
        SettingsNeedFixing: No provider is set.
        Refused: The account has an identity already, or the identity an account.
    """
    issuer = settings().oidc_issuer
    if not issuer:
        raise SettingsNeedFixing("No identity provider is set: set COUNTERFOIL_OIDC_ISSUER, and what goes with it.")
    person = _find(name)
    book = IdentityBook(shared_ledger().engine)
    book.link(person.person_id, issuer=issuer, subject=subject.strip(), now=now())
    enter("identity_linked", person.name, shop="", detail=subject.strip())
    text = f"{person.name} signs in by {settings().oidc_label} from now on, and by no password of the desk."
    return {"name": person.name, "subject": subject.strip()}, text, 0


@open_installation()
def forget_passkeys(name: str) -> Answer:
    """Take every passkey away from NAME, who lost them or wants others; then they sign in and add new ones.

    What was signed with them, and is carried out already, stays proven.

    Args:
        name: Whose passkeys they are.
    """
    person, book = _find(name), PasskeyBook(shared_ledger().engine)
    theirs = book.of_person(person.person_id)
    for passkey in theirs:
        if book.remove(passkey.credential_id, person_id=person.person_id, now=now()):
            enter("passkey_removed", passkey.credential_id, shop="", detail=person.name)
    text = f"{person.name} has no passkey any more. They sign in, and add new ones within ten minutes."
    return {"name": person.name, "forgotten": len(theirs)}, text, 0


@open_installation()
def remove(name: str, *, shop: str = "") -> Answer:
    """Take all roles in a shop away from NAME. What they did stays in the audit trail.

    Args:
        name: Who may do nothing there any more.
        shop: The shop, in a group of shops.
    """
    person = _find(name)
    _book().take_away(name, shop=shop)
    enter("roles_taken", person.name, shop=shop)
    return {"name": name, "shop": shop}, f"{name} may do nothing any more{f' in {shop}' if shop else ''}.", 0


@open_installation()
def list_people() -> Answer:
    """List who has an account, and what they may do."""
    people = _book().list_all()
    lines = [f"{person.name:<24} {_may(person)}" for person in people]
    documents = [
        {"name": person.name, "roles": {shop: sorted(held) for shop, held in person.roles.items()}} for person in people
    ]
    return {"people": documents}, "\n".join(lines) or "Nobody has an account yet.", 0


def _may(person: Person) -> str:
    shops = [f"{shop or 'here'}: {' '.join(r for r in ROLES if r in held)}" for shop, held in person.roles.items()]
    return "; ".join(sorted(shops)) or "nothing"


def _book() -> PeopleBook:
    return PeopleBook(shared_ledger().engine)


def _find(name: str) -> Person:
    found = _book().find(name)
    if found is None:
        raise FileNeedsFixing(f"Nobody is called {name}. Look names up with: counterfoil people list.")
    return found[0]


def _expect_shop(shop: str) -> None:
    installation = read_installation()
    known = tuple(read_shops(installation)) if installation.shops_file else ("",)
    if shop not in known:
        named = (
            f"Name one of {', '.join(known)}, with --shop." if installation.shops_file else "There is one shop here."
        )
        raise FileNeedsFixing(f"There is no shop {shop!r}. {named} Nobody was added.")


def _with_link(person: Person) -> Answer:
    address = sign_in_link(person)
    text = f"{person.name} may {_may(person)}. To sign in, once, within {LINK_HOURS} hours:\n{address}"
    return {"name": person.name, "link": address}, text, 0


def _by_provider(person: Person) -> Answer:
    text = f"{person.name} may {_may(person)}. They sign in by {settings().oidc_label}."
    return {"name": person.name}, text, 0


def _signs_in_elsewhere(person: Person) -> bool:
    return IdentityBook(shared_ledger().engine).has_one(person.person_id)


def sign_in_link(person: Person) -> str:
    """Make a link by which somebody signs in, once; whoever makes it could use it, so that is written down.

    Raises:
        Refused: They sign in by the identity provider, and so in no other way.
    """
    if _signs_in_elsewhere(person):
        raise Refused(
            f"{person.name} signs in by {settings().oidc_label}, and by no link. They open the desk and press its "
            "button; if it does not let them in, whoever runs it can. No link was made."
        )
    enter("link_made", person.name, shop="")
    token = SessionBook(shared_ledger().engine).make_link(person.person_id, now=now(), hours=LINK_HOURS)
    return f"{desk_address(settings())}/sign-in/{token}"

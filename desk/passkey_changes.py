"""Who may add a passkey to an account, or remove one: that takes as much proof as the account already gives."""

from desk.texts import _
from desk.visitors import Visitor
from infra.context import shared_ledger
from infra.ledger.identities import IdentityBook
from infra.ledger.passkeys import PasskeyBook


def why_unchangeable(visitor: Visitor) -> str:
    """Say why they may not change their passkeys now; empty where they may.

    Who has one since before they signed in, signed in with it, or by a link that whoever runs the desk gave them:
    somebody who found out their password could confirm plans in their name otherwise.
    """
    engine, person_id, sign_in = shared_ledger().engine, visitor.person.person_id, visitor.sign_in
    if not visitor.is_fresh or sign_in.at is None:
        return _("Sign out and in again first: passkeys are changed within ten minutes of signing in.")
    had_one = any(each.added_at < sign_in.at for each in PasskeyBook(engine).of_person(person_id))
    if not had_one or sign_in.by in ("passkey", "link"):
        return ""
    if IdentityBook(engine).has_one(person_id):
        return _(
            "You have a passkey already. To have others instead, ask whoever runs the desk to type "
            "counterfoil people forget-passkeys NAME. Then sign in again and add them."
        )
    return _(
        "You have a passkey already: sign out, and sign in with it to add or remove one. If it is lost, ask whoever "
        "runs the desk for a link: counterfoil people link NAME."
    )

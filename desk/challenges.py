"""What a browser is asked of its passkeys, and what it answers: once, soon, and for this desk."""

from urllib.parse import urlsplit

from fastapi import Request

from desk.texts import _
from infra.clock import now
from infra.context import settings, shared_ledger
from infra.ledger.challenges import ChallengeBook, ChallengeKind
from infra.ledger.passkeys import PasskeyBook
from infra.passkeys import Party, party_at, signer_of
from schemas.passkeys import Passkey
from schemas.problems import Refused


def party_of(request: Request) -> Party:
    """Return for whom passkeys are here.

    Raises:
        Refused: Browsers have no passkeys for the address at which the desk is open.
    """
    party = party_at(settings().desk_url, str(request.base_url))
    if party is None:
        port = urlsplit(str(request.base_url)).port or 80
        raise Refused(
            _("Browsers have no passkeys for this address. Open the desk at %s instead.") % f"http://localhost:{port}/"
        )
    return party


def make(kind: ChallengeKind, content: str, holder: str) -> str:
    """Ask the browser with the cookie *holder* something; return the token by which it answers."""
    return ChallengeBook(shared_ledger().engine).make(kind, content, holder=holder, now=now())


def take(kind: ChallengeKind, token: str, holder: str) -> str:
    """Return what was asked, which is answered now and never again.

    Raises:
        Refused: Nothing was asked of this browser by that token, too long ago, or it was answered before.
    """
    asked = ChallengeBook(shared_ledger().engine).take(kind, token, holder=holder, now=now())
    if not asked:
        raise Refused(_("This was asked too long ago, or is answered already. Go back, and begin again."))
    return asked


def passkey_of(assertion: str, person_id: str = "") -> Passkey:
    """Return the passkey that a browser says it signed with, of somebody, or of whoever has it.

    Raises:
        Refused: Nobody has it here, or somebody else.
    """
    found = PasskeyBook(shared_ledger().engine).find(signer_of(assertion))
    if found is None or found.removed_at or (person_id and found.person_id != person_id):
        raise Refused(_("This passkey is none of this account. Nothing was done."))
    return found


def count_use(passkey: Passkey, sign_count: int) -> None:
    """Enter that a passkey was used.

    Raises:
        Refused: Somebody else used it at the same moment.
    """
    if not PasskeyBook(shared_ledger().engine).use(passkey, sign_count=sign_count, now=now()):
        raise Refused(_("This was asked too long ago, or is answered already. Go back, and begin again."))

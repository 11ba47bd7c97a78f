"""Asking for passkeys and checking what they sign, by WebAuthn. Who has which stands in ``infra.ledger.passkeys``.

A passkey is asked for by the desk and for the desk: a browser signs for no other address, and only after it has seen
that its owner is there (by a finger, a face or a PIN).
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from schemas.passkeys import Passkey, Proof, Statement
from schemas.people import Person
from schemas.problems import Refused

_PROOF, _STATEMENT = TypeAdapter(Proof), TypeAdapter(Statement)
_KIND = b"counterfoil approval 1\n"
"""What is hashed begins with this, so that nothing that was signed for another purpose is an approval."""
_WAIT_MS = 300_000


@dataclass(frozen=True, kw_only=True)
class Party:
    """For whom passkeys are: the desk, by the name of its host and by its origin, as browsers know them."""

    rp_id: str
    origin: str


@dataclass(frozen=True, kw_only=True)
class NewPasskey:
    """What a browser says of a passkey that it made."""

    credential_id: str
    public_key: str
    sign_count: int


def party_at(desk_url: str, asked_at: str) -> Party | None:
    """Return for whom passkeys are; without an address in the settings only for this machine, as ``localhost``.

    Browsers have no passkeys for numbered addresses, and none without https but there.
    """
    parts = urlsplit(desk_url or asked_at)
    host = parts.hostname or ""
    if not desk_url and host != "localhost":
        return None
    return Party(rp_id=host, origin=f"{parts.scheme}://{parts.netloc}")


def ask_for_new(party: Party, person: Person, known: Iterable[Passkey], challenge: bytes) -> str:
    """Return, as JSON, what a browser is asked that is to make a passkey."""
    options = generate_registration_options(
        rp_id=party.rp_id,
        rp_name="Counterfoil",
        user_id=person.person_id.encode(),
        user_name=person.name,
        challenge=challenge,
        timeout=_WAIT_MS,
        exclude_credentials=_named(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return options_to_json(options)


def check_new(party: Party, made: str, challenge: bytes) -> NewPasskey:
    """Return the passkey that a browser made.

    Raises:
        Refused: It is not what was asked for.
    """
    with _refusing("The browser made no passkey for this desk"):
        verified = verify_registration_response(
            credential=made,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
        return NewPasskey(
            credential_id=bytes_to_base64url(verified.credential_id),
            public_key=bytes_to_base64url(verified.credential_public_key),
            sign_count=verified.sign_count,
        )


def ask_to_sign(party: Party, passkeys: Iterable[Passkey], challenge: bytes) -> str:
    """Return, as JSON, what a browser is asked that is to sign with one of these passkeys, or with any it has."""
    options = generate_authentication_options(
        rp_id=party.rp_id,
        challenge=challenge,
        timeout=_WAIT_MS,
        allow_credentials=_named(passkeys),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


def signer_of(assertion: str) -> str:
    """Return the name of the passkey that signed; it is what the browser says, and to be checked.

    Raises:
        Refused: It is no signature.
    """
    with _refusing("The browser sent no signature of a passkey"):
        return bytes_to_base64url(parse_authentication_credential_json(assertion).raw_id)


def check_signature(party: Party, passkey: Passkey, assertion: str, challenge: bytes) -> int:
    """Expect that a passkey signed this challenge for this desk, its owner being there; return its new count.

    Raises:
        Refused: It did not: another challenge, desk or key, nobody was verified, or its count went back.
    """
    with _refusing("The signature of the passkey does not hold"):
        return verify_authentication_response(
            credential=assertion,
            expected_challenge=challenge,
            expected_rp_id=party.rp_id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(passkey.public_key),
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        ).new_sign_count


def challenge_of(statement: Statement) -> bytes:
    """Return what a passkey signs that stands for a statement: the hash of all that it says."""
    said = asdict(statement) | {"asked_at": statement.asked_at.isoformat()}
    return hashlib.sha256(_KIND + json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).digest()


def prove(party: Party, passkey: Passkey, statement: Statement, assertion: str) -> tuple[Proof, int]:
    """Return the proof that somebody signed a statement, and the new count of their passkey.

    Raises:
        Refused: They did not sign this one, with this passkey, for this desk.
    """
    count = check_signature(party, passkey, assertion, challenge_of(statement))
    proof = Proof(
        statement=statement,
        credential_id=passkey.credential_id,
        public_key=passkey.public_key,
        sign_count=passkey.sign_count,
        rp_id=party.rp_id,
        origin=party.origin,
        assertion=assertion,
    )
    return proof, count


def check_proof(proof: Proof, passkey: Passkey) -> None:
    """Expect that a proof holds by itself and by the passkey that is known; nobody is asked.

    Raises:
        Refused: Its statement, signature, key, desk or count is not what it must be.
    """
    party = Party(rp_id=proof.rp_id, origin=proof.origin)
    host = urlsplit(proof.origin).hostname or ""
    if (proof.public_key, proof.rp_id) != (passkey.public_key, passkey.rp_id) or host != passkey.rp_id:
        raise Refused("The passkey of the proof is not the one that is known. Do not rely on this approval.")
    if proof.statement.person_id != passkey.person_id or signer_of(proof.assertion) != passkey.credential_id:
        raise Refused("The passkey of the proof is somebody else's. Do not rely on this approval.")
    then = replace(passkey, sign_count=proof.sign_count)
    count = check_signature(party, then, proof.assertion, challenge_of(proof.statement))
    if count > passkey.sign_count:
        raise Refused("The passkey counts more uses than are known. Do not rely on this approval.")


def key_print(public_key: str) -> str:
    """Return the hash by which the audit trail knows a public key."""
    return hashlib.sha256(base64url_to_bytes(public_key)).hexdigest()


def dump_proof(proof: Proof) -> str:
    """Return a proof as it is kept."""
    return _PROOF.dump_json(proof, indent=1).decode()


def load_proof(text: str | bytes) -> Proof:
    """Return a proof that was kept.

    Raises:
        Refused: It is none.
    """
    try:
        return _PROOF.validate_json(text)
    except ValidationError:
        raise Refused("The proof of the approval cannot be read. Do not rely on it.") from None


def dump_statement(statement: Statement) -> str:
    """Return a statement as it waits to be signed."""
    return _STATEMENT.dump_json(statement).decode()


def load_statement(text: str) -> Statement:
    """Return a statement that waited to be signed."""
    return _STATEMENT.validate_json(text)


def _named(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.credential_id)) for each in passkeys]


@contextmanager
def _refusing(says: str) -> Iterator[None]:
    """Say in our words what the library found; its own may hold what was sent."""
    try:
        yield
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        why = f" ({error})" if type(error).__name__ == "InvalidAuthenticationResponse" else ""
        raise Refused(f"{says}{why}. Nothing was done.") from None

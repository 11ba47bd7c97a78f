"""Passkeys: who has which, what somebody signs with one who approves a plan, and the proof that is kept of it.

How a signature is checked does not belong here.
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """A passkey of somebody. ``credential_id`` and ``public_key`` (COSE) are base64url.

    ``sign_count`` is how often it says it was used; those that are on several devices always say 0. One that was
    removed lets nobody do anything, and stays to check what it signed.
    """

    credential_id: str
    person_id: str
    name: str
    public_key: str
    sign_count: int
    rp_id: str
    added_at: datetime
    last_used_at: datetime | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What somebody says who approves a plan: its hash is the challenge that their passkey signs.

    ``concerns`` names those that stood beside the plan on the page; ``nonce`` makes every statement a new one.
    """

    shop: str
    run_id: str
    plan_id: str
    concerns: tuple[str, ...]
    person_id: str
    approver: str
    reason: str
    asked_at: datetime
    nonce: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """A signed statement, and all that is needed to check it without asking anybody.

    ``assertion`` is what the browser gave, as JSON. ``sign_count`` is what the passkey had counted before.
    """

    statement: Statement
    credential_id: str
    public_key: str
    sign_count: int
    rp_id: str
    origin: str
    assertion: str

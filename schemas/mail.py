"""Mails and messages: what is sent, to whom, and what became of it. What they say is decided in ``tasks.core``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One mail, ready to go: the message's own bytes, and the addresses of its envelope."""

    sender: str
    recipient: str
    email_sha256: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What became of one mail. ``code`` is what the server answered, as numbers: ``550 5.1.1``."""

    outcome: Literal["sent", "refused", "unknown"]
    code: str = ""


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """One person in one campaign, as the ledger names them: by a hash, never by an address."""

    campaign: str
    email_sha256: str
    run_id: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class News:
    """One message. ``name`` is the same for the same news, so that nobody is told twice."""

    subject: str
    lines: tuple[str, ...]
    name: str

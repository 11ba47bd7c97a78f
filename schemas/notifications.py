"""What people are told of runs: of which changes, who, and what became of it. The texts are in ``tasks.core``."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

StandingKind = Literal["well", "rejects", "needs_approval", "failed", "crashed"]
"""How what a run is about stands, once the run has ended or asks."""

NotificationKind = Literal["needs_approval", "failed", "crashed", "rejects", "recovered", "summary"]
NewsKind = NotificationKind | Literal["rights"]
"""What people are told; of rights at the desk whoever shares them, whatever they chose to be told of runs."""
NOTIFICATION_KINDS: tuple[NotificationKind, ...] = get_args(NotificationKind)
USUAL_KINDS: tuple[NotificationKind, ...] = NOTIFICATION_KINDS[:-1]
"""What somebody is told who chose nothing: all but the summary of each morning."""

NotificationState = Literal["waiting", "started", "sent", "refused", "unknown"]
"""waiting: to be sent, or to be tried again. started: about to be sent, or cut off while it was."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How something stands: a file with a flow, or a flow by itself. *about* tells one plan or failure from another."""

    kind: StandingKind
    about: str = ""


WELL = Standing(kind="well")


@dataclass(frozen=True, kw_only=True)
class Happened:
    """A change that people are told of.

    ``about`` is the outcome of a run that failed, the day of a summary, or whose rights changed (``Rights``).
    """

    kind: NewsKind
    run_id: str
    flow: str
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What somebody may do in a shop from now on, and by whom: all as people call it."""

    by: str
    of: str
    may: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Notification:
    """One change for one recipient: ``person:ID``, ``address:HASH`` or ``block:NAME``; no address is ever here."""

    number: int
    happened: Happened
    recipient: str
    state: NotificationState
    says: str
    """Why it was not sent."""
    queued_at: datetime

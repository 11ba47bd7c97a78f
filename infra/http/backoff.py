"""How long to wait before a request is repeated, and what an answer says about that. No clock of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_SECONDS = 1.0
LONGEST_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why there is no answer: whether the request may have been carried out, and the wait that was asked for.

    ``final``: asking again would get the same.
    """

    says: str
    landed: bool
    wait: float = 0.0
    final: bool = False


def asked_to_wait(header: str | None, now: datetime) -> float:
    """Return the seconds of a Retry-After, which is a number of them or a date; 0 where it is neither."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return 0.0
    aware = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def wait_before(fault: Fault, times: int, chance: float) -> float:
    """Return how long to wait after so many faults: ever longer, never all at once, and as long as was asked for."""
    own: float = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (times - 1))
    return fault.wait + own * (1 + chance) / 2

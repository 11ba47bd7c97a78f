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
    until = server_time(text)
    return max(0.0, (until - now).total_seconds()) if until else 0.0


def server_time(header: str | None) -> datetime | None:
    """Return the instant of a header such as Date, by the server's own clock; None where it is no date."""
    try:
        instant = parsedate_to_datetime((header or "").strip())
    except (ValueError, TypeError, IndexError):
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def wait_before(fault: Fault, times: int, chance: float) -> float:
    """Return how long to wait after so many faults: ever longer, never all at once, and as long as was asked for."""
    own: float = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (times - 1))
    return fault.wait + own * (1 + chance) / 2

"""Of which day a file is that people drop, and what kind of account of failures it holds."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Literal
from zoneinfo import ZoneInfo

Account = Literal["report", "relay", "journal"]

_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})[-_.]?([01][0-9])[-_.]?([0-3][0-9])(?![0-9])")
_RELAYED = re.compile(rb'"(redemptions|transactions)"\s*:\s*\[')


def day_of_file(key: str, stored_at: datetime, *, zone: str) -> date:
    """Return the day in a file's name (``failures-2026-11-20.csv``), else the shop's day on which it was dropped."""
    return next(_days_in(key), stored_at.astimezone(ZoneInfo(zone)).date())


def days_named(key: str) -> tuple[date, date] | None:
    """Return the first and the last day in a file's name (``sales-2026-11-01-to-2026-11-15.csv``), None without any."""
    days = sorted(_days_in(key))
    return (days[0], days[-1]) if days else None


def _days_in(key: str) -> Iterator[date]:
    for year, month, day in _DAY.findall(PurePosixPath(key).name):
        with suppress(ValueError):
            yield date(int(year), int(month), int(day))


def account_in(content: bytes) -> Account:
    """Say whether a file is a report of Astro's screen, or one as a POS relays it, or a journal of answers."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"{"):
        return "report"
    return "relay" if _RELAYED.search(content) and b'"endpoint"' not in start.split(b"\n", 1)[0] else "journal"

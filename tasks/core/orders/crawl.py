"""How a list of orders is walked so that none is missed: what is asked for, and which pages are due. Pure."""

import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schemas.orders.pages import PER_PAGE, OrdersAsked
from schemas.problems import FileNeedsFixing

_NAIVE = "%Y-%m-%dT%H:%M:%S"
_SECOND = timedelta(seconds=1)
_STATUS = re.compile(r"[a-z0-9_-]{1,40}")
_ID = re.compile(r"[0-9]{1,18}")


def list_query(asked: OrdersAsked, cut_off: datetime, zone: ZoneInfo) -> dict[str, str]:
    """Return what the shop is asked. Its bounds are exclusive and to the second, and read as UTC only without a Z.

    Raises:
        FileNeedsFixing: A day, a status or an instant is none.
    """
    before = min([cut_off, *(_start_of(day, zone, 1) for day in [asked.to_on] if day)])
    query = {"status": _statuses(asked), "dates_are_gmt": "true", "before": _as_asked(before)}
    if asked.from_on:
        query["after"] = _as_asked(_start_of(asked.from_on, zone, 0) - _SECOND)
    if asked.modified_after:
        query["modified_after"] = _as_asked(_instant(asked.modified_after))
    return query


def named_queries(asked: OrdersAsked) -> list[dict[str, str]]:
    """Return what the shop is asked for orders that are named by id, so many at a time.

    Raises:
        FileNeedsFixing: An id is none, or days, statuses or an instant are named too.
    """
    if asked.from_on or asked.to_on or asked.statuses or asked.modified_after:
        raise FileNeedsFixing("Name either orders by id, or days, statuses and changes. Correct that, then run again.")
    wrong = [text for text in asked.order_ids if not _ID.fullmatch(text)]
    if wrong:
        raise FileNeedsFixing(f"{wrong[0]!r} is no id of an order. Ids are numbers, such as 1042; see the shop's list.")
    return [{"status": "any", "include": ",".join(part)} for part in in_parts(asked.order_ids, PER_PAGE)]


def in_parts(ids: Collection[str], size: int) -> list[list[str]]:
    """Cut ids, each once and by number, into parts."""
    ordered = sorted(set(ids), key=int)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]


def pages_due(total: int | None, stored: Collection[int]) -> list[int]:
    """Return the numbers of the pages that a list of *total* has and that are not stored yet."""
    return [number for number in range(1, -(-(total or 0) // PER_PAGE) + 1) if number not in stored]


def _statuses(asked: OrdersAsked) -> str:
    wrong = [text for text in asked.statuses if not _STATUS.fullmatch(text)]
    if wrong:
        raise FileNeedsFixing(f"{wrong[0]!r} is no status. Write them like completed, processing or on-hold.")
    return ",".join(asked.statuses) or "any"


def _start_of(day: str, zone: ZoneInfo, later: int) -> datetime:
    """Return when a day of the shop begins, or the one so many days later."""
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise FileNeedsFixing(f"{day!r} is no day. Write it like 2024-03-31.") from None
    return datetime.combine(on + timedelta(days=later), time(), tzinfo=zone).astimezone(UTC)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = datetime.min
    if at.tzinfo is None:
        raise FileNeedsFixing(f"{text!r} is no instant. Write it like 2024-03-31T12:00:00Z.")
    return at.astimezone(UTC)


def _as_asked(at: datetime) -> str:
    return at.strftime(_NAIVE)

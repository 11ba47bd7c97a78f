"""A whole list of eCom, however its pages behave: each thing once, none left out without a word, and an end.

After an id is safe where ids only rise and each page begins behind the one before: then nothing that is deleted or
added meanwhile moves what is still to come. Where they do not, pages are asked for by number.
"""

from collections.abc import Callable, Mapping
from itertools import count as numbers
from itertools import pairwise
from typing import Any

from schemas.problems import Refused, Unavailable

PER_PAGE = 250
_MOST_PAGES = 20_000
_SPARE = 1_000
"""So many things may be added while a list is read, before it counts as endless."""

Row = dict[str, Any]
Ask = Callable[[Mapping[str, str]], list[Row]]
Count = Callable[[], int]


def whole_list(ask: Ask, count: Count | None, what: str) -> list[Row]:
    """Return every row of a list.

    Raises:
        Unavailable: It changed so much while it was read that some may be missing; the next attempt reads it anew.
        Refused: Its pages never end, or are always the same.
    """
    before = count() if count else None
    most = before * 2 + _SPARE if before is not None else _MOST_PAGES * PER_PAGE
    by_id = _after_ids(ask, most, what)
    rows = _by_pages(ask, most, before, what) if by_id is None else by_id
    if count and before is not None:
        _expect_whole(len(rows), before, count(), moves=by_id is None, what=what)
    return rows


def _after_ids(ask: Ask, most: int, what: str) -> list[Row] | None:
    """Return the rows, each page after the last id of the one before; None where ids do not rise."""
    found: list[Row] = []
    last = 0
    while page := ask({"limit": str(PER_PAGE), "since_id": str(last)}):
        ids = [last, *(each for row in page if isinstance(each := row.get("id"), int))]
        if len(ids) <= len(page) or any(b <= a for a, b in pairwise(ids)):
            return None
        found += page
        last = ids[-1]
        _expect_end(len(found), most, what)
    return found


def _by_pages(ask: Ask, most: int, before: int | None, what: str) -> list[Row]:
    """Return the rows of numbered pages, up to an empty one or, where there are *before* rows, one of no new ones.

    What moved from one page to the next counts once.
    """
    found: dict[object, Row] = {}
    for number in numbers(1):
        page = ask({"limit": str(PER_PAGE), "page": str(number)})
        new = {row.get("id"): row for row in page if row.get("id") not in found}
        if not page or (not new and before is not None and len(found) >= before):
            break
        if not new or number > _MOST_PAGES:
            raise Refused(_endless(what))
        found |= new
        _expect_end(len(found), most, what)
    return list(found.values())


def _expect_end(length: int, most: int, what: str) -> None:
    if length > most:
        raise Refused(_endless(what))


def _expect_whole(length: int, before: int, after: int, *, moves: bool, what: str) -> None:
    """A list by numbers must not have moved at all: what is deleted pulls something over to a page already read."""
    if length < min(before, after) or (moves and not length == before == after):
        raise Unavailable(
            f"The list of {what} in Lightspeed eCom changed while it was read ({length:,} of {max(before, after):,}). "
            "Nothing was changed there; it is read anew."
        )


def _endless(what: str) -> str:
    return (
        f"The list of {what} in Lightspeed eCom does not end: its pages repeat, or there are far more than it counts. "
        "Nothing was changed. Tell Lightspeed's support."
    )

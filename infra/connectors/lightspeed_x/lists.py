"""Lists of Lightspeed, page by page: each of its four ways to go on, and none of them for ever.

A page may be shorter than was asked for though more follow (sizes are capped silently), so only an empty one ends a
list. Each way is given a function that asks for one page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.problems import Refused

PAGE_ROWS = 1000
MOST_PAGES = 20_000
"""Of the largest pages that is more than any shop holds; a list that goes on after it has no end."""

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class VersionPage:
    """A page of a list by version. ``newest`` is the largest version on it, None where it is empty."""

    rows: tuple[Row, ...] = field(repr=False)
    newest: int | None


def by_version(ask: Callable[[int], VersionPage], after: int = 0) -> Iterator[Row]:
    """Yield what changed after a version, in the order of versions.

    Raises:
        Refused: The list does not move on.
    """
    for _ in range(MOST_PAGES):
        page = ask(after)
        if not page.rows:
            return
        yield from page.rows
        after = _later(page.newest, after)
    raise _endless()


def by_gift_card(ask: Callable[[str], Sequence[Row]]) -> Iterator[Row]:
    """Yield gift cards from the newest to the oldest: each page is what came before the last card of the one before.

    Raises:
        Refused: A card comes twice.
    """
    before, seen = "", set[str]()
    for _ in range(MOST_PAGES):
        page = ask(before)
        if not page:
            return
        ids = [str(row["id"]) for row in page]
        if len(ids) != len(set(ids)) or not seen.isdisjoint(ids):
            raise _endless()
        yield from page
        seen.update(ids)
        before = ids[-1]
    raise _endless()


def by_offset(ask: Callable[[int], Sequence[Row]]) -> Iterator[Row]:
    """Yield what a search finds, each once: what is added meanwhile moves the rest to a later page.

    Raises:
        Refused: A page is the one before it again.
    """
    offset, seen, last = 0, set[str](), list[str]()
    for _ in range(MOST_PAGES):
        page = ask(offset)
        ids = [str(row["id"]) for row in page]
        if not page:
            return
        if ids == last:
            raise _endless()
        yield from (row for row in page if str(row["id"]) not in seen)
        seen.update(ids)
        offset, last = offset + len(page), ids
    raise _endless()


def by_row_version(ask: Callable[[int], Sequence[Row]], after: int = 0) -> Iterator[Row]:
    """Yield rows of a list that tells no versions but those of its rows, which must be asked for in ascending order.

    Raises:
        Refused: The list does not move on, or is in another order.
    """
    for _ in range(MOST_PAGES):
        page = ask(after)
        if not page:
            return
        versions = [int(row["version"]) for row in page]
        if versions != sorted(versions):
            raise _endless()
        yield from page
        after = _later(versions[-1], after)
    raise _endless()


def _later(newest: int | None, after: int) -> int:
    if newest is None or newest <= after:
        raise _endless()
    return newest


def _endless() -> Refused:
    return Refused(
        "Lightspeed shows the same part of a list again and again, or a list without an end. Nothing was changed. Run "
        "again later; if it stays so, tell Lightspeed's support."
    )

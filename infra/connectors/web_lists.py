"""Lists of a web shop, page by page, whichever list it is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count

from schemas.orders.pages import PER_PAGE, Answered
from schemas.problems import Refused

__all__ = ["PER_PAGE", "Page", "every_page", "expect_another"]

_STUCK = (
    "The web shop shows the same part of a list, whichever is asked for: something before it, such as a cache, leaves "
    "out what stands behind the ? of an address. Whoever runs its server lets addresses through to /wp-json/ whole, "
    "and keeps no answers there; then run again. Nothing was changed."
)


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a list. ``total`` is how long the list is, None where the shop did not say or it is past the end."""

    content: bytes = field(repr=False)
    items: tuple[Answered, ...] = field(repr=False)
    total: int | None

    @property
    def ids(self) -> tuple[str, ...]:
        """What stands on it, in order."""
        return tuple(str(item["id"]) for item in self.items)


def every_page(ask: Callable[[int], Page]) -> Iterator[Page]:
    """Yield the pages of a list up to its last, which the total tells; where it is not told, up to an empty one.

    Raises:
        Refused: The list would never end.
    """
    total: int | None = None
    before: tuple[str, ...] = ()
    for number in count(1):
        page = ask(number)
        expect_another(before, page.ids)
        yield page
        before = page.ids
        total = total if page.total is None else page.total
        if not page.items if total is None else number * PER_PAGE >= total:
            return


def expect_another(before: tuple[str, ...], now: tuple[str, ...]) -> None:
    """Expect other ids *now* than stood on the page *before*: a list that only moves never shows all of them again.

    Raises:
        Refused: They are the same.
    """
    if now and now == before:
        raise Refused(_STUCK)

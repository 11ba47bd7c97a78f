"""Which rows of a preview somebody chose to have carried out: ticked, named by their lines, or the first of them."""

from collections.abc import Iterator, Sequence

import polars as pl

from desk.texts import _
from schemas.problems import Refused
from tasks.core.planning.chosen_lines import is_chosen

MOST_CHARACTERS = 20_000
"""A parameter of a run is not meant to hold more."""


def lines_chosen(changing: Sequence[int], *, ticked: Sequence[int], named: str, first: int) -> str:
    """Return the lines that were chosen of those that change something (*changing*, ascending), as runs are told them.

    The *first* so many reach from the lowest line to that of the last of them, whatever stands between.

    Raises:
        Refused: None was, or more than can be named one by one.
        FileNeedsFixing: What was *named* names no lines.
    """
    if first > 0 and changing:
        begins, ends = changing[0], changing[min(first, len(changing)) - 1]
    else:
        begins, ends = 0, 0
    lines = pl.DataFrame({"line": pl.Series(changing, dtype=pl.Int64)})
    chosen = set(lines.filter(is_chosen(named))["line"]) if named.strip() else set()
    others = sorted(line for line in chosen | (set(ticked) & set(changing)) if not begins <= line <= ends)
    text = ", ".join([*([_span(begins, ends)] if ends else []), *_spans(others)])
    if not text:
        raise Refused(_("No row that changes something was chosen. Tick some, name lines, or say how many first."))
    if len(text) > MOST_CHARACTERS:
        raise Refused(_("These are too many single lines for one run. Name ranges, or say how many first."))
    return text


def _spans(lines: Sequence[int]) -> Iterator[str]:
    """Write runs of neighbours as ``5-9``: no line between that was not chosen is named with them."""
    first = last = 0
    for line in lines:
        if first and line != last + 1:
            yield _span(first, last)
            first = line
        first, last = first or line, line
    if first:
        yield _span(first, last)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"

"""Which quotes of a CSV text enclose a cell, and which are letters.

They enclose only in pairs that begin and end a cell; any other quote is a letter like others.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from schemas.problems import FileNeedsFixing
from tasks.core.reading.positions import CR, LF, QUOTE, Flags, Positions, find_bytes


@dataclass(frozen=True, kw_only=True)
class Quotes:
    """``toggles``: the quotes that open and close a cell, in turn (doubled ones may be among them)."""

    toggles: Positions
    letters: Positions


def is_inside(toggles: Positions, at: Positions) -> Flags:
    """Say which positions stand between an opening and its closing quote."""
    if not toggles.size:
        return np.zeros(len(at), np.bool_)
    inside: Flags = np.searchsorted(toggles, at) % 2 == 1
    return inside


def find_quotes(text: bytes, separator: str, breaks: Positions, *, name: str) -> Quotes:
    """Tell quotes that open or close a cell from those that are letters.

    Raises:
        FileNeedsFixing: A quote is not closed.
    """
    at = find_bytes(text, QUOTE)
    if not at.size:
        return Quotes(toggles=at, letters=at)
    edges = (ord(separator), LF, CR)
    array = np.frombuffer(text, np.uint8)
    opens = np.isin(array[np.maximum(at - 1, 0)], edges) | (at == 0)
    closes = np.isin(array[np.minimum(at + 1, len(text) - 1)], edges) | (at == len(text) - 1)
    if not opens.any():
        return Quotes(toggles=at[:0], letters=at)
    letters = at[:0]
    if not pairs_up(at, opens, closes):
        at, closes, letters = walk(at, opens, closes, np.searchsorted(breaks, at))
    refuse_unclosed(at, closes, breaks, name=name)
    return Quotes(toggles=at, letters=letters)


def pairs_up(at: Positions, opens: Flags, closes: Flags) -> bool:
    """Say whether every quote in turn opens and closes at the edge of a cell, or is one of a doubled pair."""
    twins = np.diff(at) == 1
    after_twin, before_twin = np.append(False, twins), np.append(twins, False)
    return bool((opens | after_twin)[::2].all() and (closes | before_twin)[1::2].all())


def walk(at: Positions, opens: Flags, closes: Flags, lines: Positions) -> tuple[Positions, Flags, Positions]:
    """Go through the quotes one by one, the slow and exact way; return toggles, their closes, and letters.

    A quote that opens a cell but has no partner at its end is a letter too, unless it runs on
    over other lines: those toggles are kept, to be refused.
    """
    twins, closing, rows = np.diff(at, append=-1) == 1, closes.tolist(), lines.tolist()
    twin = twins.tolist()
    pairs: list[tuple[int, int]] = []
    done = -1
    for opening in np.flatnonzero(opens).tolist():
        if opening <= done:
            continue
        close = closing_of(opening, twin)
        if close == len(twin) or closing[close] or rows[close] > rows[opening]:
            pairs.append((opening, close))
            done = close
    toggles = np.array(pairs, np.int64).reshape(-1)
    change = np.zeros(len(at) + 2, np.int64)
    change[toggles[::2]] += 1
    change[toggles[1::2] + 1] -= 1
    letters = at[np.cumsum(change)[: len(at)] == 0]
    toggles = toggles[toggles < len(at)]
    return at[toggles], closes[toggles], letters


def closing_of(opening: int, twin: Sequence[bool]) -> int:
    """Return which quote closes the cell that one opens: the next that is not doubled.

    *twin* says of each quote whether the next stands right behind it.
    """
    i = opening + 1
    while i < len(twin) and twin[i]:
        i += 2
    return i


def refuse_unclosed(toggles: Positions, closes: Flags, breaks: Positions, *, name: str) -> None:
    """Turn away a text in which a quote runs on over the rows below it.

    That is so where the last one is never closed, or where one is closed on another line in the
    midst of a cell: then the quote that closed it was meant to open the next.

    Raises:
        FileNeedsFixing: Naming the line of the quote.
    """
    lines = np.searchsorted(breaks, toggles) + 1
    count = len(toggles) // 2
    twins = np.append(np.diff(toggles) == 1, False)
    runs_on = (lines[1::2] > lines[0::2][:count]) & ~(closes | twins)[1::2]
    if runs_on.any() or len(toggles) % 2:
        line = int(lines[0::2][:count][runs_on][0] if runs_on.any() else lines[-1])
        raise FileNeedsFixing(
            f"{name}, line {line}: a quote opens a cell there and is not closed, so it would swallow the rows below. "
            "Close it, or write it twice if it belongs to the text, and run again."
        )

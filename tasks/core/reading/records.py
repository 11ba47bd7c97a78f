"""UTF-8 text -> records: where each begins and ends, on which line, and with how many cells.

Only positions, found with numpy over the bytes; reading the cells is left to polars.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from schemas.problems import FileNeedsFixing
from tasks.core.reading.positions import CHUNK, CR, LF, Flags, Positions, find_bytes
from tasks.core.reading.quotes import Quotes, find_quotes, is_inside
from tasks.core.reading.sizes import Sizes, too_long

MOST_LINES = 50_000_000
MOST_QUOTES = 200_000_000
"""Eight bytes for each position: beyond these a small file of newlines would take all memory."""
MOST_CELLS = 10_000
"""Of one record that are ever looked at one by one."""


@dataclass(frozen=True, kw_only=True)
class Breaks:
    """Line breaks, also those inside quotes. ``at``: the last byte of each; ``crlf`` and ``lone_cr`` flag them."""

    at: Positions
    crlf: Flags | np.bool_
    lone_cr: Flags | np.bool_


@dataclass(frozen=True, kw_only=True)
class Records:
    """All records of a text, titles and headings too. ``text[starts[i]:ends[i]]`` has no newline.

    ``lines``: the line, from 1, on which a record starts. ``lone_crs``: where a record ends in a
    lone CR. ``uneven`` counts records that end in a lone CR, or otherwise than most.
    """

    text: bytes
    starts: Positions
    ends: Positions
    lines: Positions
    quotes: Quotes
    lone_crs: Positions
    newline: str
    uneven: int


def split_records(text: bytes, separator: str, *, name: str) -> Records:
    """Find the records of a text.

    Raises:
        FileNeedsFixing: A quote is not closed, or there are too many lines to hold.
    """
    refuse_too_many(text, name=name)
    breaks = find_breaks(text)
    quotes = find_quotes(text, separator, breaks.at, name=name)
    outside = ~is_inside(quotes.toggles, breaks.at)
    crlf, lone_cr = breaks.crlf & outside, breaks.lone_cr & outside
    lasts = breaks.at[outside]
    starts = np.concatenate(([0], lasts + 1))
    ends = np.concatenate((lasts - crlf[outside], [len(text)]))
    lines = np.concatenate(([1], np.flatnonzero(outside) + 2))
    count = len(starts) - int(starts[-1] == len(text))
    newline, uneven = judge_newlines(len(lasts), int(crlf.sum()), int(lone_cr.sum()))
    return Records(
        text=text,
        starts=starts[:count],
        ends=ends[:count],
        lines=lines[:count],
        quotes=quotes,
        lone_crs=breaks.at[lone_cr],
        newline=newline,
        uneven=uneven,
    )


def refuse_too_many(text: bytes, *, name: str) -> None:
    """Turn away what would take all memory although its bytes are few enough.

    Raises:
        FileNeedsFixing: There are too many lines or quotes.
    """
    if len(text) <= 2 * MOST_LINES:
        return
    if text.count(b"\n") + text.count(b"\r") > 2 * MOST_LINES or text.count(b'"') > MOST_QUOTES:
        raise FileNeedsFixing(f"{name} has more than {MOST_LINES:,} lines. Split it, with the headings in each part.")


def find_breaks(text: bytes) -> Breaks:
    """Find LF, CRLF and lone CR."""
    feeds = find_bytes(text, LF)
    returns = find_bytes(text, CR)
    if not returns.size:
        none = np.zeros(len(feeds), np.bool_)
        return Breaks(at=feeds, crlf=none, lone_cr=none)
    array = np.frombuffer(text, np.uint8)
    lone = returns[array[np.minimum(returns + 1, len(text) - 1)] != LF]
    at = np.sort(np.concatenate((feeds, lone)))
    crlf = (array[at] == LF) & (array[np.maximum(at - 1, 0)] == CR)
    return Breaks(at=at, crlf=crlf, lone_cr=array[at] == CR)


def judge_newlines(total: int, crlf: int, lone_cr: int) -> tuple[str, int]:
    """Return the newline most records have, and how many others or lone CRs there are."""
    counts = {"\n": total - crlf - lone_cr, "\r\n": crlf, "\r": lone_cr}
    newline = max(counts, key=lambda kind: counts[kind])
    return newline, total - counts[newline] + (lone_cr if newline == "\r" else 0)


def count_cells(records: Records, separator: str) -> Positions:
    """Return the number of cells of each record."""
    edges, toggles = np.append(records.starts, len(records.text)), records.quotes.toggles
    before_edges, before_toggles = count_before(records.text, separator, edges, toggles)
    counted = np.diff(before_edges) + 1
    enclosed = before_toggles[1::2] - before_toggles[::2]
    quoted = np.flatnonzero(enclosed)
    np.subtract.at(counted, np.searchsorted(records.starts, toggles[::2][quoted], side="right") - 1, enclosed[quoted])
    return counted


def count_before(text: bytes, separator: str, *places: Positions) -> list[Positions]:
    """Count the separators before each place, quoted ones too; each of *places* ascends."""
    counts = [np.empty(len(each), np.int64) for each in places]
    array, code = np.frombuffer(text, np.uint8), ord(separator)
    done, counted = [0] * len(places), 0
    for at in range(0, len(text) + 1, CHUNK):
        found = np.flatnonzero(array[at : at + CHUNK] == code) + at
        for number, (each, count) in enumerate(zip(places, counts, strict=True)):
            last = int(np.searchsorted(each, at + CHUNK))
            count[done[number] : last] = np.searchsorted(found, each[done[number] : last]) + counted
            done[number] = last
        counted += len(found)
    return counts


def cell_edges(records: Records, record: int, separator: str) -> Positions:
    """Return where the cells of one record end, before them where it begins, less one: cells lie between edges."""
    start, end = int(records.starts[record]), int(records.ends[record])
    at = find_bytes(records.text[start:end], ord(separator)) + start
    return np.concatenate(([start - 1], at[~is_inside(records.quotes.toggles, at)], [end]))


def cells_of(records: Records, record: int, separator: str, most: int = MOST_CELLS) -> list[str]:
    """Read the cells of one record, and no more than *most*: a record may have millions of them."""
    edges = cell_edges(records, record, separator)[: most + 1].tolist()
    return [read_cell(records, before + 1, after) for before, after in pairwise(edges)]


def read_cell(records: Records, start: int, end: int) -> str:
    """Read one cell; quotes that enclose it do not belong to it."""
    toggles = records.quotes.toggles
    at = int(np.searchsorted(toggles, start))
    enclosed = at < len(toggles) and toggles[at] == start
    text = records.text[start:end].decode()
    return text[1:-1].replace('""', '"') if enclosed else text


def refuse_long_cells(records: Records, separator: str, *, name: str, sizes: Sizes) -> None:
    """Turn away a text with a cell that no spreadsheet could hold.

    Raises:
        FileNeedsFixing: Naming the line on which the cell's record starts.
    """
    longest = sizes.max_cell_chars
    for i in np.flatnonzero(records.ends - records.starts > longest):
        edges = cell_edges(records, int(i), separator)
        for cell in np.flatnonzero(np.diff(edges) - 1 > longest):
            text = records.text[int(edges[cell]) + 1 : int(edges[cell + 1])]
            if len(text) > 4 * longest or len(text.decode()) > longest:
                raise too_long(name, int(records.lines[i]), sizes)

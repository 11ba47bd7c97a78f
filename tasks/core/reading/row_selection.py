"""Which records of a CSV file are rows: not the blank ones, nor the total line, nor those of a wrong width."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import polars as pl

from schemas.domain import Dialect
from schemas.tables import FINDINGS_SCHEMA, Originals, TotalLine
from tasks.core.reading.headings import Headings
from tasks.core.reading.positions import QUOTE, Flags, Positions, find_bytes
from tasks.core.reading.raw_rows import wanted_columns
from tasks.core.reading.records import Records, cell_edges, cells_of, count_cells
from tasks.core.reading.total_lines import SEARCHED_ROWS, find_total

SHOWN_CHARS = 80
TOGETHER = 64
"""Bytes of all records that are looked at together; what is longer is looked at record by record."""
BLANKS = " \t\v\f\u00a0\u202f\u200b\u200c\u200d\u2060\ufeff"
HOLLOW = f'{BLANKS}"\r\n'.encode() + bytes(range(0x80, 0xC0))
"""Every byte that a blank record may have, with all that continue a character."""


@dataclass(frozen=True, kw_only=True)
class SelectedRows:
    """``rows``: the records that are rows, by number. ``usable`` are those of them whose cells can be told apart."""

    rows: Positions
    usable: Positions
    findings: pl.DataFrame
    repairs: dict[str, int]
    total_line: TotalLine | None


def select_rows(records: Records, separator: str, headings: Headings, dialect: Dialect) -> SelectedRows:
    """Sort the records below the heading row."""
    below = np.arange(np.searchsorted(records.lines, headings.line, side="right"), len(records.starts))
    blank = find_blank(records, below, separator)
    filled = below[~blank]
    total = total_record(records, filled[-SEARCHED_ROWS:], separator, headings, dialect)
    rows = filled if total is None else filled[filled != total]
    widths = count_cells(records, separator)[rows]
    padding = find_padding(records, rows, widths, separator, len(headings.texts))
    ragged = (widths > len(headings.texts)) & ~padding | (widths <= max(wanted_columns(headings).values()))
    trailing = len(below) - int(np.flatnonzero(~blank)[-1]) - 1 if filled.size else len(below)
    return SelectedRows(
        rows=rows,
        usable=rows[~ragged],
        findings=width_findings(records, rows[ragged], widths[ragged], len(headings.texts)),
        repairs={
            "FILE_BLANK_ROW": int(blank.sum()) - trailing,
            "FILE_TRAILING_BLANK": trailing,
            "FILE_ROW_PADDING": int(padding.sum()),
        },
        total_line=None if total is None else set_aside(records, total, separator),
    )


def find_blank(records: Records, below: Positions, separator: str) -> Flags:
    """Flag the records that hold nothing but separators, blanks and empty quotes."""
    array = np.frombuffer(records.text, np.uint8)
    plain, hollow = byte_table(f"{separator} \t".encode()), byte_table(HOLLOW + separator.encode())
    at, ends = records.starts[below], records.ends[below]
    blank: Flags = at == ends
    unsure = np.zeros(len(below), np.bool_)
    maybe = np.flatnonzero(~blank)
    for _ in range(TOGETHER):  # one byte of every record that is hollow so far
        byte = array[at[maybe]]
        unsure[maybe] |= ~plain[byte]
        maybe = maybe[hollow[byte]]
        at[maybe] += 1
        blank[maybe] = at[maybe] == ends[maybe]
        maybe = maybe[~blank[maybe]]
    blank[maybe] = [is_hollow(records, int(below[i]), separator) for i in maybe]
    unsure[maybe] = True
    doubtful = np.flatnonzero(blank & unsure)
    blank[doubtful] = [is_blank(records, int(below[i]), separator) for i in doubtful]
    return blank


def byte_table(members: bytes) -> Flags:
    """Return a table that says of each byte whether it is a member."""
    table = np.zeros(256, np.bool_)
    table[list(members)] = True
    return table


def is_hollow(records: Records, record: int, separator: str) -> bool:
    """Say whether a record has no byte but those that a blank one may have."""
    text = records.text[int(records.starts[record]) : int(records.ends[record])]
    return not text.translate(None, HOLLOW + separator.encode())


def is_blank(records: Records, record: int, separator: str) -> bool:
    """Look at one record that may be blank."""
    start, end = int(records.starts[record]), int(records.ends[record])
    text = records.text[start:end]
    if text.decode().strip(BLANKS + "\r\n" + separator + '"'):
        return False
    return b'"' not in text or not has_letters(records, record, separator)


def has_letters(records: Records, record: int, separator: str) -> bool:
    """Say whether a record of separators, blanks and quotes has one of them as a letter: doubled, alone or enclosed."""
    edges = cell_edges(records, record, separator)
    text = records.text[int(edges[0]) + 1 : int(edges[-1])]
    quotes = find_bytes(text, QUOTE) + int(edges[0]) + 1
    a_cell = np.diff(np.searchsorted(quotes, edges))
    enclosed = text.count(separator.encode()) != len(edges) - 2
    letters = records.quotes.letters
    first, last = np.searchsorted(letters, (edges[0], edges[-1]))
    return bool(enclosed or last > first or not np.isin(a_cell, (0, 2)).all())


def find_padding(records: Records, rows: Positions, widths: Positions, separator: str, width: int) -> Flags:
    """Flag the rows that are too wide only by empty cells at their end (``a,1.00,,``)."""
    array = np.frombuffer(records.text, np.uint8)
    surplus = widths - width
    wide = np.flatnonzero(surplus > 0)
    at = records.ends[rows[wide]] - 1
    padding = np.zeros(len(rows), np.bool_)
    for _ in range(TOGETHER):
        byte = array[at]
        surplus[wide] -= byte == ord(separator)
        padding[wide[surplus[wide] == 0]] = True
        going = np.isin(byte, (ord(separator), ord(" "), ord("\t"))) & (surplus[wide] > 0)
        wide, at = wide[going], at[going] - 1
    for i, last in zip(wide.tolist(), at.tolist(), strict=True):  # the few that are far too wide, each at once
        behind = records.text[int(records.starts[rows[i]]) : last + 1]
        cut = behind[len(behind.rstrip(f"{separator} \t".encode())) :]
        padding[i] = cut.count(separator.encode()) >= surplus[i]
    return padding


def total_record(records: Records, last: Positions, separator: str, headings: Headings, dialect: Dialect) -> int | None:
    """Return the number of the record that is a total line, or None."""
    width = len(headings.texts)
    found = find_total([cells_of(records, int(i), separator, width) for i in last], headings, dialect)
    return None if found is None else int(last[found])


def set_aside(records: Records, record: int, separator: str) -> TotalLine:
    """Keep a total line as text."""
    cells = cells_of(records, record, separator)
    return TotalLine(line=int(records.lines[record]), text=" | ".join(cell.strip() for cell in cells))


def width_findings(records: Records, ragged: Positions, widths: Positions, width: int) -> pl.DataFrame:
    """Return one finding per row that has too few or too many cells."""
    bounds = zip(records.starts[ragged].tolist(), records.ends[ragged].tolist(), strict=True)
    return pl.DataFrame(
        {
            "line": records.lines[ragged],
            "heading": [""] * len(ragged),
            "value": [shown(records.text[start : min(end, start + 4 * SHOWN_CHARS)]) for start, end in bounds],
            "code": ["FILE_ROW_WIDTH"] * len(ragged),
            "detail": [
                f"{count} {'cell' if count == 1 else 'cells'} where the headings have {width}"
                for count in widths.tolist()
            ],
        },
        schema=FINDINGS_SCHEMA,
    )


def shown(text: bytes) -> str:
    """Cut a row to what a report shows; a character cut in two is dropped."""
    return text.decode(errors="ignore")[:SHOWN_CHARS]


def originals_of(records: Records, rows: Positions) -> Originals:
    """Point at the original text of every row."""
    lines, starts, ends = (cast(Sequence[int], part[rows]) for part in (records.lines, records.starts, records.ends))
    return Originals(lines=lines, text=records.text, starts=starts, ends=ends, records=numbered(records))


def numbered(records: Records) -> Sequence[int]:
    """Return the lines of all records, where a spreadsheet's rows are not the lines."""
    differ = records.lines.size and int(records.lines[-1]) != len(records.lines)
    return cast(Sequence[int], records.lines) if differ else ()

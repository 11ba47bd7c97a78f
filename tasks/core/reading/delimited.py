"""A CSV file -> its rows as text."""

import csv
import io
import re
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from itertools import islice

import numpy as np
import polars as pl

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.tables import FileForm
from tasks.core.reading.encodings import Decoded
from tasks.core.reading.headings import SEARCHED_ROWS, Headings, Row, find_headings, no_headings
from tasks.core.reading.positions import LF, Positions
from tasks.core.reading.raw_rows import RawRows, ReadCells, column_notes
from tasks.core.reading.records import Records, refuse_long_cells, split_records
from tasks.core.reading.row_selection import SelectedRows, originals_of, select_rows
from tasks.core.reading.sizes import Sizes, refuse_too_many_columns, too_long

SEPARATORS = ",;\t|"
HEAD_BYTES = 2**18
UNUSED = "\x1a\x1c\x1d\x1e\x1f\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19"
SKIPPED = b"-\n"
"""Before the first record, from which polars would take a mark (BOM) that belongs to its first cell."""
DECLARATION = re.compile(r'\s*"?sep=(.)"?\s*', re.IGNORECASE)


def read_delimited(decoded: Decoded, *, name: str, dialect: Dialect, sizes: Sizes) -> RawRows:
    """Find the rows of a CSV file.

    Raises:
        FileNeedsFixing: It has no heading row, a quote that is not closed, or cells beyond measure.
    """
    separator, headings = find_form(decoded.text, name=name, dialect=dialect, sizes=sizes)
    records = split_records(decoded.text, separator, name=name)
    refuse_long_cells(records, separator, name=name, sizes=sizes)
    selected = select_rows(records, separator, headings, dialect)
    return RawRows(
        read=reader(records, selected.usable, separator, headings),
        height=len(selected.usable),
        headings=headings,
        form=form_of(decoded, records, separator, headings),
        originals=originals_of(records, selected.rows),
        findings=selected.findings,
        repairs=repairs_of(decoded, records, selected),
        notes=notes_of(decoded, headings),
        total_line=selected.total_line,
    )


def find_form(text: bytes, *, name: str, dialect: Dialect, sizes: Sizes) -> tuple[str, Headings]:
    """Return the separator and the headings: the separator is the one by which the headings come out.

    Raises:
        FileNeedsFixing: No separator yields the headings.
    """
    head = text[:HEAD_BYTES].decode(errors="ignore")
    declared = DECLARATION.fullmatch(head.splitlines()[0]) if head else None
    candidates = declared_separator(declared.group(1), name=name) if declared else SEPARATORS
    tops = {separator: first_rows(head, separator) for separator in candidates}
    found = {separator: find_headings(rows, dialect, name=name) for separator, rows in tops.items()}
    forms = [(separator, headings) for separator, headings in found.items() if headings]
    if not forms:
        raise unknown_form(head, [row for rows in tops.values() for row in rows], name, dialect, sizes)
    separator, headings = max(forms, key=lambda form: len(form[1].texts))
    refuse_too_many_columns(len(headings.texts), name=name, line=headings.line, sizes=sizes)
    return separator, headings


def declared_separator(mark: str, *, name: str) -> str:
    """Return the separator that a file declares, if it is one that can be.

    Raises:
        FileNeedsFixing: It is a mark that stands in numbers, words or quotes: what it parts nobody can tell.
    """
    if mark not in SEPARATORS:
        raise FileNeedsFixing(
            f"{name}, line 1: it declares {mark!r} as what stands between cells. That can be a comma, a semicolon, "
            "a tab or a bar. Save the file with one of them and run again.",
            code="FILE_DELIMITER",
        )
    return mark


def first_rows(head: str, separator: str) -> list[Row]:
    """Read the rows among which the headings must be."""
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=separator)
    rows: list[Row] = []
    line = 1
    with suppress(csv.Error):  # a cell that is far too long; what follows it is not among the first rows
        for cells in islice(reader, SEARCHED_ROWS):
            rows.append(Row(line=line, cells=cells))
            line = reader.line_num + 1
    return rows


def unknown_form(head: str, rows: list[Row], name: str, dialect: Dialect, sizes: Sizes) -> FileNeedsFixing:
    """Make the error for a file without headings; one without lines is no table at all."""
    lines = head.splitlines()
    endless = next((at for at, line in enumerate(lines, 1) if len(line) > sizes.max_cell_chars), None)
    return no_headings(rows, dialect, name=name) if endless is None else too_long(name, endless, sizes)


def reader(records: Records, usable: Positions, separator: str, headings: Headings) -> ReadCells:
    """Return what reads cells of the usable records, of all or some at a time."""
    return partial(parse, records, stand_in_for_quotes(records), usable, separator, len(headings.texts))


def parse(
    records: Records,
    stand_in: str,
    usable: Positions,
    separator: str,
    width: int,
    wanted: Mapping[str, int],
    rows: slice,
) -> pl.DataFrame:
    """Read the *wanted* cells of some *rows* of the usable records, as text (``00123`` and ``NA`` are what they are).

    Rows that are too short end in empty cells, rows that are too long lose their last ones:
    sifting let pass only those where nothing is lost by it.
    """
    some = usable[rows]
    names = [str(at) for at in range(width)]
    frame = pl.read_csv(
        joined(records, some, stand_in),
        has_header=False,
        skip_rows=1,
        separator=separator,
        quote_char='"' if records.quotes.toggles.size else None,
        schema=dict.fromkeys(names, pl.String),
        columns=sorted(wanted.values()),
        empty_string_is_null=False,
        extra_columns="ignore",
        missing_columns="insert",
        raise_if_empty=False,
    )
    if frame.height != len(some):
        raise RuntimeError(f"polars found {frame.height} rows where there are {len(some)}")
    lines = pl.Series("line", records.lines[some].astype(np.uint32))
    cells = [frame[names[at]].fill_null("").alias(column) for column, at in wanted.items()]
    if stand_in:
        cells = [cell.str.replace_all(stand_in, '"', literal=True) for cell in cells]
    return pl.DataFrame([lines, *cells])


def stand_in_for_quotes(records: Records) -> str:
    """Return a character that takes the place of quotes that are letters while polars reads, if one is needed.

    polars would take them for quotes that enclose, once there are others that do.
    """
    if not records.quotes.letters.size or not records.quotes.toggles.size:
        return ""
    return next(mark for mark in UNUSED if mark.encode() not in records.text)


def joined(records: Records, usable: Positions, stand_in: str) -> bytes:
    """Return the usable records as one text that polars reads; runs of neighbours are taken as they stand."""
    firsts, lasts = runs_of(usable)
    count = len(records.starts)
    after = np.where(lasts + 1 < count, records.starts[np.minimum(lasts + 1, count - 1)], len(records.text))
    runs = zip(records.starts[firsts].tolist(), after.tolist(), strict=True)
    return b"".join((SKIPPED, *(for_polars(records, start, end, stand_in) for start, end in runs)))


def runs_of(numbers: Positions) -> tuple[Positions, Positions]:
    """Return the first and the last of each run of neighbours in ascending numbers."""
    gaps = np.flatnonzero(np.diff(numbers) != 1)
    edges = np.concatenate(([-1], gaps, [len(numbers) - 1])) if numbers.size else np.array([-1])
    return numbers[edges[:-1] + 1], numbers[edges[1:]]


def for_polars(records: Records, start: int, end: int, stand_in: str) -> bytes | memoryview:
    """Return a piece of the text with LF where a record ends in a lone CR, and without quotes that are letters."""
    text = memoryview(records.text)[start:end]
    if not records.lone_crs.size and not stand_in:
        return text
    array = np.frombuffer(text, np.uint8).copy()
    array[between(records.lone_crs, start, end) - start] = LF
    if stand_in:
        array[between(records.quotes.letters, start, end) - start] = ord(stand_in)
    return array.tobytes()


def between(places: Positions, start: int, end: int) -> Positions:
    """Return those of ascending *places* that lie in a piece."""
    return places[np.searchsorted(places, start) : np.searchsorted(places, end)]


def form_of(decoded: Decoded, records: Records, separator: str, headings: Headings) -> FileForm:
    """Note how the file is written, so that its rejects can be written the same way."""
    return FileForm(
        kind="csv",
        headings=headings.texts,
        encoding=decoded.encoding,
        bom=decoded.bom,
        separator=separator,
        newline=records.newline,
        language=headings.language,
        preamble_lines=headings.line - 1,
    )


def repairs_of(decoded: Decoded, records: Records, selected: SelectedRows) -> dict[str, int]:
    """Count what was put right about the file as a whole."""
    return {"FILE_BOM": int(decoded.bom), "FILE_NEWLINE": records.uneven, **selected.repairs}


def notes_of(decoded: Decoded, headings: Headings) -> tuple[str, ...]:
    """Say what a person might wonder about later."""
    notes = []
    if not decoded.bom and decoded.encoding != "utf-8":
        notes.append(f"read as {decoded.encoding}: the file is neither marked nor UTF-8 (FILE_ENCODING)")
    if headings.line > 1:
        notes.append(f"the headings stand on line {headings.line}; what is above them was skipped")
    return (*notes, *column_notes(headings))

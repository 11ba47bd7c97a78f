"""A workbook (xlsx, ods) -> its rows as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from schemas.domain import Dialect
from schemas.tables import FINDINGS_SCHEMA, Concern, FileForm, Originals, TotalLine
from tasks.core.reading.headings import Headings
from tasks.core.reading.packages import WorkbookKind, workbook_kind
from tasks.core.reading.raw_rows import RawRows, all_columns, column_notes, span
from tasks.core.reading.sheets import FoundSheet, find_sheet
from tasks.core.reading.sizes import Sizes, refuse_too_many_columns, too_long
from tasks.core.reading.total_lines import SEARCHED_ROWS, find_total
from tasks.core.reading.workbook_cells import Cell, column_text, count_numbers, find_changed, to_text


@dataclass(frozen=True, kw_only=True)
class Grid:
    """The filled rows below the headings, each cut to the headings, with their numbers in the sheet."""

    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]
    total_line: TotalLine | None
    repairs: dict[str, int]


def read_workbook(content: bytes, *, name: str, dialect: Dialect, sizes: Sizes) -> RawRows:
    """Find the rows of a workbook.

    Raises:
        FileNeedsFixing: It cannot be opened, or not exactly one visible sheet has the headings.
    """
    kind = workbook_kind(content, name=name, sizes=sizes)
    sheet = find_sheet(content, kind, name=name, dialect=dialect)
    headings = sheet.headings
    refuse_too_many_columns(len(headings.texts), name=name, line=headings.line, sizes=sizes)
    grid = grid_of(sheet, dialect)
    columns = [[row[at] for row in grid.rows] for at in range(len(headings.texts))]
    texts = [column_text(column) for column in columns]
    refuse_long_cells(texts, grid.lines, name=name, sizes=sizes)
    findings = changed_cells(columns, grid.lines, headings, dialect)
    cells = cells_of(texts, grid.lines, headings).join(findings, on="line", how="anti", maintain_order="left")
    return RawRows(
        read=partial(pick_cells, cells),
        height=cells.height,
        headings=headings,
        form=form_of(kind, sheet),
        originals=Originals(lines=grid.lines, rows=list(zip(*texts, strict=True))),
        findings=findings,
        repairs=grid.repairs,
        notes=(*sheet.notes, *column_notes(headings), *number_notes(columns, headings)),
        concerns=hidden_rows_concern(sheet, grid.lines),
        total_line=grid.total_line,
    )


def grid_of(sheet: FoundSheet, dialect: Dialect) -> Grid:
    """Sort the rows below the headings: blank ones, a total line, and the rest."""
    first, width = sheet.headings.line, len(sheet.headings.texts)
    below = [row[:width] for row in sheet.rows[first:]]
    filled = [at for at, row in enumerate(below) if is_filled(row)]
    last = filled[-SEARCHED_ROWS:]
    total = find_total([[to_text(cell) for cell in below[at]] for at in last], sheet.headings, dialect)
    kept = [at for at in filled if total is None or at != last[total]]
    trailing = len(below) - (filled[-1] + 1 if filled else 0)
    return Grid(
        rows=[below[at] for at in kept],
        lines=[first + at + 1 for at in kept],
        total_line=None if total is None else set_aside(below[last[total]], first + last[total] + 1),
        repairs={"FILE_BLANK_ROW": len(below) - len(filled) - trailing, "FILE_TRAILING_BLANK": trailing},
    )


def is_filled(row: Sequence[Cell]) -> bool:
    """Say whether a row holds anything but blanks."""
    return any(not isinstance(cell, str) or cell.strip() for cell in row)


def set_aside(row: Sequence[Cell], line: int) -> TotalLine:
    """Keep a total line as text."""
    return TotalLine(line=line, text=" | ".join(to_text(cell).strip() for cell in row))


def refuse_long_cells(texts: Sequence[Sequence[str]], lines: Sequence[int], *, name: str, sizes: Sizes) -> None:
    """Turn away a workbook with a cell that no spreadsheet could hold.

    Raises:
        FileNeedsFixing: Naming its row.
    """
    for column in texts:
        if max(map(len, column), default=0) > sizes.max_cell_chars:
            at = next(at for at, text in enumerate(column) if len(text) > sizes.max_cell_chars)
            raise too_long(name, lines[at], sizes)


def cells_of(texts: Sequence[Sequence[str]], lines: Sequence[int], headings: Headings) -> pl.DataFrame:
    """Return the columns that are read as a frame."""
    columns = {column: pl.Series(texts[at], dtype=pl.String) for column, at in all_columns(headings).items()}
    return pl.DataFrame({"line": pl.Series(lines, dtype=pl.UInt32), **columns})


def pick_cells(cells: pl.DataFrame, wanted: Mapping[str, int], rows: slice) -> pl.DataFrame:
    """Return some rows and columns: a workbook can only be opened as a whole."""
    return cells[rows].select("line", *wanted)


def changed_cells(
    columns: Sequence[Sequence[Cell]], lines: Sequence[int], headings: Headings, dialect: Dialect
) -> pl.DataFrame:
    """Return one finding per cell of a dialect column that is no longer what was typed."""
    dates = {column.name for column in dialect.columns if column.dates}
    found = [
        find_changed(columns[at], lines, headings.texts[at].strip(), dates=name in dates)
        for name, at in headings.columns.items()
    ]
    return pl.concat([pl.DataFrame(schema=FINDINGS_SCHEMA), *found])


def form_of(kind: WorkbookKind, sheet: FoundSheet) -> FileForm:
    """Note how the workbook is laid out, so that its rejects can be laid out the same way."""
    return FileForm(
        kind=kind,
        headings=sheet.headings.texts,
        separator="",
        newline="",
        language=sheet.headings.language,
        sheet=sheet.title,
        preamble_lines=sheet.headings.line - 1,
    )


def number_notes(columns: Sequence[Sequence[Cell]], headings: Headings) -> tuple[str, ...]:
    """Say which columns hold spreadsheet numbers: they are written with a decimal point, whatever was shown."""
    counts = {headings.texts[at].strip(): count_numbers(columns[at]) for at in headings.columns.values()}
    return tuple(
        f"{heading}: {count} of {len(columns[0])} cells are spreadsheet numbers, read with a decimal point"
        for heading, count in counts.items()
        if count
    )


def hidden_rows_concern(sheet: FoundSheet, lines: Sequence[int]) -> tuple[Concern, ...]:
    """Warn that rows were read which nobody sees in the sheet."""
    hidden = sorted(set(sheet.hidden) & set(lines)) if sheet.hidden else []
    if not hidden:
        return ()
    rows = f"row {hidden[0]} is" if len(hidden) == 1 else f"rows {span(hidden)} are"
    read = "was read" if len(hidden) == 1 else "were read"
    return (Concern(code="FILE_HIDDEN_ROWS", says=f"{rows} hidden in the sheet {sheet.title!r} and {read}"),)

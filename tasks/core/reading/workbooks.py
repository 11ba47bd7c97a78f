"""A workbook (xlsx, ods) -> its rows as text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from schemas.domain import Dialect
from schemas.tables import FINDINGS_SCHEMA, Concern, FileForm, Originals, TotalLine
from tasks.core.reading.headings import Headings
from tasks.core.reading.packages import WorkbookKind, workbook_kind
from tasks.core.reading.raw_rows import RawRows, all_columns, column_notes, span
from tasks.core.reading.sheet_rows import SheetRow
from tasks.core.reading.sheets import FoundSheet, find_sheet
from tasks.core.reading.sizes import Sizes, refuse_too_many_columns, too_long
from tasks.core.reading.total_lines import SEARCHED_ROWS, find_total
from tasks.core.reading.workbook_cells import Cell, ColumnRead, Holds, is_number, read_column, to_text


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
    columns = read_columns(grid, headings, dialect)
    refuse_long_cells([column.originals for column in columns], grid.lines, name=name, sizes=sizes)
    findings = changed_cells(columns)
    cells = cells_of(columns, grid.lines, headings).join(findings, on="line", how="anti", maintain_order="left")
    known = {name: columns[at] for name, at in headings.columns.items()}
    return RawRows(
        read=partial(pick_cells, cells),
        height=cells.height,
        headings=headings,
        form=form_of(kind, sheet),
        originals=Originals(lines=grid.lines, rows=list(zip(*(column.originals for column in columns), strict=True))),
        findings=findings,
        repairs={**grid.repairs, "CELL_AS_SHOWN": sum(column.as_shown for column in columns)},
        notes=(*sheet.notes, *column_notes(headings), *number_notes(grid, headings)),
        concerns=(*row_concerns(sheet, grid.lines), *rounded_concerns(known, headings)),
        total_line=grid.total_line,
        numbers={name: pl.Series(column.numbers, dtype=pl.UInt32) for name, column in known.items() if column.numbers},
        units={name: units_of(column) for name, column in known.items() if column.units},
    )


def grid_of(sheet: FoundSheet, dialect: Dialect) -> Grid:
    """Sort the rows below the headings: blank ones, a total line, and the rest."""
    first, width = sheet.headings.line, len(sheet.headings.texts)
    below = [row for row in sheet.rows if row.line > first]
    filled = [(row.line, as_wide(row, width)) for row in below if is_filled(row.cells[:width])]
    last = filled[-SEARCHED_ROWS:]
    total = find_total([[to_text(cell) for cell in cells] for _, cells in last], sheet.headings, dialect)
    stated = None if total is None else last[total]
    kept = [row for row in filled if row is not stated]
    lowest = filled[-1][0] if filled else first
    trailing = below[-1].line - lowest if below else 0
    return Grid(
        rows=[cells for _, cells in kept],
        lines=[line for line, _ in kept],
        total_line=None if stated is None else set_aside(stated[1], stated[0]),
        repairs={"FILE_BLANK_ROW": lowest - first - len(filled), "FILE_TRAILING_BLANK": trailing},
    )


def as_wide(row: SheetRow, width: int) -> Sequence[Cell]:
    """Cut a row to the headings, or fill it up to them."""
    return row.cells[:width] + [""] * (width - len(row.cells))


def is_filled(row: Sequence[Cell]) -> bool:
    """Say whether a row holds anything but blanks."""
    return any(not isinstance(cell, str) or cell.strip() for cell in row)


def set_aside(row: Sequence[Cell], line: int) -> TotalLine:
    """Keep a total line as text."""
    return TotalLine(line=line, text=" | ".join(to_text(cell).strip() for cell in row))


def read_columns(grid: Grid, headings: Headings, dialect: Dialect) -> list[ColumnRead]:
    """Read all columns, each for what it holds."""
    names = {at: name for name, at in headings.columns.items()}
    passed = set(headings.passed.values())
    holds: dict[str, Holds] = {c.name: "date" if c.dates else c.holds for c in dialect.columns}
    return [
        read_column(
            [row[at] for row in grid.rows],
            grid.lines,
            text.strip(),
            _kind(holds.get(names.get(at, "")), is_read=at in names or at in passed),
        )
        for at, text in enumerate(headings.texts)
    ]


def _kind(holds: Holds | None, *, is_read: bool) -> Holds:
    return holds or ("anything" if is_read else "unread")


def refuse_long_cells(texts: Sequence[Sequence[str]], lines: Sequence[int], *, name: str, sizes: Sizes) -> None:
    """Turn away a workbook with a cell that no spreadsheet could hold.

    Raises:
        FileNeedsFixing: Naming its row.
    """
    for column in texts:
        if max(map(len, column), default=0) > sizes.max_cell_chars:
            at = next(at for at, text in enumerate(column) if len(text) > sizes.max_cell_chars)
            raise too_long(name, lines[at], sizes)


def cells_of(columns: Sequence[ColumnRead], lines: Sequence[int], headings: Headings) -> pl.DataFrame:
    """Return the columns that are read as a frame."""
    wanted = {column: pl.Series(columns[at].texts, dtype=pl.String) for column, at in all_columns(headings).items()}
    return pl.DataFrame({"line": pl.Series(lines, dtype=pl.UInt32), **wanted})


def pick_cells(cells: pl.DataFrame, wanted: Mapping[str, int], rows: slice) -> pl.DataFrame:
    """Return some rows and columns: a workbook can only be opened as a whole."""
    return cells[rows].select("line", *wanted)


def changed_cells(columns: Sequence[ColumnRead]) -> pl.DataFrame:
    """Return one finding per cell of a column that is read and is no longer what was typed."""
    found = [finding for column in columns for finding in column.findings]
    return pl.DataFrame(found, schema=FINDINGS_SCHEMA, orient="row")


def units_of(column: ColumnRead) -> pl.DataFrame:
    """Return with which currency the numbers of a column are shown."""
    return pl.DataFrame(column.units, schema={"line": pl.UInt32, "unit": pl.String}, orient="row")


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


def number_notes(grid: Grid, headings: Headings) -> tuple[str, ...]:
    """Say which columns hold spreadsheet numbers: they are exact, however texts beside them are written."""
    counts = {
        headings.texts[at].strip(): sum(is_number(row[at]) for row in grid.rows) for at in headings.columns.values()
    }
    return tuple(
        f"{heading}: {count} of {len(grid.rows)} cells are spreadsheet numbers, read with a decimal point"
        for heading, count in counts.items()
        if count
    )


def hidden_rows_concern(sheet: FoundSheet, lines: Sequence[int]) -> tuple[Concern, ...]:
    """Warn that rows were read which nobody sees in the sheet."""
    hidden = sorted({row.line for row in sheet.rows if row.hidden} & set(lines))
    if not hidden:
        return ()
    rows = f"row {hidden[0]} is" if len(hidden) == 1 else f"rows {span(hidden)} are"
    read = "was read" if len(hidden) == 1 else "were read"
    return (Concern(code="FILE_HIDDEN_ROWS", says=f"{rows} hidden in the sheet {sheet.title!r} and {read}"),)


def row_concerns(sheet: FoundSheet, lines: Sequence[int]) -> tuple[Concern, ...]:
    """Warn of rows that people see otherwise than they are in the file."""
    return (*hidden_rows_concern(sheet, lines), *merged_concern(sheet, lines))


def merged_concern(sheet: FoundSheet, lines: Sequence[int]) -> tuple[Concern, ...]:
    """Warn of cells that are shown as one over several rows: all but the first are blank in the file."""
    rows = set(lines)
    over_rows = [each for each in sheet.merged if rows & rows_below(each)]
    if not over_rows:
        return ()
    named = ", ".join(over_rows[:3]) + (" and more" if len(over_rows) > 3 else "")
    says = (
        f"cells of several rows are merged in the sheet {sheet.title!r}: {named}; only the first row of each holds them"
    )
    return (Concern(code="FILE_MERGED_CELLS", says=says),)


def rows_below(cells: str) -> set[int]:
    """Return the rows of a range such as ``A2:B5`` but its first, which holds what is shown."""
    ends = [int(digits) for digits in re.findall("[0-9]+", cells)]
    return set(range(min(ends) + 1, max(ends) + 1)) if ends else set()


def rounded_concerns(columns: Mapping[str, ColumnRead], headings: Headings) -> tuple[Concern, ...]:
    """Warn of numbers that have more decimals than people see; the cells hold them, and they were read."""
    return tuple(
        Concern(
            code="CELL_ROUNDED",
            says=f"{headings.texts[headings.columns[name]].strip()} in {rows_named(column.rounded)}: "
            "the sheet shows fewer decimals than the cell holds, and all of them were read",
        )
        for name, column in columns.items()
        if column.rounded
    )


def rows_named(lines: Sequence[int]) -> str:
    """Name rows in few words."""
    return f"row {lines[0]}" if len(lines) == 1 else f"rows {span(lines)}"

"""Rejected rows as a file that the shop can correct and send again, written the way it wrote its own."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import polars as pl
import xlsxwriter

from schemas.catalogue import with_messages
from schemas.domain import Dialect
from schemas.tables import FileForm, Originals, Table
from tasks.core.reading.headings import fold_heading

_INVISIBLE = "\\s\u200b\u200c\u200d\u2060\ufeff"
_RUNNABLE = re.compile(rf'^("?[{_INVISIBLE}]*)(?=[=+\-@])')
_REFERENCE = re.compile(r'^"?[\w-]+:\d+"?$')
_FIXED = datetime(2000, 1, 1, tzinfo=UTC)
"""The same rejects make the same bytes, so no clock may be in them."""

Lost = frozenset[tuple[int, str]]
"""Line and heading of the cells that a spreadsheet stored as numbers with too many digits."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns of a rejects file: the file's own, then the error and the reference to the row.

    ``width`` counts the columns that came; ``kept`` leaves out those of an earlier rejects file.
    """

    width: int
    kept: tuple[int, ...]
    headings: tuple[str, ...]

    @property
    def dropped(self) -> bool:
        """Whether the file that came was a rejects file itself."""
        return len(self.kept) < self.width

    def place(self, cells: Sequence[str]) -> Sequence[str]:
        """Return a row's own cells, filled up so that the error stands under its heading.

        Surplus cells that hold something are kept with all others, for where they belong nobody
        can tell; the error then stands further right, and there we look for an earlier one.
        """
        if any(cell.strip(' \t"') for cell in cells[self.width :]):
            return cells[:-2] if self.dropped and _REFERENCE.match(cells[-1]) else cells
        filled = [*cells[: self.width], *[""] * (self.width - len(cells))]
        return [filled[at] for at in self.kept]


def write_rejects(table: Table, findings: pl.DataFrame, *, run_id: str, dialect: Dialect) -> bytes:
    """Write every row that is in *findings*, as it stood, with all its messages in one cell.

    Only a cell that a spreadsheet would run gets an apostrophe before it (CSV; a workbook's
    cells are text anyway). Reading takes it off again. Characters that the file's encoding does
    not have become ``?``; they can only stand in our messages.
    """
    layout = _layout(table.form, dialect)
    errors = _errors(findings, run_id)
    positions = np.searchsorted(np.asarray(table.originals.lines), errors["line"].to_numpy()).tolist()
    if table.form.kind == "csv":
        return _csv(table, errors, positions, layout)
    return _workbook(table, _workbook_rows(table, errors, positions, layout), layout, _lost_digits(findings))


def _layout(form: FileForm, dialect: Dialect) -> Layout:
    ours = {fold_heading(heading) for heading in (*dialect.error_headings.values(), dialect.reference_heading)}
    kept = tuple(at for at, heading in enumerate(form.headings) if fold_heading(heading) not in ours)
    headings = [form.headings[at] for at in kept]
    added = (dialect.error_headings[form.language], dialect.reference_heading)
    return Layout(width=len(form.headings), kept=kept, headings=(*headings, *added))


def _errors(findings: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Return ``line, error, reference``, one row a rejected row, by line."""
    said = with_messages(findings).group_by("line").agg(error=pl.col("message").str.join("; ")).sort("line")
    return said.with_columns(reference=pl.format("{}:{}", pl.lit(run_id), pl.col("line")))


def _csv(table: Table, errors: pl.DataFrame, positions: Sequence[int], layout: Layout) -> bytes:
    form = table.form
    separator = pl.lit(form.separator)
    records = _own_records(_slices(table.originals, positions), form.separator, layout)
    rows = errors.select(
        pl.concat_str(records, separator, _quoted("error"), separator, _quoted("reference")).alias("row")
    )
    heading = form.separator.join(_heading(text, form.separator) for text in layout.headings)
    text = form.newline.join([heading, *rows["row"], ""])
    return (("\ufeff" if form.bom else "") + text).encode(form.encoding, errors="replace")


def _slices(originals: Originals, positions: Sequence[int]) -> list[str]:
    starts = np.asarray(originals.starts)[positions].tolist()
    ends = np.asarray(originals.ends)[positions].tolist()
    return [originals.text[start:end].decode() for start, end in zip(starts, ends, strict=True)]


def _own_records(records: list[str], separator: str, layout: Layout) -> pl.Series:
    """Return the rows' own text; most rows can be given back without being taken apart."""
    column = pl.Series("record", records, dtype=pl.String)
    width = column.str.count_matches(separator, literal=True) + 1
    runnable = column.str.contains(rf'(?:^|{re.escape(separator)})"?[{_INVISIBLE}]*[=+\-@]')
    placed = (width == layout.width) & ~column.str.contains('"', literal=True) & (not layout.dropped)
    if placed.all() and not runnable.any():
        return column
    raw_cells = _splitter(separator)
    for at in (~placed | runnable).arg_true().to_list():
        cells = layout.place(raw_cells(records[at]))
        records[at] = separator.join(map(_neutral, cells) if runnable[at] else cells)
    return pl.Series("record", records, dtype=pl.String)


def _splitter(separator: str) -> Callable[[str], list[str]]:
    """Return what takes a record apart and leaves the quotes on; one in the midst of a cell is a letter."""
    mark = re.escape(separator)
    cell = re.compile(rf'{mark}((?:"(?:[^"]|"")*"?)?[^{mark}]*)')
    return lambda record: cell.findall(separator + record) if '"' in record else record.split(separator)


def _neutral(raw: str) -> str:
    """Put an apostrophe before what a spreadsheet would run."""
    return _RUNNABLE.sub(r"\1'", raw)


def _heading(text: str, separator: str) -> str:
    plain = not any(mark in text for mark in (separator, '"', "\n", "\r"))
    return _neutral(text if plain else '"' + text.replace('"', '""') + '"')


def _quoted(name: str) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), pl.col(name).str.replace_all('"', '""', literal=True), pl.lit('"'))


def _workbook(table: Table, rows: Sequence[tuple[int, Sequence[str]]], layout: Layout, lost: Lost) -> bytes:
    """Write an xlsx workbook of text cells, whatever kind of workbook came.

    Numbers whose last digits are *lost* stay numbers: as text they would pass for whole.
    """
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": _FIXED})
    sheet = book.add_worksheet(_sheet_name(table.form.sheet))
    text = book.add_format({"num_format": "@"})
    for row, (line, cells) in enumerate([(0, layout.headings), *rows]):
        for column, cell in enumerate(cells):
            if lost and (line, layout.headings[column].strip()) in lost:
                sheet.write_number(row, column, float(cell))
            else:
                sheet.write_string(row, column, cell, text)
    book.close()
    return content.getvalue()


def _workbook_rows(
    table: Table, errors: pl.DataFrame, positions: Sequence[int], layout: Layout
) -> list[tuple[int, Sequence[str]]]:
    """Return line and cells of every rejected row."""
    rows = zip(positions, errors.iter_rows(), strict=True)
    return [
        (line, [*layout.place(table.originals.rows[at]), error, reference]) for at, (line, error, reference) in rows
    ]


def _lost_digits(findings: pl.DataFrame) -> Lost:
    lost = findings.filter(pl.col("code") == "CELL_PRECISION_LOST")
    return frozenset(lost.select("line", "heading").iter_rows())


def _sheet_name(name: str) -> str:
    """Keep the sheet's name as far as xlsx allows it."""
    return re.sub(r"[\[\]:*?/\\]", " ", name)[:31].strip("'") or "Rejects"

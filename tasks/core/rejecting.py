"""Rejected rows as a file that the shop can correct and send again, written the way it wrote its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from schemas.catalogue import with_messages
from schemas.domain import Dialect
from schemas.tables import FileForm, Table
from tasks.core.reading.headings import fold_heading
from tasks.core.reading.originals import records_at, splitter
from tasks.core.writing.files import INVISIBLE, cell_in, neutral, write_workbook

_REFERENCE = re.compile(r'^"?[\w-]+:\d+"?$')

Numbers = frozenset[tuple[int, str]]
"""Line and heading of cells that are to stay numbers of a spreadsheet."""


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
    numbers = _lost_digits(findings) | _amounts(table, errors["line"])
    return _workbook(table, _workbook_rows(table, errors, positions, layout), layout, numbers)


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
    records = _own_records(records_at(table.originals, positions), form.separator, layout)
    rows = errors.select(
        pl.concat_str(records, separator, _quoted("error"), separator, _quoted("reference")).alias("row")
    )
    heading = form.separator.join(_heading(text, form) for text in layout.headings)
    text = form.newline.join([heading, *rows["row"], ""])
    return (("\ufeff" if form.bom else "") + text).encode(form.encoding, errors="replace")


def _own_records(records: list[str], separator: str, layout: Layout) -> pl.Series:
    """Return the rows' own text; most rows can be given back without being taken apart."""
    column = pl.Series("record", records, dtype=pl.String)
    width = column.str.count_matches(separator, literal=True) + 1
    placed = (width == layout.width) & ~column.str.contains('"', literal=True) & (not layout.dropped)
    raw_cells = splitter(separator)
    others = [separator.join(map(neutral, layout.place(raw_cells(records[at])))) for at in (~placed).arg_true()]
    runnable = rf"(^|{re.escape(separator)})([{INVISIBLE}]*)([=+\-@])"
    # the cells of a row without quotes begin where its separators say
    return column.str.replace_all(runnable, "${1}${2}'${3}").scatter((~placed).arg_true(), others)


def _heading(text: str, form: FileForm) -> str:
    return neutral(cell_in(form, text))


def _quoted(name: str) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), pl.col(name).str.replace_all('"', '""', literal=True), pl.lit('"'))


def _workbook(table: Table, rows: Sequence[tuple[int, Sequence[str]]], layout: Layout, numbers: Numbers) -> bytes:
    """Write an xlsx workbook of text cells, whatever kind of workbook came.

    Some stay *numbers*: those whose last digits are lost, which as text would pass for whole, and amounts, which are
    exact as numbers and as texts would have to be written as other texts are.
    """
    written = [
        [
            float(cell) if (line, text.strip()) in numbers else cell
            for text, cell in zip(layout.headings, cells, strict=True)
        ]
        for line, cells in rows
    ]
    return write_workbook(table.form.sheet, [layout.headings, *written])


def _workbook_rows(
    table: Table, errors: pl.DataFrame, positions: Sequence[int], layout: Layout
) -> list[tuple[int, Sequence[str]]]:
    """Return line and cells of every rejected row."""
    rows = zip(positions, errors.iter_rows(), strict=True)
    return [
        (line, [*layout.place(table.originals.rows[at]), error, reference]) for at, (line, error, reference) in rows
    ]


def _amounts(table: Table, lines: pl.Series) -> Numbers:
    """Return the amounts among the rejected rows that came as numbers, and show no currency."""
    found: set[tuple[int, str]] = set()
    for name, numbers in table.numbers.items():
        shown = table.units[name]["line"] if name in table.units else numbers.clear()
        kept = lines.filter(lines.is_in(numbers.implode()) & ~lines.is_in(shown.implode()))
        found |= {(line, table.headings[name]) for line in kept}
    return frozenset(found)


def _lost_digits(findings: pl.DataFrame) -> Numbers:
    lost = findings.filter(pl.col("code") == "CELL_PRECISION_LOST")
    return frozenset(lost.select("line", "heading").iter_rows())

"""Rejected rows as a file that the shop can correct and send again, written the way it wrote its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import polars.selectors as cs

from schemas.domain import Dialect
from schemas.rejects import SURPLUS_HEADING
from schemas.tables import FileForm, Language, Table
from schemas.wordings import ROW_AND_LINE
from tasks.core.reading.headings import fold_heading
from tasks.core.reading.original_rows import records_at, splitter
from tasks.core.reading.row_numbers import ROW, with_rows
from tasks.core.rejects.whole_rows import all_neutral, stand_as_they_are
from tasks.core.wording.messages import with_messages
from tasks.core.writing.files import cell_in, neutral, write_workbook

_REFERENCE = re.compile(r'^"?[\w-]+:\d+"?$')

Numbers = frozenset[tuple[int, str]]
"""Line and heading of cells that are to stay numbers of a spreadsheet."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The columns of a rejects file: the file's own, the surplus cells if any row has some, the error, the reference.

    ``width`` counts the columns that came; ``kept`` leaves out those of an earlier rejects file, of which ``held``
    is the one of the surplus cells. ``surplus`` says whether this file needs such a column.
    """

    width: int
    kept: tuple[int, ...]
    held: int | None
    surplus: bool
    headings: tuple[str, ...]

    @property
    def is_plain(self) -> bool:
        """Whether a row of the right width can be given back as it is."""
        return len(self.kept) == self.width and not self.surplus

    def place(self, cells: Sequence[str]) -> list[str]:
        """Return a row's own cells, filled up so that the error stands under its heading."""
        filled = [*cells[: self.width], *[""] * (self.width - len(cells))]
        return [filled[at] for at in self.kept]

    def too_many(self, cells: Sequence[str]) -> list[str]:
        """Return the cells of which nobody can tell under which heading they belong.

        In a row that is too wide these are all that stand under none of the file's own headings, but for an
        earlier error and reference at its end.
        """
        if any(map(_is_filled, cells[self.width :])):
            others = [cell for at, cell in enumerate(cells) if at not in self.kept]
            return others[:-2] if len(self.kept) < self.width and _REFERENCE.match(cells[-1]) else others
        return [cell for at, cell in enumerate(cells) if at == self.held and _is_filled(cell)]


def _is_filled(cell: str) -> bool:
    return bool(cell.strip(' \t"'))


def write_rejects(table: Table, findings: pl.DataFrame, *, run_id: str, dialect: Dialect) -> bytes:
    """Write every row that is in *findings*, as it stood, with all its messages in one cell.

    Only a cell that a spreadsheet would run gets an apostrophe before it (CSV; a workbook's
    cells are text anyway). Reading takes it off again. Characters that the file's encoding does
    not have become ``?``; they can only stand in our messages.
    """
    errors = _errors(with_rows(findings, table.originals), run_id, table.form.language)
    positions = np.searchsorted(np.asarray(table.originals.lines), errors["line"].to_numpy()).tolist()
    layout = _layout(table.form, dialect)
    if table.form.kind == "csv":
        records = records_at(table.originals, positions)
        return _csv(table.form, errors, records, _with_surplus(layout, _surplus_rows(records, table.form, layout)))
    rows = [table.originals.rows[at] for at in positions]
    layout = _with_surplus(layout, [row for row in rows if layout.too_many(row)])
    return _workbook(
        table, _workbook_rows(rows, errors, layout), layout, _lost_digits(findings) | _amounts(table, errors["line"])
    )


def _layout(form: FileForm, dialect: Dialect) -> Layout:
    ours = {fold_heading(heading) for heading in (*dialect.error_headings.values(), dialect.reference_heading)}
    folded = [fold_heading(heading) for heading in form.headings]
    surplus = fold_heading(SURPLUS_HEADING)
    kept = tuple(at for at, heading in enumerate(folded) if heading not in {*ours, surplus})
    error = dialect.error_headings.get(form.language, dialect.error_headings["en"])
    return Layout(
        width=len(form.headings),
        kept=kept,
        held=folded.index(surplus) if surplus in folded else None,
        surplus=False,
        headings=(*(form.headings[at] for at in kept), error, dialect.reference_heading),
    )


def _with_surplus(layout: Layout, rows: Sequence[object]) -> Layout:
    """Add the column of the surplus cells where there are *rows* that have some."""
    if not rows:
        return layout
    own, ours = layout.headings[: len(layout.kept)], layout.headings[len(layout.kept) :]
    return replace(layout, surplus=True, headings=(*own, SURPLUS_HEADING, *ours))


def _errors(findings: pl.DataFrame, run_id: str, language: Language) -> pl.DataFrame:
    """Return ``line, error, reference``, one row a rejected row, by line, in the language of the file's headings."""
    messages, joined = with_messages(findings, language), pl.col("message").str.join("; ")
    errors = messages.group_by("line").agg(cs.by_name(ROW, require_all=False).first(), error=joined).sort("line")
    if ROW in errors.columns:
        place = pl.when(pl.col(ROW) == pl.col("line")).then(pl.lit("")).otherwise(_place(language))
        errors = errors.with_columns(error=pl.concat_str(place, "error"))
    return errors.select("line", "error").with_columns(reference=pl.format("{}:{}", pl.lit(run_id), pl.col("line")))


def _place(language: Language) -> pl.Expr:
    """Say which row it was in the file that came, as a spreadsheet numbers it."""
    return pl.format(ROW_AND_LINE[language], ROW, "line")


def _csv(form: FileForm, errors: pl.DataFrame, records: list[str], layout: Layout) -> bytes:
    separator = pl.lit(form.separator)
    rows = errors.select(
        pl.concat_str(
            _own_records(records, form, layout), separator, _quoted("error"), separator, _quoted("reference")
        ).alias("row")
    )
    heading = form.separator.join(_heading(text, form) for text in layout.headings)
    text = form.newline.join([heading, *rows["row"], ""])
    return (("\ufeff" if form.bom else "") + text).encode(form.encoding, errors="replace")


def _surplus_rows(records: list[str], form: FileForm, layout: Layout) -> list[list[str]]:
    """Return the rows with more cells than headings; most files have none, and are not taken apart for it."""
    column = pl.Series("record", records, dtype=pl.String)
    wide = column.str.count_matches(form.separator, literal=True) + 1 > layout.width
    suspects = pl.Series([True] * len(records)) if layout.held is not None else wide
    rows = map(splitter(form.separator), (records[at] for at in suspects.arg_true()))
    return [row for row in rows if layout.too_many(row)]


def _own_records(records: list[str], form: FileForm, layout: Layout) -> pl.Series:
    """Return the rows' own text; most rows can be given back without being taken apart."""
    column = pl.Series("record", records, dtype=pl.String)
    apart = (~(stand_as_they_are(column, form.separator, layout.width) & layout.is_plain)).arg_true()
    raw_cells = splitter(form.separator)
    others = [_placed(raw_cells(records[at]), form, layout) for at in apart]
    return all_neutral(column, form.separator).scatter(apart, others)


def _placed(cells: Sequence[str], form: FileForm, layout: Layout) -> str:
    """Write a row: its own cells as they stand, then all for which there is no heading as one."""
    own = [*map(neutral, layout.place(cells))]
    if layout.surplus:
        own.append(_heading(form.separator.join(map(unquoted, layout.too_many(cells))), form))
    return form.separator.join(own)


def unquoted(raw: str) -> str:
    """Return what a raw cell says, without the quotes that enclose it."""
    enclosed = len(raw) > 1 and raw[0] == raw[-1] == '"'
    return raw[1:-1].replace('""', '"') if enclosed else raw


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
    rows: Sequence[Sequence[str]], errors: pl.DataFrame, layout: Layout
) -> list[tuple[int, Sequence[str]]]:
    """Return line and cells of every rejected row."""
    return [
        (line, [*layout.place(row), *([" ".join(layout.too_many(row))] if layout.surplus else []), error, reference])
        for row, (line, error, reference) in zip(rows, errors.iter_rows(), strict=True)
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

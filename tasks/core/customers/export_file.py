"""A register as a file of a dialect, such that reading it back unchanged asks for nothing.

Cells are as the register holds them. Only in a CSV file does a cell that a spreadsheet would run
get an apostrophe, which reading takes off; a telephone number keeps its ``+`` bare.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Literal

import polars as pl

from schemas.domain import Dialect, Resource
from schemas.tables import FileForm, FileKind
from tasks.core.reading.headings import fold_heading, names_of
from tasks.core.writing.files import cell_in, harmless, write_rows

ExportFormat = Literal["csv", "xlsx"]


def export_file(records: pl.DataFrame, dialect: Dialect, resource: Resource, kind: ExportFormat) -> bytes:
    """Write every record of a register, sorted by its number, with the headings of *dialect*.

    Columns that only one system knows stand behind them, where the dialect passes such columns through. An id that
    is no number of a card is left out: whoever has it is known by the address, as new customers are.
    """
    columns = [column for column in dialect.columns if column.name in records.columns]
    own = [extra_cells(text) for text in records["extra"]]
    passed = passed_headings(own, dialect)
    form = form_of(dialect, [*(column.heading for column in columns), *passed], kind)
    number = records[resource.key].cast(pl.Int64, strict=False)
    unnumbered = pl.lit("0" if dialect.numbers_by_zero else "")
    shown = records.with_columns(pl.when(number.is_null()).then(unnumbered).otherwise(resource.key).alias(resource.key))
    cells = shown.select(column.name for column in columns).fill_null("").rows()
    order = records.select(pl.arg_sort_by(number, resource.key, nulls_last=True)).to_series().to_list()
    rows = ([*cells[at], *(own[at].get(heading, "") for heading in passed)] for at in order)
    return write_rows(form, _written(form, rows))


def passed_headings(extras: Sequence[dict[str, str]], dialect: Dialect) -> list[str]:
    """Return the headings of columns that only one system knows and that would be read as such again."""
    if not dialect.passes_through:
        return []
    ours = {*names_of(dialect), *map(fold_heading, (*dialect.error_headings.values(), dialect.reference_heading))}
    headings = dict.fromkeys(heading for extra in extras for heading in extra)
    return [heading for heading in headings if _reads_as_itself(heading, dialect) and fold_heading(heading) not in ours]


def left_out(records: pl.DataFrame, dialect: Dialect) -> list[str]:
    """Return the headings of columns that the file cannot hold."""
    extras = [extra_cells(text) for text in records["extra"]]
    kept = passed_headings(extras, dialect)
    return sorted({heading for extra in extras for heading in extra}.difference(kept))


def form_of(dialect: Dialect, headings: Sequence[str], kind: FileKind) -> FileForm:
    """Return the form in which the files of a dialect are written: UTF-8 without mark."""
    title = dialect.name if kind == "xlsx" else ""
    return FileForm(kind=kind, headings=tuple(headings), separator=dialect.separator, newline="\r\n", sheet=title)


def _reads_as_itself(heading: str, dialect: Dialect) -> bool:
    """A heading has no apostrophe to take off, and blank ones are nobody's."""
    named = {"line", "row reference", *(column.name for column in dialect.columns)}
    return bool(fold_heading(heading)) and harmless(heading) == heading and heading not in named


def extra_cells(text: str) -> dict[str, str]:
    """Return heading -> cell of what only one system knows of a customer."""
    loaded: dict[str, str] = json.loads(text or "{}")
    return loaded


def _written(form: FileForm, rows: Iterator[list[str]]) -> Iterator[Sequence[str]]:
    yield [cell_in(form, heading) for heading in form.headings]
    for row in rows:
        yield [cell_in(form, harmless(text)) for text in row] if form.kind == "csv" else row

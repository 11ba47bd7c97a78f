"""The rows of report tables as tables: cells as people read them, and as a spreadsheet counts them."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from schemas.report_tables import ReportTable
from tasks.core.reporting.rows import UNIT, currencies_in
from tasks.core.wording.money import amount_text, with_marks, with_thousands
from tasks.core.wording.quantities import quantity_text
from tasks.core.wording.speech import ENGLISH, Speech
from tasks.core.wording.words import heading

CellKind = Literal["text", "day", "amount", "quantity", "share", "count"]

YES, NO = "yes", "no"
DARKEST = 4
"""Of so many shades; more cannot be told apart."""


@dataclass(frozen=True, kw_only=True)
class TableColumn:
    """A column of a report table under its heading, and what its cells are."""

    name: str
    heading: str
    kind: CellKind
    is_shaded: bool
    """Counts that are drawn in stacks stand the darker the larger they are: a table of them is looked at, not read."""

    @property
    def is_number(self) -> bool:
        """Numbers stand to the right."""
        return self.kind not in ("text", "day")


def table_columns(report_table: ReportTable, rows: pl.DataFrame, speech: Speech = ENGLISH) -> tuple[TableColumn, ...]:
    """List the columns of a report table; the currency stands with the amounts, where there are any."""
    stacked = report_table.chart.series if report_table.chart and report_table.chart.kind == "stacked" else ()
    columns = [
        TableColumn(
            name=name,
            heading=report_table.headings.get(name) or speech.gettext(heading(name)),
            kind=_kind(name, dtype),
            is_shaded=name in stacked and _kind(name, dtype) == "count",
        )
        for name, dtype in rows.schema.items()
    ]
    has_amounts = any(column.kind == "amount" for column in columns)
    return tuple(column for column in columns if column.name != UNIT or not has_amounts)


def _kind(name: str, dtype: pl.DataType) -> CellKind:
    ends: dict[str, CellKind] = {"_cents": "amount", "_milli": "quantity", "_share": "share"}
    by_name = next((kind for end, kind in ends.items() if name.endswith(end)), None)
    return by_name or ("count" if dtype.is_numeric() else "day" if dtype == pl.Date else "text")


def cells_of_table(columns: tuple[TableColumn, ...], rows: pl.DataFrame, speech: Speech = ENGLISH) -> list[list[str]]:
    """Write the rows as text; what is not known is empty."""
    texts = rows.select(_text(column, rows, speech).fill_null("").alias(column.name) for column in columns)
    return [list(row) for row in texts.iter_rows()]


def cell_classes(columns: tuple[TableColumn, ...], rows: pl.DataFrame) -> list[list[str]]:
    """Name the class of each cell for the page's style: where it stands, and how dark, by its part of the largest."""
    most = pl.max_horizontal(*(pl.col(column.name).max() for column in columns if column.is_shaded), pl.lit(1))
    classes = rows.select(_class(column, most).alias(column.name) for column in columns)
    return [list(row) for row in classes.iter_rows()]


def _class(column: TableColumn, most: pl.Expr) -> pl.Expr:
    if column.is_shaded:
        return pl.format("number dark-{}", (pl.col(column.name) * DARKEST / most).ceil().cast(pl.Int64).fill_null(0))
    plain = "number" if column.is_number else "day" if column.kind == "day" else ""
    return pl.repeat(plain, pl.len())


def _text(column: TableColumn, rows: pl.DataFrame, speech: Speech) -> pl.Expr:
    text = _english(column, rows)
    if rows.schema[column.name] == pl.Boolean:
        yes, no = (pl.lit(speech.gettext(word)) for word in (YES, NO))
        return pl.when(pl.col(column.name)).then(yes).when(~pl.col(column.name)).then(no)
    return with_marks(text, **speech.marks) if column.is_number and speech.language != "en" else text


def _english(column: TableColumn, rows: pl.DataFrame) -> pl.Expr:
    value = pl.col(column.name)
    match column.kind:
        case "amount":
            return amount_text(value, pl.col(UNIT), currencies_in(rows[UNIT]))
        case "quantity":
            return quantity_text(value)
        case "share":
            return pl.format("{} %", (value * 100).round(1).cast(pl.String))
        case "count" if rows.schema[column.name].is_integer():
            sign = pl.when(value < 0).then(pl.lit("-")).otherwise(pl.lit(""))
            return pl.concat_str(sign, with_thousands(value.abs().cast(pl.String)))
    return value.cast(pl.String)

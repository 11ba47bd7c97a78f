"""The rows of exhibits as tables: cells as people read them, and as a spreadsheet counts them."""

from dataclasses import dataclass
from typing import Literal

import polars as pl

from schemas.exhibits import Exhibit
from tasks.core.reporting.rows import UNIT, currencies_in
from tasks.core.wording.money import amount_text, with_thousands
from tasks.core.wording.words import heading

CellKind = Literal["text", "amount", "quantity", "share", "count"]


@dataclass(frozen=True, kw_only=True)
class ExhibitColumn:
    """A column of an exhibit under its heading, and what its cells are."""

    name: str
    heading: str
    kind: CellKind

    @property
    def is_number(self) -> bool:
        """Numbers stand to the right."""
        return self.kind != "text"


def exhibit_columns(exhibit: Exhibit, rows: pl.DataFrame) -> tuple[ExhibitColumn, ...]:
    """List the columns of an exhibit; the currency stands with the amounts, where there are any."""
    columns = [
        ExhibitColumn(name=name, heading=exhibit.headings.get(name, heading(name)), kind=_kind(name, dtype))
        for name, dtype in rows.schema.items()
    ]
    has_amounts = any(column.kind == "amount" for column in columns)
    return tuple(column for column in columns if column.name != UNIT or not has_amounts)


def _kind(name: str, dtype: pl.DataType) -> CellKind:
    ends: dict[str, CellKind] = {"_cents": "amount", "_milli": "quantity", "_share": "share"}
    by_name = next((kind for end, kind in ends.items() if name.endswith(end)), None)
    return by_name or ("count" if dtype.is_numeric() else "text")


def exhibit_cells(columns: tuple[ExhibitColumn, ...], rows: pl.DataFrame) -> list[list[str]]:
    """Write the rows as text; what is not known is empty."""
    texts = rows.select(_text(column, rows).fill_null("").alias(column.name) for column in columns)
    return [list(row) for row in texts.iter_rows()]


def _text(column: ExhibitColumn, rows: pl.DataFrame) -> pl.Expr:
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
    if rows.schema[column.name] == pl.Boolean:
        return pl.when(value).then(pl.lit("yes")).when(~value).then(pl.lit("no"))
    return value.cast(pl.String)


def quantity_text(milli: pl.Expr) -> pl.Expr:
    """Write thousandths as the quantity they are: 2500 is ``2.5``."""
    sign = pl.when(milli < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    fraction = (milli.abs() % 1000 + 1000).cast(pl.String).str.slice(1).str.strip_chars_end("0")
    point = pl.when(fraction == "").then(pl.lit("")).otherwise(pl.lit("."))
    return pl.concat_str(sign, with_thousands((milli.abs() // 1000).cast(pl.String)), point, fraction)

"""Numbers of a workbook beside texts: numbers are exact, so only the texts say how amounts are written in it."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from schemas.domain import NumberFormat
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.checking.number_formats import conclude_format
from tasks.core.reading.currencies import is_currency

_UNSETTLED = r"^([1-9][0-9]{0,2}\.[0-9]{3})$"
"""With one zero before it, nobody takes the sign in it for a thousands mark."""

Numbers = Mapping[str, pl.Series]
"""Column -> lines on which it holds a number of a spreadsheet."""


def only_texts(cells: pl.DataFrame, numbers: Numbers) -> pl.DataFrame:
    """Return the cells as they are, but for numbers of a spreadsheet, which are blank."""
    return cells.with_columns(
        pl.when(~_is_number(lines)).then(name).otherwise(pl.lit("")).alias(name) for name, lines in numbers.items()
    )


def in_format(cells: pl.DataFrame, numbers: Numbers, number_format: NumberFormat) -> pl.DataFrame:
    """Write the numbers of a spreadsheet the way that texts beside them are written."""
    return in_formats(cells, numbers, dict.fromkeys(numbers, number_format))


def in_formats(cells: pl.DataFrame, numbers: Numbers, formats: Mapping[str, NumberFormat]) -> pl.DataFrame:
    """Write the numbers of a spreadsheet as the texts of their own columns are written."""
    return cells.with_columns(
        pl.when(_is_number(lines))
        .then(pl.col(name).str.replace(_UNSETTLED, "0${1}").str.replace(".", formats[name].decimal, literal=True))
        .otherwise(name)
        .alias(name)
        for name, lines in numbers.items()
    )


def in_one_format(table: Table, name: str) -> Table:
    """Write the numbers of one column the way that its texts are written."""
    if name not in table.numbers:
        return table
    numbers = {name: table.numbers[name]}
    concluded = conclude_format(only_texts(table.cells, numbers)[name], NumberFormat(), None)
    return replace(table, cells=in_format(table.cells, numbers, concluded.format))


def without_foreign(table: Table, currency: str) -> Table:
    """Put the rows apart that show a number with another currency than the shop's."""
    found = [_foreign(table, name, units, currency) for name, units in table.units.items()]
    findings = pl.concat([pl.DataFrame(schema=FINDINGS_SCHEMA), *found])
    if findings.is_empty():
        return table
    return replace(
        table,
        cells=table.cells.filter(~pl.col("line").is_in(findings["line"].implode())),
        findings=pl.concat([table.findings, findings]).sort("line", maintain_order=True),
    )


def _foreign(table: Table, name: str, units: pl.DataFrame, currency: str) -> pl.DataFrame:
    foreign = [unit for unit in units["unit"].unique() if not is_currency(unit, currency)]
    shown = units.filter(pl.col("unit").is_in(foreign)).join(table.cells.select("line", name), on="line")
    return shown.select(
        "line",
        heading=pl.lit(table.headings[name]),
        value=pl.concat_str(name, pl.lit(" "), "unit"),
        code=pl.lit("AMOUNT_CURRENCY"),
        detail=pl.lit(""),
    ).cast(FINDINGS_SCHEMA)


def _is_number(lines: pl.Series) -> pl.Expr:
    return pl.col("line").is_in(lines.implode())

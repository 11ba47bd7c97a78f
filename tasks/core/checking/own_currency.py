"""The shop's own currency beside an amount (``99,90 kr``, ``€ 12``): taken off, for it says what is known anyway.

Any other currency stays, and is rejected by the reader of the amount.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import polars as pl

from schemas.qualifiers import Qualifier
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.checking.number_formats import BLANKS
from tasks.core.checking.qualifiers import concerns_of, findings_of, judge_qualifiers
from tasks.core.reading.currencies import is_currency, marks_of, split_heading

_CODE = "AMOUNT_OWN_CURRENCY"
_BEYOND_DIGITS = r"[^0-9.,]"
_MINUS = r"^([-−])"
_KIND: tuple[Qualifier, ...] = ("currency",)
_COSTS = {"foreign": "AMOUNT_CURRENCY"}
_ASKS = {"unsaid": "COLUMN_DOUBT"}
_DIGIT = r"[0-9.,'’" + BLANKS + "]"


def without_own_currency(cells: pl.Series, currency: str) -> tuple[pl.Series, dict[str, int]]:
    """Return amounts without the marks of *currency*, and the repairs that were made."""
    marked = cells.str.contains(_BEYOND_DIGITS)
    if not marked.any():
        return cells, {}
    some = cells.filter(marked)
    bare = some.str.replace(_pattern(currency), "${1}")
    count = int((bare != some).sum())
    return (cells.clone().scatter(marked.arg_true(), bare) if count else cells), {_CODE: count}


def in_own_currency(table: Table, name: str, currency: str) -> Table:
    """Take the marks of *currency* off the amounts of one column, if there is such a column; also behind a minus."""
    if name not in table.headings:
        return table
    cells = table.cells[name]
    sign = cells.str.extract(_MINUS).fill_null("")
    bare, repairs = without_own_currency(cells.str.replace(_MINUS, ""), currency)
    counted = Counter(table.repairs) + Counter(repairs)
    return replace(table, cells=table.cells.with_columns((sign + bare).alias(name)), repairs=dict(counted))


def _pattern(currency: str) -> str:
    marks = "|".join(map(re.escape, marks_of(currency)))
    mark, body = rf"(?i:{marks})", rf"{_DIGIT}*?[0-9](?:{_DIGIT}*?[0-9])?[.,]?"
    return rf"^(?:{mark}[{BLANKS}]*)?({body})(?:[{BLANKS}]*{mark})?$"


def foreign_heading(table: Table, name: str, currency: str) -> pl.DataFrame:
    """Return one finding for each cell of a column whose heading names another currency: ``Balance (USD)``."""
    heading = table.headings.get(name, "")
    named = split_heading(heading)[1]
    if not named or is_currency(named, currency):
        return FINDINGS_SCHEMA.to_frame()
    filled = table.cells.filter(pl.col(name) != "")
    findings = filled.select(
        "line", heading=pl.lit(heading), value=name, code=pl.lit("AMOUNT_CURRENCY"), detail=pl.lit("")
    )
    return findings.cast(FINDINGS_SCHEMA)


def currency_findings(table: Table, name: str, currency: str, today: date) -> tuple[pl.DataFrame, tuple[Concern, ...]]:
    """Return what heading and columns beside the amounts of column *name* say of their currency.

    Findings where it is another one than the shop's, and concerns where that cannot be told. Where no amount stands,
    nothing is asked.
    """
    if name not in table.headings:
        return FINDINGS_SCHEMA.to_frame(), ()
    amounts = table.cells.filter(pl.col(name) != "")["line"]
    qualifiers = (
        table.qualifier_cells.filter(pl.col("line").is_in(amounts.implode()))
        if table.qualifier_cells.width
        else table.qualifier_cells
    )
    judged = judge_qualifiers(qualifiers, _KIND, currency=currency, today=today)
    findings = [foreign_heading(table, name, currency), findings_of(judged, _COSTS)]
    return pl.concat(findings), concerns_of(judged, _ASKS, table.originals)

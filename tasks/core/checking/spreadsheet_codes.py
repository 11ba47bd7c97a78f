"""Codes that a spreadsheet took for numbers: ids, SKUs and item codes, in the columns that a dialect calls codes.

Gift-card numbers and what is known of customers have readers of their own, which ask the same and more.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

import polars as pl

from schemas.domain import Dialect
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.checking.cells import SCIENTIFIC
from tasks.core.checking.lost_letters import without_lost_letters
from tasks.core.checking.lost_zeros import lost_zeros
from tasks.core.checking.placeholders import ANY, BY_SYSTEMS, SURE

_DECIMALS = r"^[0-9]+[.,]0+$"
_GROUPED = r"^[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:[.'’][0-9]{3}){2,})$"
_DIGITS = "^[0-9]+$"
_WIDE, _NARROW = [chr(0xFF10 + digit) for digit in range(10)], [str(digit) for digit in range(10)]


def without_damage(table: Table, dialect: Dialect) -> Table:
    """Put the rows apart that were damaged on their way to us: letters that are lost, codes that became numbers."""
    return without_damaged_codes(without_lost_letters(table), dialect)


def without_damaged_codes(table: Table, dialect: Dialect) -> Table:
    """Name the codes that a spreadsheet has changed, and raise a concern where it may have taken zeros.

    The rows stay among the others, so that whatever else is wrong with them is found too.
    A word for nothing is read as blank, and digits of full width as digits; both are counted.
    """
    codes, labels = ([name for name in names if name in table.headings] for names in (dialect.codes, dialect.labels))
    if not codes and not labels:
        return table
    cells, repairs = _mended(table.cells, codes, labels)
    found = pl.concat([FINDINGS_SCHEMA.to_frame(), *(_damage(cells, name, table.headings[name]) for name in codes)])
    zeros = [_lost_zeros(cells[name], table.headings[name]) for name in codes if name in dialect.padded]
    return replace(
        table,
        cells=cells,
        findings=pl.concat([table.findings, found]).sort("line", maintain_order=True),
        repairs=dict(Counter(table.repairs) + repairs),
        concerns=(*table.concerns, *chain.from_iterable(zeros)),
    )


def _mended(cells: pl.DataFrame, codes: Sequence[str], labels: Sequence[str]) -> tuple[pl.DataFrame, Counter[str]]:
    words = {name: cells[name].is_in(ANY if name in codes else [*SURE, *BY_SYSTEMS]) for name in (*codes, *labels)}
    wide = {name: cells[name].str.contains("[０-９]") for name in codes}
    counts = Counter(
        CELL_PLACEHOLDER=sum(int(mask.sum()) for mask in words.values()),
        CELL_WIDE_DIGITS=sum(int(mask.sum()) for mask in wide.values()),
    )
    narrow = cells.with_columns(
        pl.col(name).str.replace_many(_WIDE, _NARROW) for name, mask in wide.items() if mask.any()
    )
    return narrow.with_columns(
        pl.when(~mask).then(name).otherwise(pl.lit("")).alias(name) for name, mask in words.items() if mask.any()
    ), +counts


def _damage(cells: pl.DataFrame, name: str, heading: str) -> pl.DataFrame:
    """Find the codes that came through a number: shortened, with decimals behind them, or in groups of three."""
    code = (
        pl.when(pl.col(name).str.contains(SCIENTIFIC))
        .then(pl.lit("CELL_SCI_NOTATION"))
        .when(pl.col(name).str.contains(_DECIMALS))
        .then(pl.lit("CELL_DECIMALS"))
        .when(pl.col(name).str.contains(_GROUPED))
        .then(pl.lit("CELL_THOUSANDS"))
    )
    coded = cells.select("line", heading=pl.lit(heading), value=name, code=code, detail=pl.lit(""))
    return coded.filter(pl.col("code").is_not_null()).cast(FINDINGS_SCHEMA)


def _lost_zeros(codes: pl.Series, heading: str) -> tuple[Concern, ...]:
    """Ask only where a code has kept its zeros: numbers that are counted up have any length."""
    digits = codes.filter(codes.str.contains(_DIGITS))
    kept = digits.str.starts_with("0") & (digits.str.len_bytes() > 1)
    return lost_zeros(digits, f"cells of {heading}") if kept.any() else ()

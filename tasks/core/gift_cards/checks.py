"""Checking every row of a file of gift cards.

What follows from whole columns (how amounts are written, what columns beside them say) is concluded once, rows are then
read some at a time (``card_rows``), and what they have to do with each other is judged of all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from schemas.domain import NumberFormat
from schemas.gift_cards import LIGHTSPEED_X, CardNumbers
from schemas.records import RowCounts, Total
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.checking.amounts import ZeroBalances
from tasks.core.checking.findings import count_rows, without_cells
from tasks.core.checking.lost_digits import cut_lengths
from tasks.core.checking.number_columns import in_their_formats
from tasks.core.checking.number_formats import Concluded
from tasks.core.checking.own_currency import foreign_heading, without_own_currency
from tasks.core.checking.pandera_checks import judge, other_lines
from tasks.core.checking.qualifiers import concerns_of, findings_of, judge_qualifiers, scaled_headings
from tasks.core.checking.total_checks import SummedAmounts, check_total, sum_amounts
from tasks.core.checking.workbook_numbers import without_foreign
from tasks.core.gift_cards.card_concerns import number_concerns
from tasks.core.gift_cards.card_rows import FOUND, Conventions, FoundInPart, check_part, slices
from tasks.core.gift_cards.last_days import Expiry, doubted, last_days
from tasks.core.reading.parts import ROWS_AT_ONCE

__all__ = ["Checked", "ZeroBalances", "check_gift_cards", "conclude_columns", "judge_all", "total_of"]

_COSTS = {
    "foreign": "AMOUNT_CURRENCY",
    "expired": "GIFT_EXPIRED",
    "unreadable": "GIFT_EXPIRY",
    "dead": "GIFT_ENDED",
}
_DOUBTS = {"unknown": "COLUMN_DOUBT", "unsaid": "COLUMN_DOUBT"}
_ASKS: Mapping[Expiry, Mapping[str, str]] = {
    "written": _DOUBTS,
    "looked at": {"expires": "GIFT_EXPIRES", **_DOUBTS},
}
"""What the columns beside number and balance say of a card: what turns the row away, and what a person looks at."""
_CELLS = {"number": "number", "balance_cents": "balance"}
"""Columns of the row model -> of the file."""


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A file whose columns were looked at as a whole. ``cells`` are ``line, number, balance``, amounts in one format.

    ``table`` has its own cells still. ``qualified`` is what columns beside ours say of rows.
    """

    table: Table
    cells: pl.DataFrame
    repairs: Mapping[str, int]
    qualified: pl.DataFrame
    expiry: Expiry
    conventions: Conventions


@dataclass(frozen=True, kw_only=True)
class FoundInAll:
    """What was found in a file as a whole; ``file`` is the table without its rows, with what was repaired.

    Rows on the lines of ``besides`` were accepted as long as nobody looked beyond their part. ``last_days``
    (``line, expires_on``): until when cards count, where the target is told. ``notes`` are for the report's "how the
    file was read".
    """

    file: Table
    findings: pl.DataFrame
    besides: pl.Series
    last_days: pl.DataFrame | None
    concerns: tuple[Concern, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What came of a file's rows.

    ``accepted`` satisfies ``schemas.gift_cards.GiftCards``. ``findings`` and ``concerns`` hold
    those of the table too. ``concluded`` is the format in which the amounts were read. For the rest see ``FoundInAll``.
    """

    file: Table
    accepted: pl.DataFrame
    findings: pl.DataFrame
    rows: RowCounts
    concluded: Concluded
    concerns: tuple[Concern, ...]
    notes: tuple[str, ...]
    file_totals: tuple[Total, ...]


def check_gift_cards(
    table: Table,
    *,
    currency: str,
    exponent: int,
    format_choice: NumberFormat | None,
    zero_balances: ZeroBalances,
    today: date,
    expiry: Expiry = "looked at",
    rows_at_once: int = ROWS_AT_ONCE,
) -> Checked:
    """Check every row; each reject is one finding a cell, and no row is left out of the count."""
    prepared = conclude_columns(
        table,
        currency=currency,
        exponent=exponent,
        format_choice=format_choice,
        zero_balances=zero_balances,
        today=today,
        expiry=expiry,
    )
    parts = [check_part(cells, prepared.conventions) for cells in slices(prepared.cells, rows_at_once)]
    found = judge_all(prepared, [part for _, part in parts])
    accepted = pl.concat([rows for rows, _ in parts]).filter(~pl.col("line").is_in(found.besides.implode()))
    if found.last_days is not None:
        accepted = accepted.join(found.last_days, on="line", how="left", maintain_order="left")
    return Checked(
        file=found.file,
        accepted=accepted,
        findings=found.findings,
        rows=count_rows(table, accepted, found.findings),
        concluded=prepared.conventions.concluded,
        concerns=found.concerns,
        notes=found.notes,
        file_totals=(total_of(sum_amounts(accepted["balance_cents"]), currency),),
    )


def conclude_columns(
    table: Table,
    *,
    currency: str,
    exponent: int,
    format_choice: NumberFormat | None,
    zero_balances: ZeroBalances,
    today: date,
    expiry: Expiry,
) -> Prepared:
    """Conclude from whole columns how a file is to be read."""
    table = without_foreign(table, currency)
    marked, repairs = without_own_currency(table.cells["balance"], currency)
    cells = table.cells.select("line", "number", marked.alias("balance"))
    cells, formats = in_their_formats(cells, table.numbers, ("balance",), LIGHTSPEED_X.number_format, format_choice)
    qualified = judge_qualifiers(table.qualifier_cells, LIGHTSPEED_X.qualifiers, currency=currency, today=today)
    return Prepared(
        table=table,
        cells=cells,
        repairs=repairs,
        qualified=doubted(qualified) if expiry == "written" else qualified,
        expiry=expiry,
        conventions=Conventions(
            currency=currency,
            exponent=exponent,
            zero_balances=zero_balances,
            concluded=formats["balance"],
            cut=cut_lengths(cells["number"]),
        ),
    )


def judge_all(prepared: Prepared, parts: Sequence[FoundInPart]) -> FoundInAll:
    """Add up what was found part by part, and look at all numbers together."""
    table, conventions = prepared.table, prepared.conventions
    in_parts = pl.concat([part.findings for part in parts])
    numbers = _readable_numbers(prepared, parts)
    in_words = _in_words(table, pl.concat([in_parts, _copies(numbers, in_parts, table)]))
    foreign = foreign_heading(table, "balance", conventions.currency)
    besides = [foreign, findings_of(prepared.qualified, _COSTS)]
    findings = pl.concat([table.findings, in_words, *besides]).sort("line", maintain_order=True)
    amounts = _added_up([part.amounts for part in parts])
    control = check_total(table, amounts, conventions.concluded, conventions.exponent, conventions.currency)
    asked = concerns_of(prepared.qualified, _ASKS[prepared.expiry], table.originals)
    concerns = (*number_concerns(numbers["line"], numbers["number"], table.originals), *asked)
    return FoundInAll(
        file=without_cells(table, prepared.repairs),
        findings=findings,
        besides=findings.filter(~pl.col("line").is_in(in_parts["line"].implode()))["line"].unique(),
        last_days=last_days(prepared.qualified, findings["line"]) if prepared.expiry == "written" else None,
        concerns=(*table.concerns, *concerns, *scaled_headings(table, "balance"), *control.concerns),
        notes=control.notes,
    )


def _readable_numbers(prepared: Prepared, parts: Sequence[FoundInPart]) -> pl.DataFrame:
    unread = pl.concat([part.unread for part in parts])
    numbers = prepared.cells.select("line", "number")
    return numbers.filter(~pl.col("line").is_in(unread.implode())) if unread.len() else numbers


def _copies(numbers: pl.DataFrame, found: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return the numbers that stand twice, and where else; none of which something else is wrong already."""
    failures = judge(CardNumbers, numbers)
    copies = failures.select("line", same=numbers["number"].gather(failures["index"]).str.to_lowercase())
    wrong = found.filter(column="number")["line"]
    only_copies = copies.filter(~pl.col("line").is_in(wrong.implode()))
    joined = only_copies.join(other_lines(copies, table.originals), on="line", how="left", maintain_order="left")
    code = pl.lit("GIFT_NUMBER_DUP_FILE")
    return joined.select("line", column=pl.lit("number"), code=code, detail=pl.col("others").fill_null("")).cast(FOUND)


def _in_words(table: Table, found: pl.DataFrame) -> pl.DataFrame:
    """Put findings in the words of the file, by line and then in the order of the columns."""
    ordered = found.sort("line", pl.col("column") == "balance_cents", maintain_order=True)
    cells = table.cells.filter(pl.col("line").is_in(found["line"].implode())).select("line", *_CELLS.values())
    joined = ordered.join(cells, on="line", how="left", maintain_order="left")
    heading = {name: table.headings[cell] for name, cell in _CELLS.items()}
    return joined.select(
        "line",
        heading=pl.col("column").replace_strict(heading, return_dtype=pl.String),
        value=pl.when(pl.col("column") == "number").then("number").otherwise("balance"),
        code="code",
        detail="detail",
    ).cast(FINDINGS_SCHEMA)


def _added_up(amounts: Sequence[SummedAmounts]) -> SummedAmounts:
    return SummedAmounts(cents=sum(each.cents for each in amounts), rows=sum(each.rows for each in amounts))


def total_of(amounts: SummedAmounts, currency: str) -> Total:
    """Return the control total of accepted rows."""
    return Total(currency=currency, count=amounts.rows, sum_cents=amounts.cents)

"""Sales that a file tells, as the lines a till would show: read cell by cell, and held beside the till's own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from schemas.catalogue import CATALOGUE
from schemas.columns import names_in_files
from schemas.loyalty.pos_sales import PosSales
from schemas.loyalty.witnesses import PARSED_SALES, SALES
from schemas.tables import Concern, Table
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.findings import column_findings, judged_findings, without_rejects
from tasks.core.checking.own_currency import currency_findings, in_own_currency
from tasks.core.checking.pandera_checks import judge
from tasks.core.checking.workbook_numbers import in_one_format, without_foreign
from tasks.core.loyalty.item_codes import item_codes
from tasks.core.loyalty.readers import read_cells
from tasks.core.loyalty.times import Clock
from tasks.core.reading.row_numbers import place_on
from tasks.core.wording.words import counted

_NAMED = 3
"""So many unreadable cells are named; who puts these right sees the others with the next run."""


@dataclass(frozen=True, kw_only=True)
class CheckedSales:
    """What a file told (PARSED_SALES), and what of it cannot be read.

    *doubted* are the first and the last day of a file that cannot be read at all, where its name says them.
    """

    lines: pl.DataFrame
    concerns: tuple[Concern, ...]
    unread: int
    doubted: tuple[date, date] | None = None


def check_sales(table: Table, *, name: str, clock: Clock, currency: str) -> CheckedSales:
    """Check every row of *table* (of the dialect POS_SALES); *currency* is the shop's."""
    table = without_foreign(table, currency)
    foreign, doubts = currency_findings(table, "paid", currency, clock.today)
    table = in_one_format(in_own_currency(table, "paid", currency), "paid")
    columns = read_cells(table, PosSales, clock, currency).columns
    named = names_in_files(PosSales).items()
    values = pl.DataFrame({"line": table.cells["line"], **{name: columns[own].values for name, own in named}})
    findings = pl.concat([table.findings, *_unreadable(table, columns, values), foreign])
    findings = findings.unique(["line", "heading", "code"], maintain_order=True).sort("line", maintain_order=True)
    lines = without_rejects(values, findings).select(
        "sale_id",
        "customer_id",
        "item",
        "quantity_milli",
        "paid_cents",
        sold_on=pl.col("sold_at").dt.convert_time_zone(clock.zone).dt.date(),
        upc=item_codes(pl.col("upc")),
        file=pl.lit(name),
        whole=pl.lit(findings.is_empty()),
    )
    unread = findings["line"].n_unique()
    return CheckedSales(
        lines=lines.select(*PARSED_SALES).cast(PARSED_SALES),
        concerns=(*table.concerns, *doubts, *((_unread(name, table, findings),) if unread else ())),
        unread=unread,
    )


def _unreadable(table: Table, columns: Mapping[str, ReadColumn], values: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Name what cannot be read; of all else that the schema does not let pass, the reader says nothing."""
    unread = [column_findings(table, each, column) for each, column in columns.items() if column.rejects.height]
    yield from unread
    judged = judged_findings(table, judge(PosSales, values), names_in_files(PosSales))
    yield judged.join(pl.concat([judged.clear(), *unread]), on=["line", "heading"], how="anti", maintain_order="left")


def _unread(name: str, table: Table, findings: pl.DataFrame) -> Concern:
    """Say which cells, by line and heading; what stands in them is about customers."""
    first = findings.head(_NAMED).select("line", "heading", "code").iter_rows()
    places = "; ".join(
        f"{place_on(table.originals, line)}{f', {heading}' if heading else ''}: {CATALOGUE[c].says}"
        for line, heading, c in first
    )
    lines = findings["line"].n_unique()
    more = "" if findings.height <= _NAMED else "; and more"
    says = f"{name}: {lines:,} of {counted(table.rows_in, 'row')} cannot be read ({places}{more})"
    return Concern(code="LOYALTY_SALES_UNREAD", says=f"{says}: what the file lacks proves nothing")


def unreadable(name: str, why: str, days: tuple[date, date] | None) -> CheckedSales:
    """Say of a file that nothing of it could be read, and what nobody knows without it."""
    on = "" if days is None else f" on {days[0]}" if days[0] == days[1] else f" from {days[0]} to {days[1]}"
    says = (
        f"{name} cannot be read, and was left out: {why} Until then nobody knows from it what was sold{on}, "
        "and no failure is proven by it"
    )
    concern = Concern(code="LOYALTY_SALES_FILE", says=says)
    return CheckedSales(lines=PARSED_SALES.to_frame(), concerns=(concern,), unread=0, doubted=days)


def with_doubts(lines: pl.DataFrame, doubted: Sequence[tuple[date, date]]) -> pl.DataFrame:
    """Take no day for whole that a file was about which cannot be read: it may have told of more."""
    sound = pl.all_horizontal(
        [pl.col("whole"), *(~pl.col("sold_on").is_between(first, last) for first, last in doubted)]
    )
    return lines.with_columns(whole=sound)


def newest_of_each_sale(files: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put files together, oldest first: of a sale that several tell, the newest tells all of its lines."""
    every = pl.concat([PARSED_SALES.to_frame(), *files])
    last = pl.col("file").last().over("sale_id", "sold_on")
    return every.filter(pl.col("file") == last)


@dataclass(frozen=True, kw_only=True)
class Sold:
    """What was sold (SALES), and the days of which that is all."""

    lines: pl.DataFrame
    days: pl.Series


def unrecorded_sales(till: pl.Series, sales: pl.DataFrame, first: date, last: date) -> Sold:
    """Return what files tell (PARSED_SALES) of days of which the till has nothing: no sale counts twice.

    *till* are the days that the till knows. Failures are of the days from *first* to *last*; sales of a day around
    them may be theirs.
    """
    day = timedelta(days=1)
    near = pl.col("sold_on").is_between(first - day, last + day)
    others = sales.filter(near & ~pl.col("sold_on").is_in(till.implode()))
    days = others.group_by("sold_on").agg(pl.col("whole").all()).filter("whole")["sold_on"].sort()
    return Sold(lines=others.select(*SALES), days=pl.concat([till, days]).unique().sort())

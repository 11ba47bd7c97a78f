"""A list of all gift cards as Lightspeed exports it: what every card is worth, and whether it can be used.

What a file asks of these cards is not decided here.
"""

from functools import partial

import polars as pl

from schemas.domain import Dialect, Resource
from schemas.gift_cards import STATUSES
from schemas.records import Total
from schemas.tables import Table
from tasks.core.checking.amounts import read_cents
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.lost_digits import cut_lengths
from tasks.core.checking.number_columns import in_their_formats
from tasks.core.checking.whole_lists import expect_none
from tasks.core.gift_cards.card_numbers import read_numbers

VOIDED = "VOIDED"
_EXPORT_AGAIN = (
    "Nothing can be compared with such a list. Export all gift cards again, drop the file in the same folder as it is "
    "and run again."
)


def cards_of(
    table: Table, dialect: Dialect, resource: Resource, *, name: str, currency: str, exponent: int
) -> pl.DataFrame:
    """Return every card of a list as the target holds it (``schemas.gift_cards.GiftCardRecords``).

    A card with nothing left on it is called REDEEMED there; for us it is an active one worth nothing.

    Raises:
        FileNeedsFixing: Rows cannot be read, or a number stands twice. A list with holes would let cards in again.
    """
    cells, formats = in_their_formats(table.cells, table.numbers, ("balance",), dialect.number_format, None)
    numbers = read_numbers(table.cells["number"], cut_lengths(table.cells["number"]))
    cents = read_cents(cells["balance"], formats["balance"], exponent)
    statuses = table.cells["status"].str.to_uppercase()
    lines = table.cells["line"]
    refused = partial(expect_none, table, name=name, remedy=_EXPORT_AGAIN)
    refused(table.findings["line"], "cannot be read")
    refused(_lines_of(lines, numbers), "have no readable number")
    refused(_lines_of(lines, cents), "have no readable balance")
    refused(lines.filter(~statuses.is_in(STATUSES)), f"have none of the statuses {', '.join(STATUSES)}")
    refused(lines.filter(numbers.values.str.to_lowercase().is_duplicated()), "have a number twice")
    empty = (statuses == "REDEEMED") & (cents.values == 0)
    return pl.DataFrame(
        {
            resource.key: numbers.values,
            "currency": pl.repeat(currency, lines.len(), dtype=pl.String, eager=True),
            "balance_cents": cents.values,
            "status": statuses.set(empty, "ACTIVE"),
        }
    ).select(resource.key, *resource.columns)


def totals_of(cards: pl.DataFrame, resource: Resource) -> tuple[Total, ...]:
    """Return count and sum of the cards that can be used, by currency."""
    live = cards.filter(pl.col(resource.status) == resource.live).group_by(resource.unit)
    summed = live.agg(pl.len(), pl.col(resource.amount).sum()).sort(resource.unit)
    return tuple(Total(currency=unit, count=count, sum_cents=cents) for unit, count, cents in summed.iter_rows())


def _lines_of(lines: pl.Series, column: ReadColumn) -> pl.Series:
    return lines.gather(column.rejects["index"])

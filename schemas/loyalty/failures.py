"""A failure as a row: the one place where each column of a report is declared, with its headings, checks and codes.

What the reports are beside their columns is in ``schemas.loyalty.reports``, how cells are read in
``tasks.core.loyalty.readers``.
"""

from collections.abc import Mapping
from typing import get_args

import pandera.polars as pa
import polars as pl

from schemas.columns import Declaration, Heading, Reading, column, heading
from schemas.loyalty.records import FailureSource, Instant, ReasonCode, Section


def _in_both(
    reads: Reading, own: Heading, *, private: bool = False, codes: Mapping[str, str] | None = None
) -> dict[str, Declaration]:
    """Return the metadata of a column that both sections of the report have."""
    return column(reads, private=private, codes=codes, astro_redemption_failures=own, astro_transaction_failures=own)


class Failures(pa.DataFrameModel):
    """One row a failure, as a report tells it. Holds personal data: kept in artifacts only.

    ``failure_key`` is the SHA-256 of section, customer, reward or transaction and UPC, occurred_at and
    reason without regard to case and blanks: the same failure has the same key in every report. Two rows
    of one file that have no id and are otherwise the same are two failures, and the second's key says so.
    """

    line: pl.UInt32 = pa.Field(ge=1, description="where it stands in its source, from 1")
    source: str = pa.Field(isin=get_args(FailureSource))
    failure_key: str = pa.Field(str_matches="^[0-9a-f]{64}$", unique=True)
    section: str = pa.Field(isin=get_args(Section))
    customer_id: str = pa.Field(
        description="the customer's number in the shop; empty where only the name is told",
        metadata=_in_both(
            "reference",
            heading(
                "customer_id",
                "the customer's number in the shop",
                required=False,
                place=2,
                en="Customer number",
                fr="ID client",
                nl="Klantnummer",
                sv="Kundnummer",
            ),
            private=True,
        ),
    )
    customer_name: str = pa.Field(
        description="private: never in the ledger, in Prefect or in a log",
        metadata=_in_both(
            "label",
            heading(
                "customer_name",
                "as the report shows it",
                required=False,
                place=1,
                en="Customer",
                fr="Nom du client|Client",
                nl="Klant",
                sv="Kund",
            ),
            private=True,
        ),
    )
    customer_link: str = pa.Field(
        description="where the name leads to on the page of the report; empty elsewhere",
        metadata=column("link", private=True),
    )
    reward_id: str = pa.Field(
        description="of a redemption: the reward that was to be redeemed",
        metadata=column(
            "reference",
            astro_redemption_failures=heading(
                "reward_id",
                "the number of the reward",
                place=3,
                fr="ID de récompense",
                nl="Beloning-ID",
                sv="Belönings-ID",
            ),
        ),
    )
    transaction_id: str = pa.Field(
        description="of a transaction: what the till called it",
        metadata=column(
            "reference",
            astro_transaction_failures=heading(
                "transaction_id",
                "what the till called the purchase",
                required=False,
                place=3,
                fr="ID de transaction",
                nl="Transactie-ID",
                sv="Transaktions-ID",
            ),
        ),
    )
    upc: str = pa.Field(
        str_matches=r"^([0-9]{12,14})?$",
        description="digits; leading zeros count",
        metadata=column(
            "item_code",
            codes={"str_matches": "LOYALTY_UPC"},
            astro_transaction_failures=heading(
                "upc", "the item's code, digits only", place=4, en="Item code", fr="CUP", nl="EAN"
            ),
        ),
    )
    program: str = pa.Field(
        description="title of the programme, as told",
        metadata=column(
            "label",
            astro_redemption_failures=heading(
                "program", "title of the programme", required=False, place=6, fr="Programme", nl="Programma"
            ),
        ),
    )
    occurred_at: Instant = pa.Field(
        description="when it failed",
        metadata=_in_both(
            "shop_time",
            heading(
                "occurred_at",
                "day and time in the shop's time zone, such as 2026-11-20 17:45",
                place=5,
                en="Date|Date/Time",
                fr="Date et heure",
                nl="Datum",
                sv="Tid",
            ),
            codes={"not_nullable": "LOYALTY_TIME"},
        ),
    )
    occurred_on: pl.Date = pa.Field(description="the same in the shop's time zone")
    reason: str = pa.Field(
        str_length={"min_value": 1},
        description="in the source's words",
        metadata=_in_both(
            "text",
            heading("reason", "in Astro's words", place=7, fr="Raison", nl="Reden", sv="Orsak"),
            codes={"not_nullable": "CELL_EMPTY", "str_length": "CELL_EMPTY"},
        ),
    )
    reason_code: str = pa.Field(isin=get_args(ReasonCode))
    quantity_milli: pl.Int64 = pa.Field(
        ge=0,
        nullable=True,
        description="thousandths of a piece",
        metadata=_in_both(
            "pieces",
            heading("quantity", "how many, such as 1 or 0.5", required=False, place=8, en="qty"),
            codes={"greater_than_or_equal_to": "LOYALTY_QUANTITY"},
        ),
    )
    amount_cents: pl.Int64 = pa.Field(
        ge=0,
        nullable=True,
        description="price of it all, in minor units",
        metadata=_in_both(
            "money",
            heading("amount", "an amount such as 54.99", required=False, place=9),
            codes={"greater_than_or_equal_to": "AMOUNT_NEGATIVE"},
        ),
    )

    class Config:
        strict = True

"""Sales of a point of sale as a file: evidence of what was bought, where the till's own table has none of that day.

No system's export is meant: these headings are ours, those of the common tills stand beside them, and a shop whose
file has others saves them, as for any other dialect. A sale here is never booked anywhere.
"""

import pandera.polars as pa
import polars as pl

from schemas.columns import column, heading, with_columns_of
from schemas.domain import Dialect, NumberFormat
from schemas.loyalty.records import Instant
from schemas.total_words import TOTAL_WORDS

LOYALTY_SALES = "loyalty-sales"
"""The folder of the inbox in which such files stay: a failure is looked up in them for as long as it is open."""


class PosSales(pa.DataFrameModel):
    """One row a line of a sale. What was brought back stands below zero."""

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    sale_id: str = pa.Field(
        str_length={"min_value": 1},
        description="what the till calls the sale; several lines may have it",
        metadata=column(
            "reference",
            codes={"str_length": "CELL_EMPTY"},
            pos_sales=heading(
                "sale_id",
                en="Sale ID|Sale number|Receipt number",
                fr="Numéro de vente",
                nl="Bonnummer",
                sv="Kvittonummer",
            ),
        ),
    )
    customer_id: str = pa.Field(
        description="the customer's number in the shop; blank: a sale to nobody we know",
        metadata=column(
            "reference",
            private=True,
            pos_sales=heading("customer_id", en="Customer number", fr="ID client", nl="Klantnummer", sv="Kundnummer"),
        ),
    )
    sold_at: Instant = pa.Field(
        description="day and time in the shop's time zone, such as 2026-11-20 17:45",
        metadata=column(
            "shop_time",
            codes={"not_nullable": "LOYALTY_TIME"},
            pos_sales=heading("sold_at", en="Date|Date/Time", fr="Date et heure", nl="Datum", sv="Tid"),
        ),
    )
    upc: str = pa.Field(
        str_length={"min_value": 1},
        description="the item's code",
        metadata=column(
            "id", codes={"str_length": "CELL_EMPTY"}, pos_sales=heading("upc", en="SKU|Item code", fr="CUP", nl="EAN")
        ),
    )
    item: str = pa.Field(
        nullable=True,
        description="what it is called",
        metadata=column(
            "label",
            pos_sales=heading("item", required=False, en="Description", fr="Article", nl="Artikel", sv="Artikelnamn"),
        ),
    )
    quantity_milli: pl.Int64 = pa.Field(
        description="how many, such as 1 or 0.5; below zero: brought back",
        metadata=column(
            "signed_pieces",
            codes={"not_nullable": "CELL_EMPTY"},
            pos_sales=heading("quantity", en="qty", fr="Quantité", nl="Aantal", sv="Antal"),
        ),
    )
    paid_cents: pl.Int64 = pa.Field(
        description="what was paid for the line, with tax; 0: a free good",
        metadata=column(
            "signed_money",
            codes={"not_nullable": "CELL_EMPTY"},
            pos_sales=heading("paid", en="Line total|Total", fr="Montant", nl="Bedrag", sv="Belopp"),
        ),
    )

    class Config:
        strict = True


POS_SALES = with_columns_of(
    PosSales,
    Dialect(
        name="pos_sales",
        number_format=NumberFormat(),
        error_headings={"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"},
        reference_heading="Counterfoil row",
        qualifiers=("currency",),
        total_words=TOTAL_WORDS,
    ),
)

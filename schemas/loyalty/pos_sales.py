"""Sales of a point of sale as a file: evidence of what was bought, where the till's own table has none of that day.

No system's export is meant: these headings are ours, those of the common tills stand beside them, and a shop whose
file has others saves them, as for any other dialect. A sale here is never booked anywhere.
"""

from schemas.domain import Column, Dialect, NumberFormat
from schemas.total_words import TOTAL_WORDS

LOYALTY_SALES = "loyalty-sales"
"""The folder of the inbox in which such files stay: a failure is looked up in them for as long as it is open."""

POS_SALES = Dialect(
    name="pos_sales",
    columns=(
        Column(
            name="sale_id",
            heading="sale_id",
            description="what the till calls the sale; several lines may have it",
            aliases={
                "Sale ID": "en",
                "Sale number": "en",
                "Receipt number": "en",
                "Numéro de vente": "fr",
                "Bonnummer": "nl",
                "Kvittonummer": "sv",
            },
        ),
        Column(
            name="customer_id",
            heading="customer_id",
            description="the customer's number in the shop; blank: a sale to nobody we know",
            aliases={"Customer number": "en", "ID client": "fr", "Klantnummer": "nl", "Kundnummer": "sv"},
        ),
        Column(
            name="sold_at",
            heading="sold_at",
            description="day and time in the shop's time zone, such as 2026-11-20 17:45",
            aliases={"Date": "en", "Date/Time": "en", "Date et heure": "fr", "Datum": "nl", "Tid": "sv"},
            dates=True,
        ),
        Column(
            name="upc",
            heading="upc",
            description="the item's code",
            aliases={"SKU": "en", "Item code": "en", "CUP": "fr", "EAN": "nl"},
        ),
        Column(
            name="item",
            heading="item",
            description="what it is called",
            aliases={"Description": "en", "Article": "fr", "Artikel": "nl", "Artikelnamn": "sv"},
            required=False,
        ),
        Column(
            name="quantity",
            heading="quantity",
            description="how many, such as 1 or 0.5; below zero: brought back",
            aliases={"qty": "en", "Quantité": "fr", "Aantal": "nl", "Antal": "sv"},
            holds="quantity",
        ),
        Column(
            name="paid",
            heading="paid",
            description="what was paid for the line, with tax; 0: a free good",
            aliases={"Line total": "en", "Total": "en", "Montant": "fr", "Bedrag": "nl", "Belopp": "sv"},
            holds="money",
        ),
    ),
    number_format=NumberFormat(),
    error_headings={"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"},
    reference_heading="Counterfoil row",
    codes=("sale_id", "customer_id", "upc"),
    padded=("sale_id", "customer_id"),
    qualifiers=("currency",),
    labels=("item",),
    total_words=TOTAL_WORDS,
)

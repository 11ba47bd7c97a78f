"""Gift cards: what the till owes the people who hold them.

Sources: the help article on importing existing gift-card balances (two columns, letters
and digits only) and contracts/lightspeed-x-series.md 1.4 (statuses, template).
"""

from dataclasses import replace

import pandera.polars as pa
import polars as pl

from schemas.columns import coded, column, heading, with_columns_of
from schemas.domain import CodeRow, Dialect, Domain, Limits, NumberFormat, Resource
from schemas.target_names import GiftCardTarget
from schemas.total_words import TOTAL_WORDS

NUMBER_PATTERN = r"^[A-Za-z0-9]+$"
LONGEST_NUMBER = 64
"""Assumed: the article gives no limit; no printed card we know of is longer."""

STATUSES = ("ACTIVE", "INACTIVE", "REDEEMED", "VOIDED", "EXPIRED")


class GiftCards(pa.DataFrameModel):
    """One row a card, as a file wants it to be. Amounts are integer minor units."""

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    number: str = pa.Field(
        str_matches=NUMBER_PATTERN,
        str_length={"max_value": LONGEST_NUMBER},
        description="the code printed on the card: letters and digits only",
        metadata=column(
            "card_number",
            codes={"str_matches": "GIFT_NUMBER_CHARS", "str_length": "GIFT_NUMBER_LENGTH"},
            lightspeed_x=heading(
                "Number",
                "letters and digits only, as printed on the card",
                fr="numéro|numero",
                sv="nummer|kortnummer",
            ),
        ),
    )
    currency: str = pa.Field(str_matches=r"^[A-Z]{3}$", description="ISO 4217 code", metadata=column("currency"))
    balance_cents: pl.Int64 = pa.Field(
        ge=0,
        description="what the card is worth, in minor units",
        metadata=column(
            "money",
            codes={"greater_than_or_equal_to": "AMOUNT_NEGATIVE"},
            lightspeed_x=heading("Balance", "an amount such as 12.50", fr="solde", sv="saldo"),
        ),
    )
    expires_on: pl.String | None = pa.Field(
        nullable=True, description="the last day on which it counts (ISO 8601), where the target is told"
    )

    class Config:
        strict = True


class CardNumbers(pa.DataFrameModel):
    """One row a card of a file: its number. All rows of a file are judged at once."""

    line: pl.UInt32 = pa.Field(ge=1, description="where the row stands in its file, from 1")
    number: str = pa.Field(
        description="the number of the card, as GiftCards has judged it",
        metadata=coded(appears_once="GIFT_NUMBER_DUP_FILE"),
    )

    class Config:
        strict = True

    @pa.check("number")
    def appears_once(cls, data: pa.PolarsData) -> pl.LazyFrame:  # noqa: N805
        """A number that appears twice, in any mix of cases, is no number to pay out on."""
        folded = pl.col(data.key or "number").str.to_lowercase()
        return data.lazyframe.select(~folded.is_duplicated())


class GiftCardRecords(pa.DataFrameModel):
    """One row a card, as the target holds it."""

    number: str = pa.Field(
        description="the code printed on the card",
        metadata=column("card_number", lightspeed_x_cards=heading("number", en="Card number|Gift card number")),
    )
    currency: str
    balance_cents: pl.Int64 = pa.Field(
        description="what the card is worth, in minor units",
        metadata=column("money", lightspeed_x_cards=heading("Balance", en="Current balance")),
    )
    status: str = pa.Field(
        isin=STATUSES,
        description="whether it can be used",
        metadata=column("text", lightspeed_x_cards=heading("Status")),
    )
    expires_on: pl.String | None = pa.Field(
        nullable=True, description="the last day on which it counts (ISO 8601), where that was asked for"
    )

    class Config:
        strict = True


LIGHTSPEED_X = with_columns_of(
    GiftCards,
    Dialect(
        name="lightspeed_x",
        number_format=NumberFormat(decimal=".", thousands=""),
        error_headings={"en": "Error", "fr": "Erreur", "sv": "Fel"},
        reference_heading="Counterfoil row",
        qualifiers=("currency", "dead", "expiry", "live", "status", "unit"),
        total_words=TOTAL_WORDS,
    ),
)

LIGHTSPEED_X_CARDS = with_columns_of(
    GiftCardRecords,
    Dialect(
        name="lightspeed_x_cards",
        number_format=NumberFormat(decimal=".", thousands=""),
        error_headings={"en": "Error"},
        reference_heading="Counterfoil row",
    ),
)
"""The list of all cards as Lightspeed's own tool for the command line exports it (contracts/lightspeed-x-series.md 1.4;
assumed of the list on its screen). It is a register, and no file to import."""

_CODES: tuple[CodeRow, ...] = (
    ("GIFT_NUMBER_CHARS", "reject", "a card number has letters A-Z and digits only", "write it as printed on the card"),
    ("GIFT_NUMBER_LENGTH", "reject", "too long for a card number", "write it as printed on the card"),
    ("GIFT_NUMBER_DUP_FILE", "reject", "stands in the file more than once", "keep the one row that is right"),
    (
        "GIFT_EXPIRED",
        "reject",
        "the card has expired",
        "take the row out; if the card still counts, put the date right",
    ),
    (
        "GIFT_EXPIRY",
        "reject",
        "until when the card counts cannot be read",
        "write it as year-month-day, or empty the cell",
    ),
    (
        "GIFT_EXPIRES",
        "concern",
        "the card counts until a day, and the till is not told",
        "look whether the till's own rule for expiry is right for these cards",
    ),
    ("GIFT_ENDED", "reject", "the card no longer counts", "take the row out; if it still counts, put this cell right"),
    ("GIFT_CARD_LIKE_PAN", "concern", "looks like the number of a payment card", "make sure it is a gift card"),
    ("GIFT_EXISTS_SAME", "note", "the card is already as the file wants it", "nothing to do"),
    (
        "GIFT_EXISTS_DIFF",
        "held",
        "the card is already there with another balance",
        "choose existing_cards=set or top_up",
    ),
    ("GIFT_VOIDED", "held", "the card is there but is not active", "give the customer a new card"),
    ("GIFT_NUMBER_CASE", "held", "the card is there in other upper and lower case", "write it as the till has it"),
    ("GIFT_CURRENCY", "held", "the card is there in another currency", "set it right in the till first"),
    (
        "GIFT_EXPIRES_OTHERWISE",
        "held",
        "the card is there and counts until another day",
        "look which day is right; the day of a card that was issued cannot be changed",
    ),
    (
        "GIFT_EXPIRY_UNSAID",
        "held",
        "the file says until when other cards count, and not this one",
        "write a day; take cards that always count into a file of their own, without that column",
    ),
)

GIFT_CARDS = Domain(
    name="gift-cards",
    title="Gift cards",
    flow="flows.gift_cards.import_gift_cards",
    codes=_CODES,
    dialects=(LIGHTSPEED_X,),
    resource=Resource(
        name="gift_cards",
        key="number",
        columns=("currency", "balance_cents", "status"),
        known_by="number",
        amount="balance_cents",
        unit="currency",
        status="status",
        live="ACTIVE",
    ),
    rows=(GiftCards, CardNumbers),
    records=GiftCardRecords,
    limits=Limits(
        changed_share=0.20,
        changed_rows_floor=50,
        changed_rows=5_000,
        added=10_000,
        amount=1_000,
        noun="card",
        amount_code="LIMIT_CARD",
    ),
)

EXPIRES_ON = "expires_on"
EXPIRING_CARDS = replace(
    GIFT_CARDS, resource=replace(GIFT_CARDS.resource, columns=(*GIFT_CARDS.resource.columns, EXPIRES_ON))
)
"""The same cards, with until when they count: of a file that says so, for a target that is told when it issues them.
All that does not say so, and every restore, is planned without: nothing changes that day later."""
TAKE_EXPIRY: frozenset[GiftCardTarget] = frozenset({"lightspeed_x"})
"""The targets that are told."""

"""The words that advice is filled in with, and the filling in."""

import re

import polars as pl

from schemas.sentences import Sentences
from tasks.core.wording.quantities import quantity_text

_BLANK = re.compile(r"\{(\w+)\}")
_PICK = "choose the item that the customer took from the list."
_PICK_CHEAPEST = (
    "the item that the customer took is not offered: choose the lowest-value item bought, which Astro names "
    "as the lowest priced item on the card{}. That is the most that is credited."
)
_CONTACTS = {
    "email": "e-mail address",
    "address": "postal address",
    "email,address": "e-mail address and the postal address",
}
_SOME_CONTACT, _NOBODY, _ITEM = "contact data that it asks for", "customer without number", "the item"
_PROGRAMME, _UNKNOWN, _PERHAPS = "that Astro names", "an unknown number", ": perhaps {}"
WORDS: Sentences = (
    *(
        _PICK,
        _PICK_CHEAPEST.format("%(item)s"),
        *_CONTACTS.values(),
        _SOME_CONTACT,
        _NOBODY,
        _ITEM,
        _PROGRAMME,
        _UNKNOWN,
    ),
    _PERHAPS.format("%(item)s"),
)
"""What blanks of advice are filled in with, where it is not somebody's own word."""


def with_words(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the words of failures with evidence, all text and none null."""
    cheapest = (
        pl.when(pl.col("cheapest_item").fill_null("") == "")
        .then(pl.lit(""))
        .otherwise(pl.format(" ({})", "cheapest_item"))
    )
    contact = pl.col("missing_contact").replace_strict(_CONTACTS, default=None, return_dtype=pl.String)
    return rows.with_columns(
        customer=_given_or("customer_id", _NOBODY),
        contact=contact.fill_null(_SOME_CONTACT),
        pick=pl.when("dear").then(pl.format(_PICK_CHEAPEST, cheapest)).otherwise(pl.lit(_PICK)),
        item=_given_or("item_name", _ITEM),
        date=pl.col("occurred_on").dt.to_string("%Y-%m-%d"),
        deadline=pl.col("expires_on").dt.to_string("%Y-%m-%d"),
        due=_pieces(pl.col("due_milli")),
        recorded=_pieces(pl.col("recorded_milli")),
        later=_pieces(pl.col("recorded_later_milli")),
        missing=_pieces(pl.col("adding_milli")),
        of_programme=_given_or("programme", _PROGRAMME),
        maker_programme=_given_or("brand_programme", _PROGRAMME),
        similar=pl.when(pl.col("similar_item").fill_null("") == "")
        .then(pl.lit(""))
        .otherwise(pl.format(_PERHAPS, "similar_item")),
    )


def _given_or(name: str, otherwise: str) -> pl.Expr:
    return pl.when(pl.col(name).fill_null("") == "").then(pl.lit(otherwise)).otherwise(name)


def _pieces(milli: pl.Expr) -> pl.Expr:
    """Write thousandths of a piece as people do: 2, or 0.5."""
    return quantity_text(milli).fill_null(_UNKNOWN)


def filled(template: str) -> pl.Expr:
    """Fill the blanks of a template from the columns that they name."""
    names = _BLANK.findall(template)
    return pl.format(_BLANK.sub("{}", template), *names) if names else pl.lit(template)

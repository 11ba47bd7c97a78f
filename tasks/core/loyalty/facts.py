"""What is known of a failure, in the words of the rules: yes, no, ``?`` where nobody could say, and counts compared.

A question mark is an answer of its own: no rule may take it for a no.
"""

from datetime import date

import polars as pl

_UNKNOWN = pl.lit("?")
REDEMPTION_FACTS = ("reason", "customer", "reward", "contact", "fits", "pick", "first", "sure")
TRANSACTION_FACTS = (
    *("reason", "customer", "sold", "recorded", "by_hand", "same_id", "first"),
    *("programmes", "maker", "enrolled", "path", "by_call"),
)


def with_facts(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Add ``facts`` to *rows*, which are failures with their evidence; *day* tells what happened today."""
    counted = rows.with_columns(
        first=~pl.col("failure_key").is_in(_later(rows).implode()),
        due_milli=pl.col("bought_milli") - pl.col("free_milli"),
        dear=~pl.col("free_item_eligible").fill_null(pl.col("reason_code") != "item_not_eligible"),
    )
    facts = pl.struct(
        reason="reason_code",
        customer=_answer("customer_known"),
        reward=pl.col("reward_state").fill_null("?"),
        contact=_contact(),
        fits=pl.when("dear").then(pl.lit("no")).otherwise(pl.lit("yes")),
        pick=_pick(),
        sure=_answer(pl.col("missing_contact").is_not_null() & pl.col("free_item_eligible").is_not_null()),
        sold=_sold(),
        recorded=_compared(pl.col("recorded_milli")),
        by_hand=_by_hand(),
        same_id=_answer("recorded_with_id"),
        first=_answer("first"),
        programmes=_named(pl.coalesce("programme", "programme_id")),
        maker=_named(pl.col("brand_programme")),
        enrolled=_answer("enrolled"),
        path=_path(day),
        by_call=_answer(_can_be_told()),
    )
    return counted.with_columns(facts=facts)


def _answer(column: str | pl.Expr) -> pl.Expr:
    asked = pl.col(column) if isinstance(column, str) else column
    return pl.when(asked.is_null()).then(_UNKNOWN).when(asked).then(pl.lit("yes")).otherwise(pl.lit("no"))


def _named(title: pl.Expr) -> pl.Expr:
    return pl.when(title.is_null()).then(_UNKNOWN).when(title == "").then(pl.lit("none")).otherwise(pl.lit("some"))


def _contact() -> pl.Expr:
    missing = pl.col("missing_contact")
    return (
        pl.when(missing.is_null())
        .then(_UNKNOWN)
        .when(missing == "")
        .then(pl.lit("complete"))
        .when(pl.col("contact_at_hand"))
        .then(pl.lit("at hand"))
        .otherwise(pl.lit("missing"))
    )


def item_to_redeem() -> pl.Expr:
    """Return the item that may be redeemed: what the customer took, or the cheapest bought where that is too dear."""
    item = pl.when("dear").then("cheapest_item_id").otherwise("free_item_id")
    return item.fill_null("")


def _pick() -> pl.Expr:
    by_a_person = (item_to_redeem() == "") | (pl.col("customer_id") == "")
    return pl.when(by_a_person).then(pl.lit("person")).otherwise(pl.lit("known"))


def _sold() -> pl.Expr:
    """Say what the till knows of the sale. Whether it was free must be known too: a free good is no purchase."""
    return (
        pl.when(pl.col("bought_milli") <= 0)
        .then(pl.lit("none"))
        .when(pl.col("due_milli") <= 0)
        .then(pl.lit("free"))
        .when(pl.col("due_milli") > 0)
        .then(pl.lit("some"))
        .otherwise(_UNKNOWN)
    )


def _compared(there: pl.Expr) -> pl.Expr:
    """Compare what is on the card with what should be."""
    due = pl.col("due_milli")
    return (
        pl.when(there < due)
        .then(pl.lit("less"))
        .when(there == due)
        .then(pl.lit("enough"))
        .when(there > due)
        .then(pl.lit("more"))
        .otherwise(_UNKNOWN)
    )


def _by_hand() -> pl.Expr:
    later = pl.col("recorded_later_milli")
    enough = pl.col("recorded_milli") + later >= pl.col("due_milli")
    return (
        pl.when(later == 0)
        .then(pl.lit("none"))
        .when((later > 0) & enough)
        .then(pl.lit("enough"))
        .when(later > 0)
        .then(pl.lit("some"))
        .otherwise(_UNKNOWN)
    )


def missing_milli() -> pl.Expr:
    """Return how many are on no card, those counted that were put there by hand later; null where nobody knows."""
    there = pl.col("recorded_milli") + pl.col("recorded_later_milli").fill_null(0)
    return pl.when(pl.col("due_milli") > there).then(pl.col("due_milli") - there)


def _can_be_told() -> pl.Expr:
    """Say whether a call can add what is missing: Astro takes whole pieces, by the numbers of customer and purchase."""
    named = (pl.col("customer_id") != "") & (pl.col("transaction_id") != "")
    return named & (missing_milli() % 1000 == 0).fill_null(value=False)


def _later(rows: pl.DataFrame) -> pl.Series:
    """Return the keys of all but the first of several failures that one act settles.

    These share a reward, or an item of one sale (of one day, where it has no id); who is known by no number is told
    from nobody. Few failures have company, so only those are put in order.
    """
    sale = (
        pl.when(pl.col("transaction_id") == "").then(pl.col("occurred_on").cast(pl.String)).otherwise("transaction_id")
    )
    thing = pl.struct("section", "customer_id", "reward_id", sale.alias("sale"), "upc")
    things = rows.filter(pl.col("customer_id") != "").select("occurred_at", "failure_key", thing=thing)
    shared = things.filter(pl.col("thing").is_duplicated()).sort("occurred_at", "failure_key")
    return shared.filter(~pl.col("thing").is_first_distinct())["failure_key"]


def _path(day: date) -> pl.Expr:
    """Say where an exception can be added: under today's purchases, on the card, or through the search bar."""
    return (
        pl.when(pl.col("occurred_on") == day)
        .then(pl.lit("today"))
        .when(pl.col("has_card").is_null())
        .then(_UNKNOWN)
        .when("has_card")
        .then(pl.lit("card"))
        .otherwise(pl.lit("no card"))
    )

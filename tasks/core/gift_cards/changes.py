"""What a file of gift cards means for the cards the till already has.

Limits and approval do not belong here: a change that is too big is still a change.
"""

import polars as pl

from schemas.domain import Resource
from schemas.records import ExistingCards
from tasks.core.gift_cards.last_days import last_day, said_otherwise, unsaid
from tasks.core.planning.changes import arranged

_FOLDED = "_folded"


def decide_changes(
    rows: pl.DataFrame,
    before: pl.DataFrame,
    resource: Resource,
    *,
    existing_cards: ExistingCards,
    reference: str,
    added: pl.Series,
) -> tuple[pl.DataFrame, int]:
    """List the changes that *rows* (GiftCards) ask of *before* (GiftCardRecords), and count the unchanged.

    A card that exists with another balance is held by default, because it may have been
    spent since the export. Under ``top_up`` a row is an ADD, done once per *reference* and
    card: those whose operation id is in *added* are unchanged.
    """
    differing = rows if existing_cards == "top_up" else _differing(rows, before)
    matched = _match(differing, before)
    matched = matched.with_columns(_kind_and_code(existing_cards, matched.columns))
    if existing_cards == "top_up":
        matched = _as_additions(matched, reference, added)
    changed = matched.filter(pl.col("kind") != "unchanged")
    return arranged(
        _with_both_sides(changed), resource
    ), rows.height - differing.height + matched.height - changed.height


def _differing(rows: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Leave out the rows whose card is there, to the letter: most rows of most files, and soon found."""
    stated = [name for name in rows.columns if name in before.columns]
    return rows.join(before, on=stated, how="anti", maintain_order="left")


def operation_ids(rows: pl.DataFrame, reference: str) -> pl.Series:
    """Name the ADD of each row: one per reference and card, whatever the letter case."""
    return rows.select(operation_id=_operation_id(reference)).to_series()


def _operation_id(reference: str) -> pl.Expr:
    return pl.concat_str(pl.lit(f"{reference}:"), pl.col("number").str.to_lowercase())


def _match(rows: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    held = before.select(
        pl.col("number").str.to_lowercase().alias(_FOLDED),
        pl.all().name.suffix("_before"),
    )
    folded = rows.with_columns(pl.col("number").str.to_lowercase().alias(_FOLDED))
    return folded.join(held, on=_FOLDED, how="left")


def _kind_and_code(existing_cards: ExistingCards, columns: list[str]) -> list[pl.Expr]:
    exists = pl.col("number_before").is_not_null()
    otherwise = said_otherwise(columns)
    same = exists & (pl.col("balance_cents") == pl.col("balance_cents_before")) & ~otherwise
    code = (
        pl.when(~exists & unsaid(columns))
        .then(pl.lit("GIFT_EXPIRY_UNSAID"))
        .when(~exists)
        .then(pl.lit(""))
        .when(pl.col("number") != pl.col("number_before"))
        .then(pl.lit("GIFT_NUMBER_CASE"))
        .when(pl.col("currency") != pl.col("currency_before"))
        .then(pl.lit("GIFT_CURRENCY"))
        .when(same & (existing_cards != "top_up"))
        .then(pl.lit(""))
        .when(pl.col("status_before") != "ACTIVE")
        .then(pl.lit("GIFT_VOIDED"))
        .when(otherwise)
        .then(pl.lit("GIFT_EXPIRES_OTHERWISE"))
        .when(pl.lit(existing_cards == "hold"))
        .then(pl.lit("GIFT_EXISTS_DIFF"))
        .otherwise(pl.lit(""))
    )
    kind = (
        pl.when(code != "")
        .then(pl.lit("held"))
        .when(~exists)
        .then(pl.lit("create"))
        .when(same & (existing_cards != "top_up"))
        .then(pl.lit("unchanged"))
        .otherwise(pl.lit("update"))
    )
    return [kind.alias("kind"), code.alias("code")]


def _as_additions(matched: pl.DataFrame, reference: str, added: pl.Series) -> pl.DataFrame:
    """Turn wanted balances into before + amount, once; a new card is an addition to nothing."""
    writes = pl.col("kind").is_in(["create", "update"])
    named = matched.with_columns(operation_id=pl.when(writes).then(_operation_id(reference)))
    return named.with_columns(
        pl.when(pl.col("operation_id").is_in(added.implode()) | _adds_nothing())
        .then(pl.lit("unchanged"))
        .otherwise("kind")
        .alias("kind"),
        pl.when(pl.col("kind") == "update")
        .then(pl.col("balance_cents") + pl.col("balance_cents_before"))
        .otherwise("balance_cents")
        .alias("balance_cents"),
        operation=pl.when(writes).then(pl.lit("apply")),
    )


def _adds_nothing() -> pl.Expr:
    return (pl.col("kind") == "update") & (pl.col("balance_cents") == 0)


def _with_both_sides(matched: pl.DataFrame) -> pl.DataFrame:
    missing = [
        pl.lit(None, dtype=pl.String).alias(name) for name in ("operation_id", "operation") if name not in matched
    ]
    return matched.with_columns(
        *missing,
        pl.col("currency").alias("currency_after"),
        pl.col("balance_cents").alias("balance_cents_after"),
        pl.coalesce("status_before", pl.lit("ACTIVE")).alias("status_after"),
        *last_day(matched.columns),
    )

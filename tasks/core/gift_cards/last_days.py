"""Until when gift cards count, where the target is told: which day a file says, and what that means for a card."""

from typing import Literal

import polars as pl

from schemas.gift_cards import EXPIRES_ON

Expiry = Literal["written", "looked at"]
"""What becomes of a day until which a card counts: the target is told, or a person looks at it."""


def doubted(judged: pl.DataFrame) -> pl.DataFrame:
    """Call days unreadable of which it is not certain which they are, or where columns say different ones."""
    expires = pl.col("verdict") == "expires"
    days = pl.col("until").filter(expires).n_unique().over("line")
    uncertain = expires & (pl.col("until").is_null() | (days > 1))
    return judged.with_columns(verdict=pl.when(uncertain).then(pl.lit("unreadable")).otherwise("verdict"))


def last_days(judged: pl.DataFrame, rejected: pl.Series) -> pl.DataFrame | None:
    """Return ``line, expires_on`` (ISO 8601) of rows whose day the file says; None, where it says none of any row.

    Rows on the lines that were *rejected* are none.
    """
    kept = judged.filter(pl.col("verdict") == "expires", ~pl.col("line").is_in(rejected.implode()))
    return kept.select("line", pl.col("until").alias(EXPIRES_ON)).unique() if kept.height else None


def said_otherwise(columns: list[str]) -> pl.Expr:
    """Say whether a row wants another last day than its card has (columns of both, those of the card ``_before``)."""
    if EXPIRES_ON not in columns:
        return pl.lit(value=False)
    return pl.col(EXPIRES_ON).is_not_null() & pl.col(EXPIRES_ON).ne_missing(pl.col(f"{EXPIRES_ON}_before"))


def unsaid(columns: list[str]) -> pl.Expr:
    """Say whether a row is one without a last day in a file that says those of others."""
    return pl.col(EXPIRES_ON).is_null() if EXPIRES_ON in columns else pl.lit(value=False)


def last_day(columns: list[str]) -> list[pl.Expr]:
    """Return the last day of a card after a change: a card that was issued keeps its own."""
    there = pl.coalesce(EXPIRES_ON, f"{EXPIRES_ON}_before").alias(f"{EXPIRES_ON}_after")
    return [there] if EXPIRES_ON in columns else []

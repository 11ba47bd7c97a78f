"""What reading put right in orders, counted: each repair has one meaning, and none is silent."""

import polars as pl

from schemas.characters import LOST
from tasks.core.wording.money import plain_decimals

_HTML = r"<[A-Za-z/!][^<>]*>|&#?[A-Za-z0-9]+;"


def repair_notes(orders: pl.DataFrame, parsed: pl.DataFrame, returned: pl.DataFrame, exponent: int) -> tuple[str, ...]:
    """Say what was put right in accepted *orders*, their *parsed* lines and the *returned* lines of refunds."""
    paid = orders.filter(pl.col("total_cents") != pl.col("due_cents"))
    ours = parsed.join(orders, on="line", how="semi")
    turned = returned.filter("turned").join(orders, on="line", how="semi")["line"].n_unique()
    html, cut = (ours.filter(pl.col("name").str.contains(text)).height for text in (_HTML, LOST))
    return (
        *_note(paid.height, "orders were paid in part with gift cards or credit, {} in all", _sum(paid, exponent)),
        *_note(turned, "orders have refunds whose amounts were told without their minus"),
        *_note(html, "names of lines were HTML, and are plain text now"),
        *_note(cut, f"names of lines have half a character in them, shown as {LOST}"),
    )


def _note(count: int, what: str, *of: str) -> tuple[str, ...]:
    return (f"{count:,} {what.format(*of)}",) if count else ()


def _sum(paid: pl.DataFrame, exponent: int) -> str:
    return str(paid.select(plain_decimals((pl.col("total_cents") - pl.col("due_cents")).sum(), exponent)).item())

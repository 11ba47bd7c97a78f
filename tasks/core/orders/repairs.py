"""What reading put right in orders, counted: each repair has one meaning, and none is silent."""

import polars as pl

from schemas.characters import LOST
from tasks.core.wording.money import plain_decimals

_HTML = r"<[A-Za-z/!][^<>]*>|&#?[A-Za-z0-9]+;"


def repairs_told(orders: pl.DataFrame, told: pl.DataFrame, returned: pl.DataFrame, exponent: int) -> tuple[str, ...]:
    """Say in words what was put right in accepted *orders*, their lines as *told* and *returned* lines of refunds."""
    paid = orders.filter(pl.col("total_cents") != pl.col("due_cents"))
    ours = told.join(orders, on="line", how="semi")
    turned = returned.filter("turned").join(orders, on="line", how="semi")["line"].n_unique()
    html, cut = (ours.filter(pl.col("name").str.contains(text)).height for text in (_HTML, LOST))
    return (
        *_said(paid.height, "orders were paid in part with gift cards or credit, {} in all", _sum(paid, exponent)),
        *_said(turned, "orders have refunds whose amounts were told without their minus"),
        *_said(html, "names of lines were HTML, and are plain text now"),
        *_said(cut, f"names of lines have half a character in them, shown as {LOST}"),
    )


def _said(count: int, what: str, *of: str) -> tuple[str, ...]:
    return (f"{count:,} {what.format(*of)}",) if count else ()


def _sum(paid: pl.DataFrame, exponent: int) -> str:
    return str(paid.select(plain_decimals((pl.col("total_cents") - pl.col("due_cents")).sum(), exponent)).item())

"""What orders mean for the sales of the till: new, changed since, already there, or held.

An order that was imported is known by the hash of its content, so that a shop that saves an order without
changing it asks for nothing. What a person changed at the till is never overwritten: such a sale is held, and where
its order changed as well, it is a conflict, with both sides.
"""

from collections.abc import Collection

import polars as pl

from schemas.domain import Resource
from schemas.orders.records import PAID_BY, SALES
from schemas.tables import Concern
from tasks.core.orders.content_hash import FIGURES, MINUTE, edited_since, with_content
from tasks.core.orders.effects import lines_of
from tasks.core.planning.changes import arranged
from tasks.core.wording.words import are, counted

_OF_THE_TILL = ("register_id", "outlet_id", "stock")
"""Where and how a sale was booked first, it stays: a change of the order is no reason to move its stock elsewhere."""
BOTH_SIDES = "ORDER_CHANGED_ON_BOTH_SIDES"


NONE_EDITED = pl.Series(dtype=pl.String)


def decide_sales(
    booked: pl.DataFrame,
    before: pl.DataFrame,
    lines_edited: pl.Series = NONE_EDITED,
    buyer_stays: Collection[str] = (),
    resource: Resource = SALES,
) -> tuple[pl.DataFrame, int]:
    """List the changes that *booked* orders (see ``booking.book``) ask of the sales *before*; count the unchanged.

    *lines_edited* are the sales whose lines the till keeps by themselves and that were edited there. In the states
    *buyer_stays* it links no sale to another buyer. The *resource* says whether sales have what they are paid with.
    """
    held = before.rename({column: f"{column}_before" for column in resource.columns})
    wanted = booked.rename({column: f"{column}_after" for column in resource.columns})
    joined = wanted.join(held, on="order_key", how="left", maintain_order="left")
    broken = before.filter(edited_since(before))["order_key"]
    rows, ours = (pl.col("order_key").is_in(keys.implode()) for keys in (lines_edited, broken))
    edited = joined.with_columns(unlike=_unlike(joined) | joined.select(rows).to_series(), broken=rows | ours)
    kind, code, detail = _kind()
    judged = edited.with_columns(kind.alias("kind"), code.alias("code"), detail.alias("detail"))
    none = pl.lit(None, dtype=pl.String)
    changes = judged.filter(pl.col("kind") != "unchanged").with_columns(
        *_kept(buyer_stays), *_kept_payment(resource), operation_id=none, operation=none
    )
    return arranged(changes, resource), booked.height - changes.height


def booked_lines(sales: pl.DataFrame) -> pl.DataFrame:
    """List the lines of sales that are there: they keep the product they are booked on."""
    return (
        lines_of(sales.select("order_key", "lines"))
        .select("order_key", "line", "product_id", "sku", "name")
        .filter(pl.col("product_id") != "")
    )


def voided_again(changes: pl.DataFrame) -> tuple[Concern, ...]:
    """Raise a concern about sales that are voided at the till and would count again."""
    back = changes.filter(
        (pl.col("kind") == "update") & (pl.col("state_before") == "voided") & (pl.col("state_after") != "voided")
    )
    if back.is_empty():
        return ()
    sales = f"{counted(back.height, 'sale')} {are(back.height)}"
    says = f"{sales} voided at the till, by a restore or by hand, and would count again"
    return (Concern(code="ORDER_VOIDED_AT_TILL", says=says),)


def _kind() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    exists, missing = pl.col("state_before").is_not_null(), pl.col("code") != ""
    same = pl.col("content_sha256_before").eq_missing(pl.col("content_sha256_after"))
    voided, void_there = pl.col("state_after") == "voided", pl.col("state_before") == "voided"
    kind = (
        pl.when(~exists & voided)
        .then(pl.lit("unchanged"))
        .when(exists & same & ~(void_there & ~voided))
        .then(pl.when("unlike").then(pl.lit("held")).otherwise(pl.lit("unchanged")))
        .when(missing & ~voided)
        .then(pl.lit("held"))
        .when(exists & pl.col("broken") & pl.col("unlike") & ~void_there)
        .then(pl.lit("conflict"))
        .when(exists)
        .then(pl.lit("update"))
        .otherwise(pl.lit("create"))
    )
    at_till = exists & same & pl.col("unlike") & ~(void_there & ~voided)
    waits = kind == "held"
    code = (
        pl.when(kind == "conflict")
        .then(pl.lit(BOTH_SIDES))
        .when(~waits)
        .then(pl.lit(""))
        .when(at_till)
        .then(pl.lit("ORDER_CHANGED_AT_TILL"))
        .otherwise("code")
    )
    detail = pl.when(waits & ~at_till).then("detail").otherwise(pl.lit(""))
    return kind, code, detail


def _kept(stays: Collection[str]) -> list[pl.Expr]:
    """Leave where a sale was booked, and who bought, as the till has it.

    Where its buyer *stays*, a sale to nobody is linked to none who became a customer since: no refund waits.
    """
    place = [pl.coalesce(f"{name}_before", f"{name}_after").alias(f"{name}_after") for name in _OF_THE_TILL]
    has_buyer = (pl.col("customer_id_before") != "") | pl.col("state_before").is_in(stays)
    buyer = pl.when(has_buyer).then("customer_id_before").otherwise("customer_id_after")
    return [*place, buyer.alias("customer_id_after")]


def _kept_payment(resource: Resource) -> list[pl.Expr]:
    """Leave a closed sale, while it counts, with what it is paid with at the till."""
    if PAID_BY not in resource.columns:
        return []
    after = pl.col(f"{PAID_BY}_after")
    stays = (pl.col("state_before") == "closed") & (after != "")
    return [pl.when(stays).then(f"{PAID_BY}_before").otherwise(after).alias(f"{PAID_BY}_after")]


def _unlike(joined: pl.DataFrame) -> pl.Series:
    """Tell the sales whose figures, or whose lines, do not count what those of the order do."""
    there = joined.filter(pl.col("state_before").is_not_null())
    minutes = [pl.col(f"sold_at_{side}").str.head(MINUTE) for side in ("before", "after")]
    pairs = [minutes, *([pl.col(f"{c}_before"), pl.col(f"{c}_after")] for c in FIGURES)]
    figures = pl.any_horizontal([was.ne_missing(now) for was, now in pairs])
    sides = [there.select("order_key", lines=f"lines_{side}") for side in ("before", "after")]
    texts = there.filter(sides[0]["lines"] != sides[1]["lines"])["order_key"].implode()
    was, asked = (with_content(side.filter(side["order_key"].is_in(texts))) for side in sides)
    lines = was.filter(was["told"] != asked["told"])["order_key"]
    moved = figures | pl.col("order_key").is_in(lines.implode())
    return joined.select(pl.col("state_before").is_not_null() & moved).to_series()

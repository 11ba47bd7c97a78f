"""Whether stock and sales are, afterwards, what the plan said: unit by unit, day by day."""

import polars as pl

from schemas.report_tables import ReportTable, ShownTable
from tasks.core.orders.effects import COMPENSATED, SOLD, movements
from tasks.core.orders.report_tables import STOCK_HEADINGS
from tasks.core.planning.changes import OURS
from tasks.core.wording.words import are, counted

_PLACE = ["product_id", "outlet_id"]
_MOVED = ("sold_milli", "compensated_milli")
_SUMS = ("orders", "total_cents", "refunded_cents")


def stock_proof(outcomes: pl.DataFrame, moved: pl.DataFrame, before: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """Say of each product and outlet what was there, what the plan's own movements took and put back, and what is.

    *outcomes* are the changes as they went; *moved* are the movements of the plan; *before* and *now* are levels.
    ``elsewhere_milli`` is what others moved meanwhile. ``agrees``: the movements are those of the sales written.
    """
    done = outcomes.filter(pl.col("outcome").is_in(OURS) & pl.col("order_key").is_in(_keys(outcomes, moved).implode()))
    recorded, wanted = _by_reason(moved), _by_reason(movements(done))
    both = recorded.join(wanted, on=_PLACE, how="full", coalesce=True, suffix="_wanted").fill_null(0)
    levels = both.join(before.rename({"quantity_milli": "before_milli"}), on=_PLACE, how="left").join(
        now.rename({"quantity_milli": "now_milli"}), on=_PLACE, how="left"
    )
    known = levels.with_columns(pl.col("before_milli", "now_milli").fill_null(0))
    after = pl.col("before_milli") - pl.col("sold_milli") + pl.col("compensated_milli")
    same = [pl.col(name) == pl.col(f"{name}_wanted") for name in _MOVED]
    return known.with_columns(
        after_milli=after, elsewhere_milli=pl.col("now_milli") - after, agrees=pl.all_horizontal(same)
    )


def without_products(proof: pl.DataFrame, gone: pl.Series) -> pl.DataFrame:
    """Judge products that the run itself removed: what moved them went with them, and of none of them may be left."""
    went = pl.col("product_id").is_in(gone.implode())
    nothing = pl.all_horizontal(pl.col("sold_milli", "compensated_milli", "now_milli") == 0)
    moved = [pl.when(went).then(f"{name}_wanted").otherwise(name).alias(name) for name in _MOVED]
    judged = proof.with_columns(nothing_left=nothing).with_columns(moved)
    after = pl.col("before_milli") - pl.col("sold_milli") + pl.col("compensated_milli")
    agrees = pl.when(went).then(pl.col("nothing_left") & (after == 0)).otherwise("agrees")
    return judged.with_columns(agrees=agrees, after_milli=after, elsewhere_milli=pl.col("now_milli") - after).drop(
        "nothing_left"
    )


def _keys(outcomes: pl.DataFrame, moved: pl.DataFrame) -> pl.Series:
    """Return the sales that this plan moved or should have: what was ``done`` already, another plan may have moved."""
    written = outcomes.filter(outcome="written")["order_key"]
    return pl.concat([written, moved["order_key"].drop_nulls()]).unique()


def _by_reason(moved: pl.DataFrame) -> pl.DataFrame:
    return moved.group_by(_PLACE).agg(
        sold_milli=-pl.col("quantity_milli").filter(pl.col("reason") == SOLD).sum(),
        compensated_milli=pl.col("quantity_milli").filter(pl.col("reason") == COMPENSATED).sum(),
    )


def show_stock(proof: pl.DataFrame, products: pl.DataFrame) -> ShownTable:
    """Show the proof, what does not agree first, then the most sold."""
    named = proof.join(products.select("product_id", "sku", "name"), on="product_id", how="left")
    report_table = ReportTable(
        name="stock-proof",
        title="Stock, read back",
        says="Before, less what was sold, plus what was put back, is after; elsewhere is what others moved meanwhile.",
        private=False,
        headings=STOCK_HEADINGS,
    )
    columns = ("before_milli", "sold_milli", "compensated_milli", "after_milli", "elsewhere_milli", "now_milli")
    ordered = named.sort("agrees", "sold_milli", "sku", descending=[False, True, False])
    return report_table, ordered.select("sku", "name", "outlet_id", *columns, "agrees")


def moved_by_others(own: pl.DataFrame, first: pl.DataFrame | None, then: pl.DataFrame) -> pl.DataFrame:
    """Say of each product and outlet what others moved between two backups, the first just before a run.

    *own* is what the run itself moved. Nothing is said where there is no *first*: the run made no backup of stock.
    """
    moved = own.group_by(_PLACE).agg(own_milli=pl.col("quantity_milli").sum())
    if first is None:
        return then.clear().rename({"quantity_milli": "others_milli"})
    began = then.join(first, on=_PLACE, how="left", suffix="_first")
    both = began.join(moved, on=_PLACE, how="left").with_columns(
        pl.col("quantity_milli_first", "own_milli").fill_null(0)
    )
    since = pl.col("quantity_milli") - pl.col("quantity_milli_first") - pl.col("own_milli")
    return both.select(*_PLACE, others_milli=since)


def show_returned(proof: pl.DataFrame, products: pl.DataFrame, others: pl.DataFrame) -> ShownTable:
    """Show what a restore gave back, what does not agree first, then the most returned.

    *others* (see ``moved_by_others``) is what was moved since the run that is undone, and is left alone.
    """
    named = proof.join(products.select("product_id", "sku", "name"), on="product_id", how="left")
    compared = named.join(others, on=_PLACE, how="left").with_columns(
        returned_milli=pl.col("compensated_milli") - pl.col("sold_milli")
    )
    report_table = ReportTable(
        name="stock-returned",
        title="Stock returned, read back",
        says="Before, plus what the voided sales gave back, is after. What others moved since the run that is undone "
        "is left alone; elsewhere is what they moved while this restore went on.",
        private=False,
        headings=STOCK_HEADINGS | {"others_milli": "Moved since, left alone"},
    )
    columns = ("before_milli", "returned_milli", "after_milli", "elsewhere_milli", "now_milli", "others_milli")
    ordered = compared.sort("agrees", "returned_milli", "sku", descending=[False, True, False])
    return report_table, ordered.select("sku", "name", "outlet_id", *columns, "agrees")


def totals_by_day(orders: pl.DataFrame, sales: pl.DataFrame) -> pl.DataFrame:
    """Add up orders and the sales they became, per day and currency. Only closed ones count, on either side."""
    shop, till = (_by_day(each) for each in (orders, sales))
    at_till = till.rename({name: f"till_{name}" for name in _SUMS})
    both = shop.join(at_till, on=["day", "currency"], how="full", coalesce=True).fill_null(0)
    same = [pl.col(name) == pl.col(f"till_{name}") for name in _SUMS]
    return both.with_columns(agrees=pl.all_horizontal(same)).sort("agrees", "day", "currency")


def _by_day(sales: pl.DataFrame) -> pl.DataFrame:
    closed = sales.filter(state="closed")
    return closed.group_by(pl.col("sold_at").str.slice(0, 10).alias("day"), "currency").agg(
        pl.len().cast(pl.Int64).alias("orders"), pl.col(_SUMS[1:]).sum()
    )


def show_days(days: pl.DataFrame) -> ShownTable:
    """Show the days, those that differ first."""
    report_table = ReportTable(
        name="totals-by-day",
        title="Totals by day",
        says="Orders of the shop that went in, and the same as the till has them; days that differ come first.",
        private=False,
        headings={
            "till_orders": "Sales at till",
            "till_total_cents": "Total at till",
            "till_refunded_cents": "Refunded at till",
        },
    )
    return report_table, days


def stock_that_differs(proof: pl.DataFrame, uneven: int) -> tuple[str, ...]:
    """Say in words what of the stock does not add up; nothing is good."""
    unequal = proof.filter(~pl.col("agrees")).height
    found = [
        (
            unequal,
            f"The stock of {counted(unequal, 'product')} did not move as the sales say: see the stock, read back.",
        ),
        (
            uneven,
            f"{counted(uneven, 'level')} of the till {are(uneven)} not the sum of what moved. See uneven-levels.csv.",
        ),
    ]
    return tuple(says for count, says in found if count)


def days_that_differ(days: pl.DataFrame) -> tuple[str, ...]:
    """Say in words on how many days shop and till do not add up; nothing is good."""
    apart = days.filter(~pl.col("agrees")).height
    if not apart:
        return ()
    return (
        f"On {counted(apart, 'day')} the shop's orders and the till's sales add up to something else. "
        "See Totals by day.",
    )

"""The tables and charts of a run of orders: frames that answer what people ask of a history before they take it in."""

import polars as pl

from schemas.catalogue import CATALOGUE
from schemas.report_tables import Chart, ReportTable, ShownTable
from tasks.core.orders.details import without_details
from tasks.core.orders.effects import lines_of
from tasks.core.planning.changes import writable

"""A report table with its rows."""

_MOST_DAYS = 62
"""A history of more days than these is shown by months."""

MADE = ("new", "sold again")
STOCK_HEADINGS = {"sku": "SKU", "name": "Product", "outlet_id": "Outlet", "negative": "Below zero"} | {
    "compensated_milli": "Put back at once"
}
_OF_SHOP = ("source", "source_id")
_PRODUCT = ("sku", "name", "description", "product_id", "currency", "price_cents", "active", "tracks_stock", *_OF_SHOP)
_LINE = ("order_key", "line", "kind", "product_id", "sku", "name", "quantity_milli", "net_cents", "tax_cents")


def orders_by_time(changes: pl.DataFrame) -> ShownTable:
    """Count the sales that would be written and add them up, by month (or by day, of a short time) and currency."""
    sales = writable(changes).filter(pl.col("state_after") == "closed")
    days = sales["sold_at_after"].str.slice(0, 10).n_unique()
    length, name = (10, "day") if days <= _MOST_DAYS else (7, "month")
    by_time = sales.group_by(
        pl.col("sold_at_after").str.slice(0, length).alias(name), pl.col("currency_after").alias("currency")
    ).agg(
        pl.len().cast(pl.Int64).alias("orders"),
        pl.col("total_cents_after").sum().alias("value_cents"),
        pl.col("refunded_cents_after").sum().alias("refunded_cents"),
    )
    report_table = ReportTable(
        name=f"orders-by-{name}",
        title=f"Orders by {name}",
        says=f"Sales that this plan writes, by the {name} they were ordered in; refunds are not taken off the value.",
        private=False,
        chart=Chart(kind="bar", along=name, series=("value_cents",)),
    )
    return report_table, by_time.sort("currency", name)


def stock_by_product(effect: pl.DataFrame) -> list[ShownTable]:
    """Show what the plan does to stock (``stock.stock_effect``), and by itself what would be below zero."""
    labelled = effect.with_columns(name=pl.when(pl.col("name") == "").then("sku").otherwise("name"))
    every = ReportTable(
        name="stock",
        title="Stock by product",
        says="What is there, what the plan takes out (less what comes back), and what is left; the most sold first.",
        private=False,
        chart=Chart(kind="ranked", along="name", series=("sold_milli",)),
        headings=STOCK_HEADINGS,
    )
    below = ReportTable(
        name="stock-below-zero",
        title="Stock below zero",
        says="Products of which more would be sold than is there.",
        private=False,
        headings=STOCK_HEADINGS,
    )
    shown = labelled.drop("product_id")
    return [(every, shown), (below, shown.filter("negative").drop("negative").sort("after_milli"))]


def new_products(changes: pl.DataFrame, origins: pl.DataFrame | None) -> ShownTable:
    """Show every field of the products that would be made, or sold again, and from where it is (``describing``)."""
    report_table = ReportTable(
        name="new-products",
        title="New products",
        says="Products that these orders sold and the till does not have. They are made before the sales, as the web "
        "shop's catalogue has them; what it does not say, or where no shop is set, is as on the last line sold.",
        private=False,
        headings={"sku": "SKU", "product_id": "Id at the till", "source_id": "Id in the shop"}
        | {"from_catalogue": "As in the web shop", "from_line": "As on the last line sold"},
    )
    new = pl.col("kind") == "create"
    made = pl.when(new).then(pl.lit(MADE[0])).otherwise(pl.lit(MADE[1])).alias("what")
    shown = changes.select(made, "kind", *[_after(changes, column).alias(column) for column in _PRODUCT])
    if origins is None:
        return report_table, shown.drop("kind")
    joined = shown.join(origins, on="product_id", how="left", maintain_order="left")
    where = [pl.when(new).then(name).otherwise(pl.lit("")).alias(name) for name in ("from_catalogue", "from_line")]
    return report_table, joined.with_columns(where).drop("kind")


def _after(changes: pl.DataFrame, column: str) -> pl.Expr:
    return pl.col(f"{column}_after") if f"{column}_after" in changes.columns else pl.col(column)


def held_lines(matched: pl.DataFrame, orders: pl.DataFrame, changes: pl.DataFrame) -> ShownTable:
    """Show each line that holds an order, why, and what can be done about it."""
    held = changes.filter((pl.col("kind") == "held") & (pl.col("code") != "ORDER_CHANGED_AT_TILL"))
    lines = matched.filter((pl.col("code") != "") & pl.col("order_key").is_in(held["order_key"].implode()))
    numbered = lines.join(orders.select("order_key", "order_id", "number"), on="order_key", how="left")
    says = {code: entry.says for code, entry in CATALOGUE.items()}
    explained = numbered.with_columns(why=pl.col("code").replace(says), what_to_do=pl.col("code").replace(_remedies()))
    report_table = ReportTable(
        name="held-lines",
        title="Lines that hold an order",
        says="These orders wait whole. Give the lines a product in held.csv, and hand that file in.",
        private=False,
        headings={"order_id": "Order id", "sku": "SKU", "why": "Why", "detail": "In particular"}
        | {"source_product_id": "Product ID", "source_variation_id": "Variation ID"},
    )
    ids = ("source_product_id", "source_variation_id")
    columns = ("order_id", "number", "line", "name", "sku", *ids, "quantity_milli", "why", "detail", "what_to_do")
    return report_table, explained.select(columns)


def _remedies() -> dict[str, str]:
    return {code: entry.remedy for code, entry in CATALOGUE.items()}


def changed_lines(changes: pl.DataFrame) -> ShownTable:
    """Show what an order that changed says of its lines, was and is; lines that stayed are left out."""
    report_table = ReportTable(
        name="changed-lines",
        title="Lines that changed",
        says="What orders that were imported before say now; stock and value move by the difference.",
        private=False,
        headings={"order_key": "Order", "sku": "SKU", "quantity_milli": "Quantity was", "now_quantity_milli": "is"}
        | {"net_cents": "Net was", "now_net_cents": "net is", "tax_cents": "Tax was", "now_tax_cents": "tax is"},
    )
    return report_table, _line_differences(without_details(changes.filter(kind="update")))


def lines_on_both_sides(changes: pl.DataFrame) -> ShownTable:
    """Show the lines of sales that were edited at the till and whose orders changed, as each side has them."""
    names = {"quantity_milli": "Quantity", "net_cents": "Net", "tax_cents": "Tax"}
    report_table = ReportTable(
        name="both-sides",
        title="Changed on both sides",
        says="These sales were edited at the till and their orders changed in the shop. Nothing is written to them.",
        private=False,
        headings={"order_key": "Order", "sku": "SKU"}
        | {name: f"{word} at the till" for name, word in names.items()}
        | {f"now_{name}": "in the shop" for name in names},
    )
    return report_table, _line_differences(changes.filter(kind="conflict"))


def _line_differences(changes: pl.DataFrame) -> pl.DataFrame:
    was, now = (_lines(changes.with_columns(pl.col("lines_before").fill_null("[]")), s) for s in ("before", "after"))
    was, now = was.join(now, on=_ALIKE, how="anti"), now.join(was, on=_ALIKE, how="anti")
    is_now = now.rename({name: f"now_{name}" for name in now.columns if name not in ("order_key", "line")})
    both = was.join(is_now, on=["order_key", "line"], how="full", coalesce=True)
    moved = [pl.col(c).ne_missing(pl.col(f"now_{c}")) for c in ("kind", "product_id", *_AMOUNTS)]
    moved_lines = both.filter(pl.any_horizontal(moved)).sort("order_key", "line")
    pairs = [column for amount in _AMOUNTS for column in (amount, f"now_{amount}")]
    named = moved_lines.with_columns(
        pl.coalesce(name, f"now_{name}").alias(name) for name in ("name", "sku", "currency")
    )
    return named.select("order_key", "line", "name", "sku", "currency", *pairs)


_AMOUNTS = ("quantity_milli", "net_cents", "tax_cents")
_ALIKE = ["order_key", "kind", "product_id", *_AMOUNTS, "nth"]
"""What is alike is the same line, whatever its id: exports may not tell it."""


def _lines(updates: pl.DataFrame, side: str) -> pl.DataFrame:
    sales = updates.select("order_key", currency=f"currency_{side}", lines=f"lines_{side}")
    nth = pl.int_range(pl.len()).over("order_key", "kind", "product_id", *_AMOUNTS)
    return lines_of(sales).select(*_LINE, "currency").with_columns(nth=nth)

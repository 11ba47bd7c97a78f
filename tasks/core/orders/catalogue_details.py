"""What products to be made are like: as the shop's catalogue has them, else as the last line that sold them.

Assumed: the shop keeps the prices of its catalogue with tax or without, as the settings say; at the till they are with
tax. A variation is called by the line that sold it, for the catalogue has no whole name for one.
"""

from typing import Literal

import polars as pl

from tasks.core.orders.decimals import as_cents
from tasks.core.orders.names import shown
from tasks.core.stock.skus import folded

CatalogueTax = Literal["with", "without"]

_FIELDS = {"sku": "SKU", "name": "name", "description": "description", "price_cents": "price"} | {
    "tracks_stock": "whether stock is kept"
}
_UNKNOWN = ("", "0")


def catalogue_ids(products: pl.DataFrame) -> pl.Series:
    """Return by what the shop's catalogue knows each of these products (Products); null: by nothing."""
    varied = pl.col("source_variation_id") != ""
    named = pl.when(varied).then(pl.format("{}/{}", "source_id", "source_variation_id")).otherwise("source_id")
    return products.select(pl.when(~pl.col("source_id").is_in(_UNKNOWN)).then(named).alias("web_id")).to_series()


def described(
    wanted: pl.DataFrame,
    catalogue: pl.DataFrame,
    lines: pl.DataFrame,
    till: pl.DataFrame,
    tax: CatalogueTax,
    digits: int,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return *wanted* products as the *catalogue* (WebProducts) has them, and which field is from where.

    *wanted* are as their lines have them. *lines* tell what tax there is on a product, where the catalogue does not;
    a SKU that the *till* (Products) has already stays that of the line. The second has ``product_id, from_catalogue,
    from_line``, in words.
    """
    there = catalogue.rename({name: f"{name}_there" for name in catalogue.columns if name != "web_id"})
    joined = (
        wanted.with_columns(catalogue_ids(wanted))
        .join(there, on="web_id", how="left", maintain_order="left")
        .join(_worth(lines), on="product_id", how="left", maintain_order="left")
    )
    price = as_cents(pl.col("regular_price_there"), digits)
    details = {
        "sku": _unless_taken(pl.col("sku_there"), till),
        "name": pl.when((pl.col("name_there") != "") & (pl.col("source_variation_id") == "")).then(
            shown(pl.col("name_there"))
        ),
        "description": pl.when(pl.col("description_there") != "").then("description_there"),
        "price_cents": price if tax == "with" else _taxed(price),
        "tracks_stock": pl.when(pl.col("counts_stock_there") == "no").then(pl.lit("no")).otherwise(_yes_if_there()),
    }
    named = joined.with_columns(expression.alias(f"{name}_said") for name, expression in details.items())
    filled = named.with_columns(pl.coalesce(f"{name}_said", name).alias(name) for name in details)
    return filled.select(wanted.columns), named.select("product_id", *_origins(details))


def _unless_taken(sku: pl.Expr, till: pl.DataFrame) -> pl.Expr:
    taken = till.select(folded(pl.col("sku"))).to_series()
    return pl.when((sku != "") & ~folded(sku).is_in(taken.implode())).then(sku)


def _yes_if_there() -> pl.Expr:
    return pl.when(pl.col("counts_stock_there").is_not_null()).then(pl.lit("yes"))


def _worth(lines: pl.DataFrame) -> pl.DataFrame:
    """Add up what the items of each product were worth, without and with tax."""
    items = lines.filter(pl.col("kind") == "item").group_by("product_id")
    net, tax = pl.col("net_cents").sum(), pl.col("tax_cents").sum()
    return items.agg(net.alias("net"), (net + tax).alias("gross"))


def _taxed(price: pl.Expr) -> pl.Expr:
    """Put on the tax that was on the product when it was sold, half a cent upwards; null: nobody knows it."""
    net, gross = pl.col("net"), pl.col("gross")
    return pl.when(net > 0).then((2 * price * gross + net) // (2 * net))


def _origins(details: dict[str, pl.Expr]) -> list[pl.Expr]:
    """Say which fields are from the catalogue, and which are from the line. A line tells no description."""

    def listed(names: dict[str, str], *, in_catalogue: bool) -> pl.Expr:
        words = [
            pl.when(pl.col(f"{name}_said").is_not_null() == in_catalogue).then(pl.lit(word))
            for name, word in names.items()
        ]
        return pl.concat_str(words, separator=", ", ignore_nulls=True)

    of_line = {name: word for name, word in _FIELDS.items() if name not in ("description", "tracks_stock")}
    return [
        listed({name: _FIELDS[name] for name in details}, in_catalogue=True).alias("from_catalogue"),
        listed(of_line, in_catalogue=False).alias("from_line"),
    ]


def web_ids(matched: pl.DataFrame) -> pl.DataFrame:
    """Say which product of the till each product of the web shop is (``product_id, web_id``), where it is just one."""
    known = matched.filter((pl.col("product_id") != "") & ~pl.col("source_product_id").is_in(_UNKNOWN))
    of_variation = pl.format("{}/{}", "source_product_id", "source_variation_id")
    web_id = pl.when(pl.col("source_variation_id") == "").then("source_product_id").otherwise(of_variation)
    pairs = known.select("product_id", web_id=web_id).unique()
    return pairs.unique("web_id", keep="none").sort("web_id")

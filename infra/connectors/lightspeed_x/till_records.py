"""What Lightspeed says of its products, stock and places, as a till of ours holds it. Pure.

A product that we made is known by the id we gave it, which follows from where it comes from; Lightspeed gives every
product an id of its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from infra.connectors.lightspeed_x.lists import Row
from infra.connectors.lightspeed_x.sale_facts import cents, milli
from schemas.domain import KEY_SEPARATOR
from schemas.stock import LEVELS, OUTLETS, PRODUCT_RECORDS, REGISTERS
from tasks.core.stock.products import product_id
from tasks.core.stock.skus import bare

OURS = "counterfoil"
"""The source of products that we made and that are from no web shop, such as those of a stock list."""
_PRODUCT_SCHEMA = {PRODUCT_RECORDS.key: pl.String} | dict.fromkeys(PRODUCT_RECORDS.columns, pl.String)
PRODUCTS_SCHEMA = pl.Schema(_PRODUCT_SCHEMA | {"price_cents": pl.Int64, "live_id": pl.String})
LEVELS_SCHEMA = pl.Schema(
    {LEVELS.key: pl.String, "product_id": pl.String, "outlet_id": pl.String, "quantity_milli": pl.Int64}
)


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The products of a shop: *records* (Products, and ``live_id``), and how their ids here and there go together.

    ``tracked`` names products by both their ids: a sale knows one by what it was called when it was booked.
    ``composites`` are made of others, by their ids in Lightspeed.
    """

    records: pl.DataFrame
    live_ids: Mapping[str, str]
    own_ids: Mapping[str, str]
    tracked: frozenset[str]
    composites: frozenset[str]

    def live_id(self, own: str) -> str:
        """Return the id in Lightspeed of a product of ours; of one we do not know, the same."""
        return self.live_ids.get(own, own)


def read_catalogue(products: Iterable[Row], *, currency: str, digits: int, source: str) -> Catalogue:
    """Read the products; those that we made are of *source*."""
    shown = list(products)
    rows = [_product(product, currency, digits) for product in shown]
    listed = pl.DataFrame(rows, schema=PRODUCTS_SCHEMA).with_columns(folded=bare(pl.col("sku")))
    own = [_own_id(row, source) for row in listed.iter_rows(named=True)]
    ours = pl.col("source") == OURS
    named = listed.drop("folded").with_columns(
        pl.Series(PRODUCT_RECORDS.key, own, pl.String),
        *[pl.when(~ours).then(name).otherwise(pl.lit("")).alias(name) for name in ("source", "source_id")],
    )
    unique = named.unique(PRODUCT_RECORDS.key, keep="first", maintain_order=True)
    tracked = unique.filter(tracks_stock="yes")
    pairs = list(unique.select(PRODUCT_RECORDS.key, "live_id").iter_rows())
    return Catalogue(
        records=unique,
        live_ids=dict(pairs),
        own_ids={live: mine for mine, live in pairs},
        tracked=frozenset([*tracked[PRODUCT_RECORDS.key], *tracked["live_id"]]),
        composites=frozenset(str(product["id"]) for product in shown if product.get("is_composite")),
    )


def read_levels(rows: Iterable[Row], own_ids: Mapping[str, str]) -> pl.DataFrame:
    """Return the levels that are not zero: what Lightspeed shows as zero, nobody counted or sold yet (assumed)."""
    found = [
        (KEY_SEPARATOR.join((product, row["outlet_id"])), product, row["outlet_id"], quantity)
        for row in rows
        if not row.get("deleted_at")
        and (product := own_ids.get(row["product_id"], ""))
        and (quantity := milli(row["current_inventory_level"]))
    ]
    return pl.DataFrame(found, schema=LEVELS_SCHEMA, orient="row")


def read_outlets(rows: Iterable[Row]) -> pl.DataFrame:
    """Return the outlets."""
    found = [(row["id"], row["name"]) for row in rows]
    return pl.DataFrame(found, schema=dict.fromkeys((OUTLETS.key, *OUTLETS.columns), pl.String), orient="row")


def read_registers(rows: Iterable[Row]) -> pl.DataFrame:
    """Return the registers."""
    found = [(row["id"], row["name"], row["outlet_id"]) for row in rows]
    return pl.DataFrame(found, schema=dict.fromkeys((REGISTERS.key, *REGISTERS.columns), pl.String), orient="row")


def new_product(own_id: str, record: Mapping[str, object], digits: int) -> dict[str, object]:
    """Write a product as Lightspeed takes it; it begins without stock. One of no web shop bears *own_id*, our id."""
    price = float(str(record["price_cents"])) / 10**digits
    body: dict[str, object] = {
        "name": record["name"] or record["sku"] or "-",
        "price_including_tax": round(price, digits),
        "is_active": record["active"] == "yes",
        "source": record["source"] or OURS,
    }
    if not record["source"]:
        body["source_id"] = own_id
    optional = {"sku": "sku", "description": "description", "source_id": "source_id"}
    optional |= {"source_variation_id": "source_variant_id"}
    return body | {theirs: record[ours] for ours, theirs in optional.items() if record[ours]}


def _product(product: Row, currency: str, digits: int) -> dict[str, object]:
    price = product.get("price_including_tax")
    return {
        PRODUCT_RECORDS.key: "",
        "sku": str(product["sku"] or ""),
        "name": str(product["name"] or ""),
        "description": str(product.get("description") or ""),
        "currency": currency,
        "price_cents": cents(product["price_excluding_tax"] if price is None else price, digits),
        "active": "yes" if product["active"] else "no",
        "tracks_stock": "yes" if product["has_inventory"] else "no",
        "source": str(product.get("source") or "").lower(),
        "source_id": str(product.get("source_id") or ""),
        "source_variation_id": str(product.get("source_variant_id") or ""),
        "live_id": str(product["id"]),
    }


def _own_id(row: Mapping[str, str], source: str) -> str:
    if row["source"] == OURS:
        return row["source_id"] or row["live_id"]
    if row["source"] != source:
        return row["live_id"]
    named = f"{row['source_id']}/{row['source_variation_id']}" if row["source_id"] else f"sku/{row['folded']}"
    return product_id(f"{source}/{named}")

"""Products of a till: how those that we make are named, and what would change of them."""

from uuid import UUID, uuid5

import polars as pl

from schemas.domain import Resource
from tasks.core.planning.changes import all_equal, arranged

_NAMESPACE = UUID("6f0f6d0e-4f0a-5d52-9d53-6b7a1f1f0c11")


def decide_product_changes(wanted: pl.DataFrame, products: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """List the changes that bring *wanted* products to the till: new ones, and those that are sold again."""
    held = products.rename({column: f"{column}_before" for column in resource.columns})
    sides = wanted.rename({column: f"{column}_after" for column in resource.columns})
    joined = sides.join(held, on=resource.key, how="left", maintain_order="left")
    there = pl.col("active_before").is_not_null()
    kept = [
        pl.when(there).then(f"{column}_before").otherwise(f"{column}_after").alias(f"{column}_after")
        for column in resource.columns
        if column != "active"
    ]
    none = pl.lit(None, dtype=pl.String)
    changes = joined.with_columns(
        *kept,
        line=pl.lit(None, dtype=pl.UInt32),
        kind=pl.when(there).then(pl.lit("update")).otherwise(pl.lit("create")),
        code=pl.lit(""),
        operation_id=none,
        operation=none,
    )
    return arranged(changes.filter(~all_equal(resource, "_before", "_after")), resource)


def product_id(origin: str) -> str:
    """Name a product after where it comes from."""
    return str(uuid5(_NAMESPACE, origin))

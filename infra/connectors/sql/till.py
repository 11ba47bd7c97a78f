"""What goes with the records of a till on a database: lines and stock of sales, stock of products, movements of levels.

All of it lands in the transaction that writes the records and enters the batch in the journal. Stock is moved by
differences, never set; what follows from a change is decided in ``tasks.core.orders.effects``.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl
import sqlalchemy as sa

from infra.connectors.sql.batch_writes import DependentWrites, Write
from infra.connectors.sql.statements import same_key
from infra.connectors.sql.tables import OUTLETS, PRODUCTS, REGISTERS, SALE_LINES, SALES, STOCK_LEVELS
from infra.connectors.sql.till_stock import (
    NO_KEYS,
    drop_opening,
    enter_movements,
    forget_stock,
    list_moved,
    list_referred,
    list_stocked,
    post_movements,
)
from infra.databases.bulk import fetch_rows, load_rows, staged
from infra.databases.database import is_postgres
from tasks.core.orders.effects import COUNTED, OPENING, lines_of, movements


def _impossible_sales(write: Write, changes: pl.DataFrame) -> pl.Series:
    """Name the sales that refer to what the till does not have: a product that was deleted since, for example."""
    sales = changes.filter(pl.col("state_after") != "voided")
    lines = _lines_after(sales).filter(pl.col("product_id") != "")
    missing = [
        _missing(write, lines, "product_id", PRODUCTS.c.product_id),
        _missing(write, sales, "register_id_after", REGISTERS.c.register_id),
        _missing(write, sales, "outlet_id_after", OUTLETS.c.outlet_id),
    ]
    return pl.concat(missing)


def _missing(write: Write, rows: pl.DataFrame, column: str, key: sa.Column[str]) -> pl.Series:
    """Name the records whose *column* names nothing; what it names stays until the transaction ends."""
    asked = rows.select(key=pl.col(column)).unique()
    with staged(write.connection, asked, "counterfoil_asked") as stage:
        there = stage.join(key.table, key == stage.c.key)
        if is_postgres(write.connection):  # SQLite has one writer at a time
            kept = sa.select(key).select_from(there).with_for_update(key_share=True, read=True, of=key.table)
            write.connection.execute(sa.select(sa.func.count()).select_from(kept.subquery()))
        found = fetch_rows(write.connection, [stage.c.key], there, stage)["key"]
    return rows.filter(~pl.col(column).is_in(found.implode()))[write.resource.key]


def _lines_after(changes: pl.DataFrame) -> pl.DataFrame:
    return lines_of(changes.select("order_key", lines="lines_after"))


def _post_sales(write: Write, changes: pl.DataFrame) -> None:
    """Write lines anew, and move stock by what each change makes different."""
    named = _as_spelled(write, changes)
    _drop_lines(write, named.filter(kind="update")["order_key"])
    _write_lines(write, named)
    post_movements(write.connection, movements(named), write.batch)


def _as_spelled(write: Write, changes: pl.DataFrame) -> pl.DataFrame:
    """Name each sale as it is spelled in its own table, whatever the letter case of the change."""
    updated = changes.filter(kind="update").select(key="order_key")
    if updated.is_empty():
        return changes
    with staged(write.connection, updated, "counterfoil_asked") as stage:
        found = stage.join(SALES, same_key(SALES.c.order_key, stage.c.key))
        spelled = fetch_rows(write.connection, [stage.c.key, SALES.c.order_key], found, stage)
    return changes.with_columns(pl.col("order_key").replace(spelled["key"], spelled["order_key"]))


def _drop_lines(write: Write, keys: pl.Series) -> None:
    if keys.is_empty():
        return
    with staged(write.connection, keys.to_frame(), "counterfoil_asked") as stage:
        of_these = SALE_LINES.c.order_key.in_(sa.select(stage.c.order_key))
        write.connection.execute(sa.delete(SALE_LINES).where(of_these))


def _write_lines(write: Write, changes: pl.DataFrame) -> None:
    """Write the lines; those of a voided sale no longer hold on to their products."""
    sold = lines_of(changes.select("order_key", state="state_after", lines="lines_after"))
    held = (pl.col("state") != "voided") & (pl.col("product_id") != "")
    rows = sold.with_columns(
        pl.when(held).then("product_id").alias("product_id"),
        pl.col("moves").cast(pl.Int64),
        pl.col("sku", "name", "at").fill_null(""),
    )
    load_rows(write.connection, SALE_LINES, rows.drop("state"))


def _impossible_products(write: Write, changes: pl.DataFrame) -> pl.Series:
    """Name the products that are to go but that something refers to; nothing new will, until the transaction ends."""
    going = changes.filter(kind="remove")["product_id"]
    if going.is_empty():
        return NO_KEYS
    connection = write.connection
    with staged(connection, going.to_frame(), "counterfoil_removed") as stage:
        removed = sa.select(stage.c.product_id)
        if is_postgres(connection):
            for key in (PRODUCTS.c.product_id, STOCK_LEVELS.c.product_id):
                connection.execute(sa.select(key).where(key.in_(removed)).order_by(key).with_for_update()).all()
        stocked = pl.Series(list_stocked(connection, removed), dtype=pl.String)
    return pl.concat([list_referred(connection, going, {}), stocked])


def _clear_products(write: Write, changes: pl.DataFrame) -> None:
    going = changes.filter(kind="remove")["product_id"]
    if going.is_empty():
        return
    with staged(write.connection, going.to_frame(), "counterfoil_removed") as stage:
        forget_stock(write.connection, sa.select(stage.c.product_id))


def _impossible_levels(write: Write, changes: pl.DataFrame) -> pl.Series:
    """Name the levels that are to go but that moved since they were opened, or whose product or outlet is not there."""
    going = changes.filter(kind="remove")["level_key"]
    opened = changes.filter(kind="create")
    missing = [
        _missing(write, opened, "product_id_after", PRODUCTS.c.product_id),
        _missing(write, opened, "outlet_id_after", OUTLETS.c.outlet_id),
    ]
    return pl.concat([list_moved(write.connection, going), *missing])


def _clear_levels(write: Write, changes: pl.DataFrame) -> None:
    going = changes.filter(kind="remove")["level_key"]
    if going.is_empty():
        return
    with staged(write.connection, going.to_frame(), "counterfoil_removed") as stage:
        drop_opening(write.connection, sa.select(stage.c.level_key))


def _post_levels(write: Write, changes: pl.DataFrame) -> None:
    """Enter why a level is now what it is: it was opened, or counted."""
    difference = pl.col("quantity_milli_after") - pl.col("quantity_milli_before").fill_null(0)
    moved = changes.filter(pl.col("kind") != "remove").select(
        pl.lit(None, dtype=pl.String).alias("order_key"),
        pl.col("product_id_after").alias("product_id"),
        pl.col("outlet_id_after").alias("outlet_id"),
        pl.when(pl.col("kind") == "create").then(pl.lit(OPENING)).otherwise(pl.lit(COUNTED)).alias("reason"),
        difference.alias("quantity_milli"),
    )
    enter_movements(write.connection, moved, write.batch)


DEPENDENT_WRITES: Mapping[str, DependentWrites] = MappingProxyType(
    {
        "sales": DependentWrites(impossible=_impossible_sales, post=_post_sales),
        "products": DependentWrites(impossible=_impossible_products, clear=_clear_products),
        "stock_levels": DependentWrites(impossible=_impossible_levels, clear=_clear_levels, post=_post_levels),
    }
)

"""The stock of a till on a database: what moved, and the levels that the movements add up to."""

from collections.abc import Mapping

import polars as pl
import sqlalchemy as sa

from infra.connectors.sql.statements import inserting
from infra.connectors.sql.tables import SALE_LINES, SALES, STOCK_LEVELS, STOCK_MOVEMENTS
from infra.databases.bulk import Selected, fetch_rows, load_rows, staged
from schemas.records import BatchName
from schemas.stock import LEVELS
from tasks.core.checking.composite_keys import key_of
from tasks.core.orders.effects import OPENING

PLACE = ("product_id", "outlet_id")
NO_KEYS = pl.Series(dtype=pl.String)
_SAME_PLACE = sa.and_(*(STOCK_MOVEMENTS.c[name] == STOCK_LEVELS.c[name] for name in PLACE))


def post_movements(connection: sa.Connection, moved: pl.DataFrame, batch: BatchName) -> None:
    """Enter *moved* (``order_key, product_id, outlet_id, reason, quantity_milli``) and let the levels follow.

    The levels come last: until the transaction ends, whoever sells the same products must wait for them.
    """
    if moved.is_empty():
        return
    differences = moved.group_by(PLACE).agg(pl.col("quantity_milli").sum()).sort(PLACE)
    keyed = differences.with_columns(key_of(LEVELS))
    with staged(connection, keyed, "counterfoil_levels") as stage:
        _open_levels(connection, stage)
        enter_movements(connection, moved, batch)
        _move_levels(connection, stage)


def enter_movements(connection: sa.Connection, moved: pl.DataFrame, batch: BatchName) -> None:
    """Enter what moved under the name of the batch that moved it."""
    named = moved.with_columns(plan_id=pl.lit(batch.plan_id), run_id=pl.lit(batch.run_id))
    load_rows(connection, STOCK_MOVEMENTS, named)


def _open_levels(connection: sa.Connection, stage: sa.Table) -> None:
    """Make the levels that are not there yet; in order, so that two who do so at once never wait for each other."""
    rows = sa.select(stage.c.level_key, *(stage.c[name] for name in PLACE), sa.literal(0)).order_by(stage.c.level_key)
    insert = inserting(connection)(STOCK_LEVELS).from_select(["level_key", *PLACE, "quantity_milli"], _each(rows))
    connection.execute(insert.on_conflict_do_nothing())


def _move_levels(connection: sa.Connection, stage: sa.Table) -> None:
    """Add each difference to its level as it is by now, whoever moved it meanwhile; in order, as above."""
    columns = ["level_key", *PLACE, "quantity_milli"]
    rows = sa.select(*(stage.c[name] for name in columns)).order_by(stage.c.level_key)
    insert = inserting(connection)(STOCK_LEVELS).from_select(columns, _each(rows))
    level = STOCK_LEVELS.c.quantity_milli + insert.excluded.quantity_milli
    connection.execute(
        insert.on_conflict_do_update(
            index_elements=[STOCK_LEVELS.c.level_key], set_={"quantity_milli": level, "updated_at": sa.func.now()}
        )
    )


def _each(rows: sa.Select[tuple[object, ...]]) -> sa.Select[tuple[object, ...]]:
    """Tell SQLite where the SELECT ends: without a condition it takes ON CONFLICT for that of a join."""
    return rows.where(sa.true())


def list_levels(connection: sa.Connection, outlets: pl.Series | None) -> pl.DataFrame:
    """Return ``product_id, outlet_id, quantity_milli`` of some outlets, or of all."""
    columns: list[Selected] = [STOCK_LEVELS.c[name] for name in (*PLACE, "quantity_milli")]
    levels = fetch_rows(connection, columns, STOCK_LEVELS, STOCK_LEVELS)
    return levels if outlets is None else levels.filter(pl.col("outlet_id").is_in(outlets.implode()))


def list_movements(connection: sa.Connection, run_id: str) -> pl.DataFrame:
    """Return what a run moved."""
    names = ("order_key", *PLACE, "reason", "quantity_milli", "plan_id")
    columns: list[Selected] = [STOCK_MOVEMENTS.c[name] for name in names]
    with staged(connection, pl.DataFrame({"run_id": [run_id]})) as stage:
        of_run = STOCK_MOVEMENTS.join(stage, STOCK_MOVEMENTS.c.run_id == stage.c.run_id)
        return fetch_rows(connection, columns, of_run, STOCK_MOVEMENTS)


def list_sold_only(connection: sa.Connection) -> pl.DataFrame:
    """Return ``product_id, outlet_id`` of levels that nothing but sales ever moved."""
    query = (
        sa.select(*(STOCK_MOVEMENTS.c[name] for name in PLACE))
        .group_by(*(STOCK_MOVEMENTS.c[name] for name in PLACE))
        .having(sa.func.count(STOCK_MOVEMENTS.c.order_key) == sa.func.count())
        .order_by(*(STOCK_MOVEMENTS.c[name] for name in PLACE))
    )
    rows = [tuple(row) for row in connection.execute(query)]
    return pl.DataFrame(rows, schema=dict.fromkeys(PLACE, pl.String), orient="row")


def find_uneven(connection: sa.Connection) -> pl.DataFrame:
    """Return the levels that are not the sum of their movements, with that sum. There should be none."""
    added = sa.func.coalesce(sa.func.sum(STOCK_MOVEMENTS.c.quantity_milli), 0).label("moved_milli")
    query = (
        sa.select(*(STOCK_LEVELS.c[name] for name in PLACE), STOCK_LEVELS.c.quantity_milli, added)
        .select_from(STOCK_LEVELS.outerjoin(STOCK_MOVEMENTS, _SAME_PLACE))
        .group_by(*(STOCK_LEVELS.c[name] for name in PLACE), STOCK_LEVELS.c.quantity_milli)
        .having(STOCK_LEVELS.c.quantity_milli != added)
        .order_by(*(STOCK_LEVELS.c[name] for name in PLACE))
    )
    rows = [(product, outlet, level, int(sum_)) for product, outlet, level, sum_ in connection.execute(query)]
    schema = dict.fromkeys(PLACE, pl.String) | dict.fromkeys(("quantity_milli", "moved_milli"), pl.Int64)
    return pl.DataFrame(rows, schema=schema, orient="row")


def list_referred(connection: sa.Connection, products: pl.Series, going: Mapping[str, pl.Series]) -> pl.Series:
    """Return those of *products* that something refers to: a sale that is not voided, or what else moved them.

    Sales and openings whose keys are among those *going*, by resource, refer to nothing any more.
    """
    sales, levels = (going.get(name, NO_KEYS) for name in ("sales", "stock_levels"))
    with (
        staged(connection, products.alias("product_id").to_frame(), "counterfoil_asked") as asked,
        staged(connection, sales.alias("key").to_frame(), "counterfoil_sales") as voided,
        staged(connection, levels.alias("key").to_frame(), "counterfoil_openings") as closed,
    ):
        there = sa.and_(SALES.c.state != "voided", SALES.c.order_key.not_in(sa.select(voided.c.key)))
        sold = sa.select(SALES.c.order_key).where(there)
        lines = sa.exists().where(SALE_LINES.c.product_id == asked.c.product_id, SALE_LINES.c.order_key.in_(sold))
        otherwise = sa.and_(STOCK_MOVEMENTS.c.order_key.is_(None), sa.not_(_opens(closed)))
        moved = sa.or_(STOCK_MOVEMENTS.c.order_key.in_(sold), otherwise)
        moves = sa.exists().where(STOCK_MOVEMENTS.c.product_id == asked.c.product_id, moved)
        query = sa.select(asked.c.product_id).where(sa.or_(lines, moves))
        return pl.Series("product_id", list(connection.scalars(query)), dtype=pl.String)


def _opens(levels: sa.Table) -> sa.ColumnElement[bool]:
    """Say whether a movement is the opening of one of *levels*."""
    of_levels = sa.select(STOCK_LEVELS.c.level_key).where(
        STOCK_LEVELS.c.level_key.in_(sa.select(levels.c.key)), _SAME_PLACE
    )
    return sa.and_(STOCK_MOVEMENTS.c.reason == OPENING, of_levels.exists())


def list_stocked(connection: sa.Connection, products: sa.Select[tuple[str]]) -> list[str]:
    """Return those of *products* of which there is more or less than nothing somewhere."""
    query = sa.select(STOCK_LEVELS.c.product_id).where(STOCK_LEVELS.c.product_id.in_(products))
    return list(connection.scalars(query.where(STOCK_LEVELS.c.quantity_milli != 0)))


def forget_stock(connection: sa.Connection, products: sa.Select[tuple[str]]) -> None:
    """Take away the levels of products that are to go, with the movements of the voided sales that alone knew them."""
    for table in (STOCK_MOVEMENTS, STOCK_LEVELS):
        connection.execute(sa.delete(table).where(table.c.product_id.in_(products)))
    unlink = sa.update(SALE_LINES).where(SALE_LINES.c.product_id.in_(products))
    connection.execute(unlink.values(product_id=None))


def drop_opening(connection: sa.Connection, levels: sa.Select[tuple[str]]) -> None:
    """Take away the opening movement of levels that are to go."""
    of_level = sa.select(STOCK_LEVELS.c.level_key).where(STOCK_LEVELS.c.level_key.in_(levels), _SAME_PLACE)
    connection.execute(sa.delete(STOCK_MOVEMENTS).where(STOCK_MOVEMENTS.c.reason == OPENING, of_level.exists()))


def list_moved(connection: sa.Connection, levels: pl.Series) -> pl.Series:
    """Return the keys of those levels that more than their opening moved."""
    with staged(connection, levels.alias("level_key").to_frame(), "counterfoil_asked") as asked:
        query = (
            sa.select(STOCK_LEVELS.c.level_key)
            .join(asked, asked.c.level_key == STOCK_LEVELS.c.level_key)
            .join(STOCK_MOVEMENTS, _SAME_PLACE)
            .where(STOCK_MOVEMENTS.c.reason != OPENING)
            .distinct()
        )
        return pl.Series("level_key", list(connection.scalars(query)), dtype=pl.String)

"""The lines of sales, which a till keeps by themselves beside the sale, on a database."""

import polars as pl
import sqlalchemy as sa

from infra.connectors.sql.tables import SALE_LINES, SALES
from infra.databases.bulk import Selected, fetch_rows, staged
from tasks.core.orders.effects import lines_of

_COLUMNS = ("order_key", "line", "kind", "quantity_milli", "net_cents", "tax_cents", "moves")


def list_edited(connection: sa.Connection, sales: pl.Series) -> pl.Series:
    """Return those of *sales* whose lines are not what the sale itself says of them."""
    with staged(connection, sales.alias("key").to_frame(), "counterfoil_asked") as asked:
        stored = _fetch(connection, asked, SALES, ("order_key", "lines"))
        there = _fetch(connection, asked, SALE_LINES, _COLUMNS)
    wanted = lines_of(stored).select(*_COLUMNS[:-1], pl.col("moves").cast(pl.Int64))
    held = there.select(*_COLUMNS[:-1], pl.col("moves").cast(pl.Int64))
    differing = [one.join(other, on=_COLUMNS, how="anti") for one, other in ((wanted, held), (held, wanted))]
    return pl.concat(differing)["order_key"].unique()


def _fetch(connection: sa.Connection, asked: sa.Table, table: sa.Table, names: tuple[str, ...]) -> pl.DataFrame:
    columns: list[Selected] = [table.c[name] for name in names]
    return fetch_rows(connection, columns, asked.join(table, table.c.order_key == asked.c.key), asked)

"""Lists inside of rows: the lines of an order, the metadata of a line."""

import polars as pl


def exploded(raw: pl.DataFrame, column: str, *kept: str) -> pl.DataFrame:
    """Return one row for each object in the lists of *column*, with the line of its order and the columns *kept*."""
    some = raw.select("line", *kept, column).filter(pl.col(column).list.len() > 0)
    return some.explode(column).filter(pl.col(column).is_not_null()).unnest(column)


def meta(key: str) -> pl.Expr:
    """Return the value that the metadata of a line has under *key*, null where it has none."""
    found = pl.element().filter(pl.element().struct.field("key") == key).struct.field("value")
    return pl.col("meta_data").list.eval(found).list.last()

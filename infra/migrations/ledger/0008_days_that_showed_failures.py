"""On which days reports showed a loyalty failure: what became of it follows from them, in any order."""

import polars as pl
import sqlalchemy as sa
from alembic import op

from infra.databases.bulk import fetch_rows, staged

revision = "0008"
down_revision = "0007"
_DAYS = ("first_seen_on", "reported_on", "reopened_on")


def upgrade() -> None:
    """Add the column, with those of the days that are known of the failures that are there."""
    op.add_column("failures", sa.Column("shown", sa.Text, nullable=False, server_default=""))
    named = [sa.Column(name, sa.Text) for name in ("failure_key", "occurred_on", *_DAYS, "shown")]
    there = sa.Table("failures", sa.MetaData(), *named)
    connection = op.get_bind()
    known = fetch_rows(connection, [there.c[name] for name in ("failure_key", "occurred_on", *_DAYS)], there, there)
    with staged(connection, _shown(known)) as stage:
        mine = there.c.failure_key == stage.c.failure_key
        connection.execute(sa.update(there).values(shown=stage.c.days).where(mine))


def _shown(known: pl.DataFrame) -> pl.DataFrame:
    """Write the days as bits, counted from the one on which it happened; what only a journal told was never shown."""
    days = known.filter(pl.col("reported_on").is_not_null()).with_columns(
        pl.col("occurred_on", *_DAYS).str.to_date("%Y-%m-%d")
    )
    bits = [(pl.col(name) - pl.col("occurred_on")).dt.total_days().clip(lower_bound=0) for name in _DAYS]
    rows = days.select("failure_key", shown=pl.concat_list(bits))
    written = [f"{sum({1 << bit for bit in row if bit is not None}):x}" for row in rows["shown"].to_list()]
    return rows.select("failure_key").with_columns(days=pl.Series(written, dtype=pl.String))

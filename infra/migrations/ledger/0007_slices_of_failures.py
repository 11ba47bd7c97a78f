"""In which slice a loyalty failure lies: so many are swept a part at a time."""

import polars as pl
import sqlalchemy as sa
from alembic import op

from infra.databases.bulk import fetch_rows, staged
from tasks.core.loyalty.slices import with_slices

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the column, and put the failures that are there into their slices."""
    op.add_column("failures", sa.Column("slice", sa.BigInteger, nullable=False, server_default="0"))
    named = [sa.Column(name, sa.Text) for name in ("failure_key", "customer_id")]
    there = sa.Table("failures", sa.MetaData(), *named, sa.Column("slice", sa.BigInteger))
    connection = op.get_bind()
    known = fetch_rows(connection, [there.c.failure_key, there.c.customer_id], there, there)
    with staged(connection, with_slices(known).select("failure_key", number=pl.col("slice"))) as stage:
        mine = there.c.failure_key == stage.c.failure_key
        connection.execute(sa.update(there).values(slice=stage.c.number).where(mine))
    op.create_index("ix_failures_slice", "failures", ["slice"])

"""Which changes of a batch found their record as wanted: another run wrote these, and only that one can undo them."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; of batches that are there already nobody knows, and they keep what they claimed."""
    op.add_column("counterfoil_batches", sa.Column("found", sa.Text, nullable=False, server_default="[]"))

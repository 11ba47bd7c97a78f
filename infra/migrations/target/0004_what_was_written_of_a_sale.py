"""What was written of a sale as one hash beside it: sales that are there already have none."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column."""
    op.add_column("sales", sa.Column("written_sha256", sa.Text, nullable=False, server_default=""))

"""Rejects that were dropped on purpose: who did so, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns, empty for all that is there."""
    op.add_column("rejects", sa.Column("dropped_by", sa.Text, nullable=False, server_default=""))
    op.add_column("rejects", sa.Column("dropped_why", sa.Text, nullable=False, server_default=""))
    op.add_column("rejects", sa.Column("dropped_at", sa.DateTime(timezone=True)))

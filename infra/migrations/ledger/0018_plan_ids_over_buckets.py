"""Plan ids are hashes over buckets, and batches say where they begin; plans of the earlier format are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Make the column. A plan that is open has an id that no run comes to any more."""
    op.add_column("batches", sa.Column("first_row", sa.Integer))
    op.execute("UPDATE plans SET state = 'outdated' WHERE state = 'open'")

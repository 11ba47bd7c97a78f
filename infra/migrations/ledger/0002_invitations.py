"""Who was invited in which campaign: one row a person, by a hash of the address."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; its key is what keeps a person from being mailed twice."""
    op.create_table(
        "invitations",
        sa.Column("campaign", sa.Text, primary_key=True),
        sa.Column("email_sha256", sa.Text, primary_key=True),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT),
    )

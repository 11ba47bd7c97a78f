"""What people say of what is left to do: who takes care of it, until when, a note, and why it was dropped."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "open_notes",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("left", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("dropped_by", sa.Text, nullable=False),
        sa.Column("dropped_why", sa.Text, nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True)),
    )

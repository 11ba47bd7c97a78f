"""The language that somebody chose to be spoken to in; none, where their browser chooses."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the column."""
    op.add_column("people", sa.Column("language", sa.Text))

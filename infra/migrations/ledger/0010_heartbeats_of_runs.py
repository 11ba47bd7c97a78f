"""When a run last said that it works, and in which process: by that one that was killed is told from one that works."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns; runs that older versions left running have neither."""
    op.add_column("runs", sa.Column("process", sa.Text, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("heartbeat_at", sa.DateTime(timezone=True)))

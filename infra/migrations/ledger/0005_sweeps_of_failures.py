"""Which days were swept for loyalty failures, and whose reports were believed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table. A day that was swept without a report of a section has a row without one."""
    op.create_table(
        "failure_sweeps",
        sa.Column("day", sa.Text, primary_key=True),
        sa.Column("section", sa.Text, primary_key=True),
        sa.Column("believed", sa.Integer, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
    )

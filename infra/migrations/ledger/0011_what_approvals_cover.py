"""Which concerns an approval covers, and every run that made a plan; plans of the earlier format are closed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the table and the columns. A plan that is open has an id that no run comes to any more."""
    op.create_table(
        "planned_by",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("run_id", sa.Text, primary_key=True),
    )
    op.add_column("plans", sa.Column("shown_concerns", sa.Text))
    op.add_column("approvals", sa.Column("concerns", sa.Text))
    op.execute("INSERT INTO planned_by (plan_id, run_id) SELECT plan_id, run_id FROM plans")
    op.execute("UPDATE plans SET state = 'outdated' WHERE state = 'open'")

"""Gift cards, and the journal of operations and batches."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of the first release."""
    _gift_cards()
    _journal()


def _gift_cards() -> None:
    op.create_table(
        "gift_cards",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("currency", sa.CHAR(3), nullable=False),
        sa.Column("balance_cents", sa.BigInteger, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.CheckConstraint("balance_cents >= 0", name="gift_cards_balance_not_negative"),
    )
    op.create_index("gift_cards_number_any_case", "gift_cards", [sa.text("lower(number)")], unique=True)


def _journal() -> None:
    op.create_table(
        "counterfoil_operations",
        sa.Column("operation_id", sa.Text, primary_key=True),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_table(
        "counterfoil_batches",
        sa.Column("plan_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("conflicts", sa.Text, nullable=False),
        sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )

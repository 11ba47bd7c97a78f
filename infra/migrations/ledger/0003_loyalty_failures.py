"""Loyalty failures: one row a failure, which outlives the vendor's report of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

TEXTS = ("source", "section", "customer_id", "reward_id", "transaction_id", "upc", "program")
DAYS = ("first_seen_on", "last_seen_on")


def upgrade() -> None:
    """Make the table. Days and instants are ISO text: they are moved a million at a time, and sort as they are."""
    op.create_table(
        "failures",
        sa.Column("failure_key", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sa.Column("occurred_at", sa.Text, nullable=False),
        sa.Column("occurred_on", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("reason_code", sa.Text, nullable=False),
        sa.Column("quantity_milli", sa.BigInteger),
        sa.Column("amount_cents", sa.BigInteger),
        sa.Column("expires_at", sa.Text, nullable=False),
        sa.Column("expires_on", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in DAYS),
        *(sa.Column(name, sa.Text) for name in ("reported_on", "gone_on", "reopened_on")),
        sa.Column("status", sa.Text, nullable=False, index=True),
        sa.Column("settled_on", sa.Text, index=True),
        sa.Column("failure_class", sa.Text),
        sa.Column("at_risk_cents", sa.BigInteger),
        *(sa.Column(name, sa.Text) for name in ("decision", "decided_by", "decided_on")),
        sa.Column("warned_days", sa.BigInteger),
        sa.Column("revision", sa.BigInteger, nullable=False, index=True),
    )

"""The tables of the sql target: the records, and the target's own journal of what we did.

A resource is looked up here by its name; ``infra/migrations/target`` makes the tables.
"""

import sqlalchemy as sa

from schemas.customers import CUSTOMER_COLUMNS

TARGET = sa.MetaData()

GIFT_CARDS = sa.Table(
    "gift_cards",
    TARGET,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("balance_cents", sa.BigInteger, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.CheckConstraint("balance_cents >= 0", name="gift_cards_balance_not_negative"),
)
# unique: a till that takes gc1 for GC1 cannot tell two such cards apart
sa.Index("gift_cards_number_any_case", sa.func.lower(GIFT_CARDS.c.number), unique=True)

CUSTOMERS = sa.Table(
    "customers",
    TARGET,
    sa.Column(
        "customer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), sa.Identity(always=False), primary_key=True
    ),
    # unique: whatever is retried or killed, a customer we created once is not created again
    sa.Column("created_as", sa.Text, unique=True),
    *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in CUSTOMER_COLUMNS),
    sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

OPERATIONS = sa.Table(
    "counterfoil_operations",
    TARGET,
    sa.Column("operation_id", sa.Text, primary_key=True),
    sa.Column("plan_id", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

BATCHES = sa.Table(
    "counterfoil_batches",
    TARGET,
    # the run is part of the name: after a restore the same plan may rightly be carried out again
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("conflicts", sa.Text, nullable=False),
    sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

"""The tables of the sql target: the records, and the target's own journal of what we did.

A resource is looked up here by its name. ``infra/migrations/target`` makes these tables; those of domains that have
none here are made as they are declared.
"""

import sqlalchemy as sa

from infra.connectors.sql.declared_tables import declared_table, written_at
from schemas.customers import CUSTOMER_COLUMNS
from schemas.domains import DOMAINS

TARGET = sa.MetaData()


GIFT_CARDS = sa.Table(
    "gift_cards",
    TARGET,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("currency", sa.CHAR(3), nullable=False),
    sa.Column("balance_cents", sa.BigInteger, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    *written_at(),
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
    *written_at(),
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
    sa.Column("found", sa.Text, nullable=False, server_default="[]"),
    sa.Column("committed_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
)

OUTLETS = sa.Table(
    "outlets",
    TARGET,
    sa.Column("outlet_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    *written_at(),
)

REGISTERS = sa.Table(
    "registers",
    TARGET,
    sa.Column("register_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("outlet_id", sa.Text, sa.ForeignKey("outlets.outlet_id"), nullable=False),
    *written_at(),
)

PRODUCTS = sa.Table(
    "products",
    TARGET,
    sa.Column("product_id", sa.Text, primary_key=True),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("price_cents", sa.BigInteger, nullable=False),
    sa.Column("active", sa.Text, nullable=False),
    sa.Column("tracks_stock", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_id", sa.Text, nullable=False),
    sa.Column("source_variation_id", sa.Text, nullable=False),
    *written_at(),
    sa.CheckConstraint("active IN ('yes', 'no')", name="products_active_yes_or_no"),
    sa.CheckConstraint("tracks_stock IN ('yes', 'no')", name="products_tracks_stock_yes_or_no"),
)

SALES = sa.Table(
    "sales",
    TARGET,
    # the order at its source: an order that is here cannot come in a second time
    sa.Column("order_key", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("sold_at", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("register_id", sa.Text, sa.ForeignKey("registers.register_id"), nullable=False),
    sa.Column("outlet_id", sa.Text, sa.ForeignKey("outlets.outlet_id"), nullable=False),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("total_cents", sa.BigInteger, nullable=False),
    sa.Column("tax_cents", sa.BigInteger, nullable=False),
    sa.Column("refunded_cents", sa.BigInteger, nullable=False),
    sa.Column("stock", sa.Text, nullable=False),
    sa.Column("content_sha256", sa.Text, nullable=False),
    sa.Column("written_sha256", sa.Text, nullable=False, server_default=""),
    sa.Column("lines", sa.Text, nullable=False),
    *written_at(),
    sa.CheckConstraint("state IN ('closed', 'parked', 'voided')", name="sales_state_known"),
    sa.CheckConstraint("stock IN ('deduct', 'neutral')", name="sales_stock_known"),
    sa.CheckConstraint("refunded_cents >= 0", name="sales_refunded_not_negative"),
)

# the loyalty sweep looks up the sales of many customers, some at a time
sa.Index("sales_of_customers", SALES.c.customer_id, SALES.c.sold_at)

SALE_LINES = sa.Table(
    "sale_lines",
    TARGET,
    sa.Column("order_key", sa.Text, sa.ForeignKey("sales.order_key"), primary_key=True),
    sa.Column("line", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    # null: no product of the till, or one that is gone and only voided sales knew
    sa.Column("product_id", sa.Text, sa.ForeignKey("products.product_id"), index=True),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("quantity_milli", sa.BigInteger, nullable=False),
    sa.Column("net_cents", sa.BigInteger, nullable=False),
    sa.Column("tax_cents", sa.BigInteger, nullable=False),
    sa.Column("moves", sa.SmallInteger, nullable=False),
    sa.Column("at", sa.Text, nullable=False),
)

STOCK_LEVELS = sa.Table(
    "stock_levels",
    TARGET,
    sa.Column("level_key", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Text, sa.ForeignKey("products.product_id"), nullable=False),
    sa.Column("outlet_id", sa.Text, sa.ForeignKey("outlets.outlet_id"), nullable=False),
    sa.Column("quantity_milli", sa.BigInteger, nullable=False),
    *written_at(),
    sa.UniqueConstraint("product_id", "outlet_id", name="one_level_a_place"),
)

for _key in (
    OUTLETS.c.outlet_id,
    REGISTERS.c.register_id,
    PRODUCTS.c.product_id,
    SALES.c.order_key,
    STOCK_LEVELS.c.level_key,
):
    sa.Index(f"{_key.table.name}_{_key.name}_any_case", sa.func.lower(_key), unique=True)

STOCK_MOVEMENTS = sa.Table(
    "stock_movements",
    TARGET,
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("outlet_id", sa.Text, nullable=False),
    sa.Column("quantity_milli", sa.BigInteger, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("order_key", sa.Text, sa.ForeignKey("sales.order_key")),
    sa.Column("plan_id", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    # so that nothing moves without a level, and no level goes while something that moved stands here
    sa.ForeignKeyConstraint(["product_id", "outlet_id"], ["stock_levels.product_id", "stock_levels.outlet_id"]),
    # a plan moves the stock of an order once in a run
    sa.UniqueConstraint("product_id", "outlet_id", "order_key", "reason", "plan_id", "run_id", name="moved_once"),
)
# a shop begins once: what is there already is never counted again
sa.Index(
    "opened_once",
    STOCK_MOVEMENTS.c.product_id,
    STOCK_MOVEMENTS.c.outlet_id,
    unique=True,
    sqlite_where=STOCK_MOVEMENTS.c.reason == "opening",
    postgresql_where=STOCK_MOVEMENTS.c.reason == "opening",
)

DECLARED = tuple(
    declared_table(domain, TARGET)
    for domain in DOMAINS.values()
    if domain.dialects and domain.resource.name not in TARGET.tables
)
"""Tables of domains with files of their own, for which no migration makes one."""

"""Outlets, registers, products, sales with their lines, and stock: movements and the levels they add up to."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of a till; children after the parents they refer to."""
    _places()
    _products()
    _sales()
    _sale_lines()
    _stock()
    for table, key in {
        "outlets": "outlet_id",
        "registers": "register_id",
        "products": "product_id",
        "sales": "order_key",
        "stock_levels": "level_key",
    }.items():
        op.create_index(f"{table}_{key}_any_case", table, [sa.text(f"lower({key})")], unique=True)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _numbers(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in names]


def _instants(*names: str) -> list[sa.Column[datetime]]:
    return [sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()) for name in names]


def _outlet() -> sa.Column[str]:
    return sa.Column("outlet_id", sa.Text, sa.ForeignKey("outlets.outlet_id"), nullable=False)


def _places() -> None:
    op.create_table(
        "outlets",
        sa.Column("outlet_id", sa.Text, primary_key=True),
        *_texts("name"),
        *_instants("created_at", "updated_at"),
    )
    op.create_table(
        "registers",
        sa.Column("register_id", sa.Text, primary_key=True),
        *_texts("name"),
        _outlet(),
        *_instants("created_at", "updated_at"),
    )


def _products() -> None:
    op.create_table(
        "products",
        sa.Column("product_id", sa.Text, primary_key=True),
        *_texts("sku", "name", "description", "currency"),
        *_numbers("price_cents"),
        *_texts("active", "tracks_stock", "source", "source_id", "source_variation_id"),
        *_instants("created_at", "updated_at"),
        sa.CheckConstraint("active IN ('yes', 'no')", name="products_active_yes_or_no"),
        sa.CheckConstraint("tracks_stock IN ('yes', 'no')", name="products_tracks_stock_yes_or_no"),
    )


def _sales() -> None:
    op.create_table(
        "sales",
        sa.Column("order_key", sa.Text, primary_key=True),
        *_texts("state", "sold_at", "number"),
        sa.Column("register_id", sa.Text, sa.ForeignKey("registers.register_id"), nullable=False),
        _outlet(),
        *_texts("customer_id", "currency"),
        *_numbers("total_cents", "tax_cents", "refunded_cents"),
        *_texts("stock", "content_sha256", "lines"),
        *_instants("created_at", "updated_at"),
        sa.CheckConstraint("state IN ('closed', 'parked', 'voided')", name="sales_state_known"),
        sa.CheckConstraint("stock IN ('deduct', 'neutral')", name="sales_stock_known"),
        sa.CheckConstraint("refunded_cents >= 0", name="sales_refunded_not_negative"),
    )


def _sale_lines() -> None:
    op.create_table(
        "sale_lines",
        sa.Column("order_key", sa.Text, sa.ForeignKey("sales.order_key"), primary_key=True),
        sa.Column("line", sa.Text, primary_key=True),
        *_texts("kind"),
        sa.Column("product_id", sa.Text, sa.ForeignKey("products.product_id"), index=True),
        *_texts("sku", "name"),
        *_numbers("quantity_milli", "net_cents", "tax_cents"),
        sa.Column("moves", sa.SmallInteger, nullable=False),
        *_texts("at"),
    )


def _stock() -> None:
    op.create_table(
        "stock_levels",
        sa.Column("level_key", sa.Text, primary_key=True),
        sa.Column("product_id", sa.Text, sa.ForeignKey("products.product_id"), nullable=False),
        _outlet(),
        *_numbers("quantity_milli"),
        *_instants("created_at", "updated_at"),
        sa.UniqueConstraint("product_id", "outlet_id", name="one_level_a_place"),
    )
    op.create_table(
        "stock_movements",
        *_texts("product_id", "outlet_id"),
        *_numbers("quantity_milli"),
        *_texts("reason"),
        sa.Column("order_key", sa.Text, sa.ForeignKey("sales.order_key")),
        *_texts("plan_id", "run_id"),
        *_instants("moved_at"),
        sa.ForeignKeyConstraint(["product_id", "outlet_id"], ["stock_levels.product_id", "stock_levels.outlet_id"]),
        sa.UniqueConstraint("product_id", "outlet_id", "order_key", "reason", "plan_id", "run_id", name="moved_once"),
    )
    opening = sa.text("reason = 'opening'")
    op.create_index(
        "opened_once",
        "stock_movements",
        ["product_id", "outlet_id"],
        unique=True,
        sqlite_where=opening,
        postgresql_where=opening,
    )

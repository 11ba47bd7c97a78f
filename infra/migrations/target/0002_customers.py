"""Customers."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

COLUMNS = (
    "first_name name_prefix last_name email phone mobile born_on gender language customer_type company company_number "
    "vat_number attention street address_2 house_number house_extension postcode city region country "
    "shipping_attention shipping_company shipping_street shipping_address_2 shipping_house_number "
    "shipping_house_extension shipping_postcode shipping_city shipping_region shipping_country groups confirmed "
    "registered extra"
)


def upgrade() -> None:
    """Make the table of customers; numbers that were issued once are never issued again."""
    op.create_table(
        "customers",
        sa.Column(
            "customer_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(always=False),
            primary_key=True,
        ),
        sa.Column("created_as", sa.Text, unique=True),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in COLUMNS.split()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sqlite_autoincrement=True,
    )

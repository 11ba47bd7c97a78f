"""Sales are found by who bought and when: the loyalty sweep asks for those of many customers, some at a time."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the index."""
    op.create_index("sales_of_customers", "sales", ["customer_id", "sold_at"])

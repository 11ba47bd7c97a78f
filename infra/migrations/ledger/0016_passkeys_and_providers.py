"""For people who prove who they are: passkeys, identity providers, what was asked of a browser, and since when."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables, and the columns of sessions and approvals."""
    op.create_table(
        "passkeys",
        sa.Column("credential_id", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sign_count", sa.BigInteger, nullable=False),
        sa.Column("rp_id", sa.Text, nullable=False),
        sa.Column("added_at", _INSTANT, nullable=False),
        sa.Column("last_used_at", _INSTANT),
        sa.Column("removed_at", _INSTANT),
    )
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), nullable=False, index=True),
        sa.Column("linked_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "challenges",
        sa.Column("token_sha256", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("holder_sha256", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
    )
    op.add_column("sessions", sa.Column("begun_at", _INSTANT))
    op.add_column("sessions", sa.Column("begun_by", sa.Text))
    op.add_column("approvals", sa.Column("proof", sa.Text, nullable=False, server_default=""))

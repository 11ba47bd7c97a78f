"""For systems that take one record at a time: a journal of writes, a budget of calls, and the tokens of a login."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_journal()
    _make_budgets()
    _make_tokens()


def _make_journal() -> None:
    op.create_table(
        "record_writes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("plan_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("key_sha256", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("change_sha256", sa.Text, nullable=False),
        sa.Column("request_key", sa.Text, nullable=False),
        sa.Column("operation_sha256", sa.Text, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("begun_at", _INSTANT, nullable=False),
        sa.Column("settled_at", _INSTANT),
        sa.UniqueConstraint("target", "run_id", "plan_id", "number", "position", name="uq_record_writes_place"),
    )
    for column in ("key_sha256", "operation_sha256", "outcome"):
        op.create_index(f"ix_record_writes_{column}", "record_writes", ["target", column])


def _make_budgets() -> None:
    op.create_table(
        "call_budgets",
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("calls", sa.Integer, nullable=False),
        sa.Column("closed_until", _INSTANT),
    )
    op.create_table(
        "calls_made",
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("made_at", _INSTANT, primary_key=True),
        sa.Column("calls", sa.Integer, nullable=False),
    )


def _make_tokens() -> None:
    op.create_table(
        "access_tokens",
        sa.Column("system", sa.Text, primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("refreshed_by", sa.Text, nullable=False),
        sa.Column("refreshed_until", _INSTANT),
    )

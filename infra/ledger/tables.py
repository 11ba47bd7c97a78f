"""The tables of the ledger: what was asked, decided and done. Rows of the business data are not here."""

from datetime import UTC, datetime

import sqlalchemy as sa


class Instant(sa.TypeDecorator[datetime]):
    """A moment, aware and in UTC, also where the database keeps no zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy passes it
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy passes it
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


LEDGER = sa.MetaData()

RUNS = sa.Table(
    "runs",
    LEDGER,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("mode", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("submitted_by", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("says", sa.Text, nullable=False),
    sa.Column("plan_id", sa.Text, nullable=False),
    sa.Column("follows", sa.Text, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False, index=True),
    sa.Column("finished_at", Instant),
    sa.Column("process", sa.Text, nullable=False, server_default=""),
    sa.Column("heartbeat_at", Instant),
)

PLANS = sa.Table(
    "plans",
    LEDGER,
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("domain", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("last_finished_at", Instant),
    sa.Column("shown_concerns", sa.Text),
)
"""``shown_concerns``: those that people saw when they were last shown the plan; null where nobody was yet."""

PLANNED_BY = sa.Table(
    "planned_by",
    LEDGER,
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Text, primary_key=True),
)

APPROVALS = sa.Table(
    "approvals",
    LEDGER,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("plan_id", sa.Text, sa.ForeignKey("plans.plan_id"), nullable=False, index=True),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("approver", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("claimed_by_run", sa.Text, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("concerns", sa.Text),
    sa.Column("proof", sa.Text, nullable=False, server_default=""),
)
"""``concerns``: those that the person saw who decided; null in approvals of plans whose id told them.
``proof``: the signature of their passkey (``schemas.passkeys.Proof``), empty where they only gave a name."""

BATCHES = sa.Table(
    "batches",
    LEDGER,
    sa.Column("plan_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("finished_at", Instant),
    sa.Column("first_row", sa.Integer),
)

REJECTS = sa.Table(
    "rejects",
    LEDGER,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("line", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("codes", sa.Text, nullable=False),
    sa.Column("key_sha256", sa.Text, nullable=False, index=True),
    sa.Column("closed_by_run", sa.Text, nullable=False, server_default=""),
    sa.Column("dropped_by", sa.Text, nullable=False, server_default=""),
    sa.Column("dropped_why", sa.Text, nullable=False, server_default=""),
    sa.Column("dropped_at", Instant),
)

ARTIFACTS = sa.Table(
    "artifacts",
    LEDGER,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("stored_at", Instant, nullable=False),
)

INVITATIONS = sa.Table(
    "invitations",
    LEDGER,
    sa.Column("campaign", sa.Text, primary_key=True),
    sa.Column("email_sha256", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("started_at", Instant, nullable=False),
    sa.Column("settled_at", Instant),
)

INBOX_FILES = sa.Table(
    "inbox_files",
    LEDGER,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("etag", sa.Text, primary_key=True),
    sa.Column("seen_at", Instant, nullable=False),
)

FAILURES = sa.Table(
    "failures",
    LEDGER,
    sa.Column("failure_key", sa.Text, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("customer_id", sa.Text, nullable=False),
    sa.Column("reward_id", sa.Text, nullable=False),
    sa.Column("transaction_id", sa.Text, nullable=False),
    sa.Column("upc", sa.Text, nullable=False),
    sa.Column("program", sa.Text, nullable=False),
    sa.Column("occurred_at", sa.Text, nullable=False),
    sa.Column("occurred_on", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("reason_code", sa.Text, nullable=False),
    sa.Column("quantity_milli", sa.BigInteger),
    sa.Column("amount_cents", sa.BigInteger),
    sa.Column("expires_at", sa.Text, nullable=False),
    sa.Column("expires_on", sa.Text, nullable=False),
    sa.Column("first_seen_on", sa.Text, nullable=False),
    sa.Column("last_seen_on", sa.Text, nullable=False),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("reported_on", sa.Text),
    sa.Column("gone_on", sa.Text),
    sa.Column("reopened_on", sa.Text),
    sa.Column("status", sa.Text, nullable=False, index=True),
    sa.Column("settled_on", sa.Text, index=True),
    sa.Column("failure_class", sa.Text),
    sa.Column("at_risk_cents", sa.BigInteger),
    sa.Column("decision", sa.Text),
    sa.Column("decided_by", sa.Text),
    sa.Column("decided_on", sa.Text),
    sa.Column("warned_days", sa.BigInteger),
    sa.Column("revision", sa.BigInteger, nullable=False, index=True),
    sa.Column("slice", sa.BigInteger, nullable=False, index=True),
)
"""Days and instants are ISO text: they are moved a million at a time, and sort as they are."""

CURSORS = sa.Table(
    "cursors",
    LEDGER,
    sa.Column("source", sa.Text, primary_key=True),
    sa.Column("modified_at", sa.Text, nullable=False),
    sa.Column("order_id", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("moved_at", Instant, nullable=False),
)

FAILURE_SWEEPS = sa.Table(
    "failure_sweeps",
    LEDGER,
    sa.Column("day", sa.Text, primary_key=True),
    sa.Column("section", sa.Text, primary_key=True),
    sa.Column("believed", sa.Integer, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
)

LEASES = sa.Table(
    "leases",
    LEDGER,
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("process", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)

RECORD_WRITES = sa.Table(
    "record_writes",
    LEDGER,
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
    sa.Column("begun_at", Instant, nullable=False),
    sa.Column("settled_at", Instant),
    sa.UniqueConstraint("target", "run_id", "plan_id", "number", "position", name="uq_record_writes_place"),
    sa.Index("ix_record_writes_key_sha256", "target", "key_sha256"),
    sa.Index("ix_record_writes_operation_sha256", "target", "operation_sha256"),
    sa.Index("ix_record_writes_outcome", "target", "outcome"),
)

CALL_BUDGETS = sa.Table(
    "call_budgets",
    LEDGER,
    sa.Column("system", sa.Text, primary_key=True),
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Column("closed_until", Instant),
)

CALLS_MADE = sa.Table(
    "calls_made",
    LEDGER,
    sa.Column("system", sa.Text, primary_key=True),
    sa.Column("made_at", Instant, primary_key=True),
    sa.Column("calls", sa.Integer, nullable=False),
)
"""Calls of one second are one row; those older than the window of their budget are deleted."""

ACCESS_TOKENS = sa.Table(
    "access_tokens",
    LEDGER,
    sa.Column("system", sa.Text, primary_key=True),
    sa.Column("sealed", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("refreshed_by", sa.Text, nullable=False),
    sa.Column("refreshed_until", Instant),
)
"""``sealed``: the tokens, encrypted with a key that is not in this database."""

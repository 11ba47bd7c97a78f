"""For the desk: people and their roles, sessions, what was asked for, and an audit trail that is only added to."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _make_people()
    _make_sessions()
    _make_requests()
    _make_audit()


def _make_people() -> None:
    op.create_table(
        "people",
        sa.Column("person_id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded_name", sa.Text, nullable=False, unique=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "person_roles",
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), primary_key=True),
        sa.Column("shop", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
    )


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("token_sha256", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), nullable=False),
        sa.Column("expires_at", _INSTANT, nullable=False),
    )
    op.create_table(
        "failed_sign_ins",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("folded_name", sa.Text, nullable=False, index=True),
        sa.Column("address", sa.Text, nullable=False, index=True),
        sa.Column("at", _INSTANT, nullable=False),
    )


def _make_requests() -> None:
    op.create_table(
        "requests",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("flow_run_id", sa.Text, nullable=False),
        sa.Column("deployment", sa.Text, nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("follows", sa.Text, nullable=False, index=True),
        sa.Column("asked_at", _INSTANT, nullable=False),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("shop", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False, index=True),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("previous_sha256", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_to_change_audit() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'audit is only added to'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_is_only_added_to BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change_audit()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_refuses_{event.lower()} BEFORE {event} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'audit is only added to'); END"
        )
    op.execute(  # INSERT OR REPLACE deletes without a trigger of its own
        "CREATE TRIGGER audit_refuses_replace BEFORE INSERT ON audit "
        "WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number) "
        "BEGIN SELECT RAISE(ABORT, 'audit is only added to'); END"
    )

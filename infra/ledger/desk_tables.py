"""The tables of the ledger that the desk fills: people, their sessions, what they asked for, and the audit trail."""

import sqlalchemy as sa

from infra.ledger.tables import LEDGER, Instant

PEOPLE = sa.Table(
    "people",
    LEDGER,
    sa.Column("person_id", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("folded_name", sa.Text, nullable=False, unique=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("email", sa.Text, nullable=False, server_default=""),
    sa.Column("mailed_about", sa.Text),
)
"""``password_hash`` is empty where somebody only ever signs in by a link; ``language``, where their browser chooses;
``mailed_about``, kinds with blanks between, where they are told what is usual."""

PERSON_ROLES = sa.Table(
    "person_roles",
    LEDGER,
    sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), primary_key=True),
    sa.Column("shop", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

SESSIONS = sa.Table(
    "sessions",
    LEDGER,
    sa.Column("token_sha256", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("begun_at", Instant),
    sa.Column("begun_by", sa.Text),
)
"""``begun_by`` says by which way somebody signed in; both are null of sessions that are older than these columns."""

SIGN_IN_LINKS = sa.Table(
    "sign_in_links",
    LEDGER,
    sa.Column("token_sha256", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)

FAILED_SIGN_INS = sa.Table(
    "failed_sign_ins",
    LEDGER,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("folded_name", sa.Text, nullable=False, index=True),
    sa.Column("address", sa.Text, nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
)

PASSKEYS = sa.Table(
    "passkeys",
    LEDGER,
    sa.Column("credential_id", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("public_key", sa.Text, nullable=False),
    sa.Column("sign_count", sa.BigInteger, nullable=False),
    sa.Column("rp_id", sa.Text, nullable=False),
    sa.Column("added_at", Instant, nullable=False),
    sa.Column("last_used_at", Instant),
    sa.Column("removed_at", Instant),
)

IDENTITIES = sa.Table(
    "identities",
    LEDGER,
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("person_id", sa.Text, sa.ForeignKey("people.person_id"), nullable=False, index=True),
    sa.Column("linked_at", Instant, nullable=False),
)
"""Whom an identity provider means by its own name for somebody."""

CHALLENGES = sa.Table(
    "challenges",
    LEDGER,
    sa.Column("token_sha256", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("holder_sha256", sa.Text, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
)
"""What a browser was asked and has not answered yet; ``holder_sha256``: of the cookie of that browser."""

REQUESTS = sa.Table(
    "requests",
    LEDGER,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("flow_run_id", sa.Text, nullable=False),
    sa.Column("deployment", sa.Text, nullable=False),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("follows", sa.Text, nullable=False, index=True),
    sa.Column("asked_at", Instant, nullable=False),
)

AUDIT = sa.Table(
    "audit",
    LEDGER,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", Instant, nullable=False),
    sa.Column("person", sa.Text, nullable=False),
    sa.Column("shop", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False, index=True),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("previous_sha256", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
)
"""Triggers of the database refuse to change or delete a row."""

OPEN_NOTES = sa.Table(
    "open_notes",
    LEDGER,
    sa.Column("run_id", sa.Text, primary_key=True),
    sa.Column("left", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("dropped_by", sa.Text, nullable=False),
    sa.Column("dropped_why", sa.Text, nullable=False),
    sa.Column("dropped_at", Instant),
)
"""Of what is left to do about a run. ``dropped_at`` is set where somebody said that nothing more is to be done."""

STANDINGS = sa.Table(
    "standings",
    LEDGER,
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False),
    sa.Column("since", Instant, nullable=False),
)
"""How each file, or each flow by itself, stands: so that people are told of changes alone."""

NOTIFICATIONS = sa.Table(
    "tellings",
    LEDGER,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("run_id", sa.Text, nullable=False, index=True),
    sa.Column("flow", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False, index=True),
    sa.Column("says", sa.Text, nullable=False),
    sa.Column("queued_at", Instant, nullable=False),
    sa.Column("settled_at", Instant),
)
"""What each recipient is told. Nobody's address is in it."""

"""Who was invited in which campaign: entered before a mail is sent, settled when the server has answered.

People are known by the hash of their address; the address itself is never here.
"""

from datetime import datetime

import polars as pl
import sqlalchemy as sa

from infra.ledger.rows import upsert
from infra.ledger.tables import INVITATIONS
from schemas.invitations import ENTRIES_SCHEMA, InvitationState
from schemas.mail import Delivery, Invitation

_AT_ONCE = 1_000
"""Rows of one INSERT: SQLite takes some 32,000 values in a statement."""


def claim(connection: sa.Connection, invitation: Invitation) -> bool:
    """Enter that a mail is about to be sent; False where somebody else did, or it was sent before.

    Only a mail that a server put off (a 4xx answer) may be claimed again: it certainly did not go.
    """
    statement = upsert(connection, INVITATIONS, [_row(invitation, "started")])
    put_off = sa.and_(INVITATIONS.c.state == "refused", INVITATIONS.c.code.startswith("4"))
    anew = {name: statement.excluded[name] for name in ("run_id", "state", "code", "started_at", "settled_at")}
    place = [INVITATIONS.c.campaign, INVITATIONS.c.email_sha256]
    claimed = connection.execute(statement.on_conflict_do_update(index_elements=place, set_=anew, where=put_off))
    return claimed.rowcount == 1


def settle(connection: sa.Connection, invitation: Invitation, delivery: Delivery, now: datetime) -> None:
    """Enter what became of a mail."""
    settled = sa.update(INVITATIONS).where(*_is(invitation))
    connection.execute(settled.values(state=delivery.outcome, code=delivery.code, settled_at=now))


def withdraw(connection: sa.Connection, invitation: Invitation) -> None:
    """Take back a claim whose mail certainly never left."""
    connection.execute(sa.delete(INVITATIONS).where(*_is(invitation), INVITATIONS.c.state == "started"))


def enter_listed(connection: sa.Connection, invitations: list[Invitation]) -> None:
    """Enter people whom a list for a mail tool names: invited, as far as we can know."""
    for start in range(0, len(invitations), _AT_ONCE):
        rows = [_row(invitation, "sent") for invitation in invitations[start : start + _AT_ONCE]]
        connection.execute(upsert(connection, INVITATIONS, rows).on_conflict_do_nothing())


def of_campaign(connection: sa.Connection, campaign: str) -> pl.DataFrame:
    """Return everyone of a campaign, as in ``schemas.invitations.ENTRIES_SCHEMA``."""
    columns = [INVITATIONS.c[name] for name in ENTRIES_SCHEMA]
    rows = connection.execute(sa.select(*columns).where(INVITATIONS.c.campaign == campaign)).all()
    return pl.DataFrame([tuple(row) for row in rows], schema=ENTRIES_SCHEMA, orient="row")


def _row(invitation: Invitation, state: InvitationState) -> dict[str, object]:
    return {
        "campaign": invitation.campaign,
        "email_sha256": invitation.email_sha256,
        "run_id": invitation.run_id,
        "state": state,
        "code": "",
        "started_at": invitation.at,
        "settled_at": None if state == "started" else invitation.at,
    }


def _is(invitation: Invitation) -> tuple[sa.ColumnElement[bool], ...]:
    same = ("campaign", "email_sha256", "run_id")
    return tuple(INVITATIONS.c[name] == getattr(invitation, name) for name in same)

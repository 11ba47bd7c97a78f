"""Approvals that are taken back: as long as no run goes by them, whoever approved in error may."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from infra.databases.database import reading, writing
from infra.ledger.approvals import locked, pending, to_use
from infra.ledger.rows import find_one
from infra.ledger.tables import APPROVALS, PLANS
from schemas.problems import Refused
from tasks.core.planning.taking_back import why_not_back

TAKEN_BACK = sa.and_(
    APPROVALS.c.decision == "approve",
    APPROVALS.c.claimed_by_run == "",
    APPROVALS.c.finished_at.is_not(None),
    APPROVALS.c.decided_at >= PLANS.c.created_at,
)
"""An approval of a plan that is not carried out, and that counts no more: it ended, and no run went by it."""


@dataclass(frozen=True)
class ApprovalsTakenBack:
    """The approvals of a shop that were taken back, and those that still can be."""

    engine: sa.Engine

    def take_back(self, plan_id: str, *, now: datetime) -> tuple[str, ...]:
        """Let the approvals of a plan count no more, until somebody decides anew; return whose they were.

        Raises:
            FileNeedsFixing: There is no such plan.
            Refused: A run goes by one of them, or none counts any more.
        """
        with writing(self.engine) as connection:
            return end_unclaimed(connection, plan_id, now)

    def last_of(self, plan_id: str) -> datetime | None:
        """Return when the last approval of a plan was taken back, None where none was since people were shown it."""
        query = sa.select(sa.func.max(APPROVALS.c.finished_at)).join(PLANS, PLANS.c.plan_id == APPROVALS.c.plan_id)
        not_done = PLANS.c.state != "finished"
        with reading(self.engine) as connection:
            last: datetime | None = connection.scalar(query.where(PLANS.c.plan_id == plan_id, TAKEN_BACK, not_done))
        return last

    def approved_by(self, plan_id: str, *, now: datetime) -> str:
        """Return who approved a plan that no run carries out yet; empty where nobody did."""
        with reading(self.engine) as connection:
            plan = to_use(connection, plan_id, now)
            rows = connection.execute(pending(plan_id)).mappings().all() if plan else []
        counts = rows and not any(row["claimed_by_run"] for row in rows) and rows[0]["decision"] == "approve"
        return str(rows[0]["approver"]) if counts else ""


def end_unclaimed(connection: sa.Connection, plan_id: str, now: datetime) -> tuple[str, ...]:
    """End the approvals of a plan that no run has claimed. A run that claims at that moment goes first, or finds none.

    Raises:
        Refused: A run goes by one of them, or none counts any more.
    """
    plan = find_one(connection, PLANS.c.plan_id, plan_id, what="plan")
    rows = [row for row in locked(connection, pending(plan_id)) if row["decision"] == "approve"]
    claimed_by = [row["claimed_by_run"] for row in rows]
    if why_not := why_not_back(plan_id, is_carried_out=plan["state"] == "finished", claimed_by=claimed_by):
        raise Refused(why_not)
    ended = sa.update(APPROVALS).where(APPROVALS.c.id.in_([row["id"] for row in rows]))
    connection.execute(ended.values(finished_at=now))
    return tuple(dict.fromkeys(row["approver"] for row in rows))

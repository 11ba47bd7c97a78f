"""Decisions about plans: who may make them, what each covers, and which of them lets a run go on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from infra.databases.database import reading, writing
from infra.ledger.rows import find_one
from infra.ledger.tables import APPROVALS, PLANNED_BY, PLANS, RUNS
from schemas.approval_policy import NOTHING_MORE, Demands
from schemas.problems import Refused
from schemas.records import Approval, Plan
from schemas.tables import Concern
from schemas.target_names import Channel, TargetName
from tasks.core.planning.concerns import concerns_since
from tasks.core.reading.headings import fold

_PLAN = TypeAdapter(Plan)
_CONCERNS = TypeAdapter(tuple[Concern, ...])
_DECIDED = {"approve": "approved", "reject": "rejected"}
_PASSKEY = "This shop asks for a passkey. Approve the plan with yours, on the page of its run at the desk."
_NAMED_PLANS = 5
"""So many of the last decisions are looked at for one that a new plan has to do with."""


@dataclass(frozen=True, kw_only=True)
class Use:
    """What a decision is to be used for: a run that would carry its plan out now, with these concerns."""

    run_id: str
    concerns: tuple[Concern, ...] = ()
    demands: Demands = NOTHING_MORE


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision that still counts, and the plan it is about; *outdated* if the plan's id is of an earlier format."""

    approval: Approval
    plan: Plan
    outdated: bool


def decide(
    connection: sa.Connection,
    approval: Approval,
    *,
    demands: Demands = NOTHING_MORE,
    seen: tuple[Concern, ...] | None = None,
) -> None:
    """Enter a decision by someone who saw these concerns; by default, those last shown.

    Raises:
        FileNeedsFixing: There is no such plan.
        Refused: It is decided, done, outdated or expired, or lacks what the policy *demands*.
    """
    if _lacks_proof(approval.decision, approval.proof, demands):
        raise Refused(f"A name alone approves nothing here: {_PASSKEY}")
    plan = find_one(connection, PLANS.c.plan_id, approval.plan_id, what="plan")
    # one after the other: two who decide at once would each find nothing decided
    connection.execute(sa.select(PLANS.c.plan_id).where(PLANS.c.plan_id == plan["plan_id"]).with_for_update())
    if demands.four_eyes and (same := _same_eyes(connection, plan, approval.approver)):
        raise Refused(same)
    _check_open(plan, approval.decided_at)
    covered = _shown(plan) if seen is None else seen
    for earlier in locked(connection, pending(plan["plan_id"])):
        _check_adds(plan, earlier, approval, covered, four_eyes=demands.four_eyes)
    row = {name: getattr(approval, name) for name in ("decision", "approver", "reason", "decided_at", "proof")}
    columns = {"plan_id": plan["plan_id"], "claimed_by_run": "", "concerns": _CONCERNS.dump_json(covered).decode()}
    connection.execute(sa.insert(APPROVALS).values(**row, **columns))


def _check_open(plan: sa.RowMapping, moment: datetime) -> None:
    plan_id = plan["plan_id"]
    if plan["state"] == "outdated":
        raise Refused(outdated(plan_id))
    if plan["state"] == "finished":
        raise Refused(f"Plan {plan_id} was carried out already. Run the file again for a new plan.")
    if plan["expires_at"] <= moment:
        raise Refused(f"Plan {plan_id} has expired. Run the file again, then decide about the new plan.")


def outdated(plan_id: str) -> str:
    """Say why a plan can no longer be decided about."""
    return (
        f"Plan {plan_id} was made by an earlier version of Counterfoil, in which anything sold meanwhile made another "
        "plan of it. It can no longer be decided about. Run the file again, then decide about the new plan."
    )


def _check_adds(
    plan: sa.RowMapping, earlier: sa.RowMapping, later: Approval, seen: tuple[Concern, ...], *, four_eyes: bool
) -> None:
    """See to it that people do not contradict each other, nor approve for nothing.

    A second approval counts where the first does not cover what is shown now, lacks a passkey's signature, or may not
    let just any run through.
    """
    agree = earlier["decision"] == later.decision == "approve"
    another = four_eyes and fold(earlier["approver"]) != fold(later.approver)
    proven = bool(later.proof) and not earlier["proof"]
    if not (agree and (another or proven or concerns_since(seen, _covered(earlier)))):
        decided = _DECIDED[earlier["decision"]]
        raise Refused(f"Plan {plan['plan_id']} was {decided} already, by {earlier['approver']}. Nothing was changed.")


def _shown(plan: sa.RowMapping) -> tuple[Concern, ...]:
    if plan["shown_concerns"] is None:
        return _PLAN.validate_json(plan["document"]).concerns
    return _CONCERNS.validate_json(plan["shown_concerns"])


def _covered(row: sa.RowMapping) -> tuple[Concern, ...]:
    """Return the concerns that someone saw who decided; in the earlier format a plan's id told them."""
    return (
        _CONCERNS.validate_json(row["concerns"]) if row["concerns"] else _PLAN.validate_json(row["document"]).concerns
    )


def _same_eyes(connection: sa.Connection, plan: sa.RowMapping, approver: str, run_id: str = "") -> str:
    """Say if whoever decides is also whoever planned it, in any run, or would carry it out.

    The run that planned it last, and the one that uses it, must name someone; a name is who one says to be.
    """
    made = sa.select(PLANNED_BY.c.run_id).where(PLANNED_BY.c.plan_id == plan["plan_id"])
    asking = {plan["run_id"], run_id or plan["run_id"]}
    about = sa.or_(RUNS.c.run_id.in_(made), RUNS.c.run_id.in_(asking))
    query = sa.select(RUNS.c.run_id, RUNS.c.submitted_by).where(about)
    names = {row.run_id: fold(row.submitted_by) for row in connection.execute(query)}
    if not all(names.get(each) for each in asking):
        return "Nobody is named as having started the run, so nobody can be told apart. Start it with a name."
    if fold(approver) in names.values():
        return "Who submits a run may not approve its plan. Ask someone else to decide."
    return ""


def pending(plan_id: str, run_id: str = "") -> sa.Select[Any]:
    """Ask for the decisions that still count, newest first: approvals until carried out, rejections until heard."""
    answered = sa.and_(APPROVALS.c.decision == "reject", APPROVALS.c.claimed_by_run.not_in(["", run_id]))
    return (
        sa.select(APPROVALS, PLANS.c.document)
        .join(PLANS, PLANS.c.plan_id == APPROVALS.c.plan_id)
        .where(APPROVALS.c.plan_id == plan_id, APPROVALS.c.finished_at.is_(None), sa.not_(answered))
        .where(APPROVALS.c.decided_at >= PLANS.c.created_at)  # a plan that ended and was shown anew is decided anew
        .order_by(APPROVALS.c.id.desc())
    )


def locked(connection: sa.Connection, query: sa.Select[Any]) -> Sequence[sa.RowMapping]:
    return connection.execute(query.with_for_update(of=APPROVALS)).mappings().all()


def claim(connection: sa.Connection, plan_id: str, use: Use, now: datetime) -> Approval | None:
    """Give the run the decision that counts for its plan, if it covers all that is of concern now.

    An approval that another run claimed and did not finish may be claimed again: that run died.
    """
    plan = to_use(connection, plan_id, now)
    for row in locked(connection, pending(plan_id, use.run_id)) if plan else ():
        if plan and not _objection(connection, plan, row, use):
            mine = sa.update(APPROVALS).where(APPROVALS.c.id == row["id"])
            connection.execute(mine.values(claimed_by_run=use.run_id))
            return _approval(row)
    return None


@dataclass(frozen=True)
class DecisionBook:
    """What there is to be said about decisions, where none lets a run through."""

    engine: sa.Engine

    def explain(self, plan_id: str, use: Use, now: datetime) -> str:
        """Say why the decision that there is about a plan does not let a run through; empty where there is none."""
        with reading(self.engine) as connection:
            return _explain(connection, plan_id, use, now)

    def shown(self, plan_id: str) -> tuple[Concern, ...]:
        """Return the concerns that people were last shown beside a plan."""
        with reading(self.engine) as connection:
            return _shown(find_one(connection, PLANS.c.plan_id, plan_id, what="plan"))

    def list_used(self, run_id: str) -> tuple[Approval, ...]:
        """Return the approvals by which a run was let through, in their order."""
        used = sa.select(APPROVALS).where(APPROVALS.c.claimed_by_run == run_id, APPROVALS.c.decision == "approve")
        with reading(self.engine) as connection:
            return tuple(map(_approval, connection.execute(used.order_by(APPROVALS.c.id)).mappings()))

    def count_with(self, proof: str) -> int:
        """Count the approvals that carry this very proof: there is never more than one."""
        carrying = sa.select(sa.func.count()).select_from(APPROVALS).where(APPROVALS.c.proof == proof)
        with reading(self.engine) as connection:
            return connection.execute(carrying).scalar_one()

    def withdraw(self, proof: str, *, now: datetime) -> None:
        """Let the approval that carries this proof count no more, as if no run had claimed it: decide anew."""
        open_still = sa.and_(APPROVALS.c.proof == proof, APPROVALS.c.finished_at.is_(None))
        with writing(self.engine) as connection:
            connection.execute(sa.update(APPROVALS).where(open_still).values(claimed_by_run="", finished_at=now))

    def list_unused(self, *, domain: str, target: TargetName | Channel, now: datetime) -> tuple[Decided, ...]:
        """Return the newest decisions about plans for these records that no run has used, newest first."""
        with reading(self.engine) as connection:
            return _unused(connection, domain, target, now)


def _explain(connection: sa.Connection, plan_id: str, use: Use, now: datetime) -> str:
    plan = to_use(connection, plan_id, now)
    rows = connection.execute(pending(plan_id, use.run_id)).mappings().all() if plan else ()
    objections = (_objection(connection, plan, row, use) for row in rows if plan)
    return next(filter(None, objections), "")


def to_use(connection: sa.Connection, plan_id: str, now: datetime) -> sa.RowMapping | None:
    usable = sa.and_(PLANS.c.plan_id == plan_id, PLANS.c.expires_at > now, PLANS.c.state != "outdated")
    return connection.execute(sa.select(PLANS).where(usable)).mappings().one_or_none()


def _objection(connection: sa.Connection, plan: sa.RowMapping, row: sa.RowMapping, use: Use) -> str:
    """Say why a decision does not do; a rejection always does."""
    if row["decision"] == "reject":
        return ""
    new = "; ".join(concern.says for concern in concerns_since(use.concerns, _covered(row)))
    who = f"{row['approver']} approved plan {plan['plan_id']}"
    if new:
        return f"{who}, but this is new since: {new}"
    if _lacks_proof(row["decision"], row["proof"], use.demands):
        return f"{who} by name alone, which is not enough here. {_PASSKEY}"
    same = _same_eyes(connection, plan, row["approver"], use.run_id) if use.demands.four_eyes else ""
    return f"{who}. {same}" if same else ""


def _lacks_proof(decision: str, proof: str, demands: Demands) -> bool:
    """Say whether a decision is an approval that had to be signed: whoever turns a plan down harms nobody."""
    return demands.proof == "passkey" and decision == "approve" and not proof


def _unused(connection: sa.Connection, domain: str, target: str, now: datetime) -> tuple[Decided, ...]:
    query = (
        sa.select(APPROVALS, PLANS.c.document, PLANS.c.state)
        .join(PLANS, PLANS.c.plan_id == APPROVALS.c.plan_id)
        .where(PLANS.c.domain == domain, PLANS.c.target == target, PLANS.c.expires_at > now)
        .where(APPROVALS.c.finished_at.is_(None), APPROVALS.c.claimed_by_run == "")
        .where(APPROVALS.c.decided_at >= PLANS.c.created_at)
        .order_by(APPROVALS.c.id.desc())
        .limit(_NAMED_PLANS)
    )
    return tuple(
        Decided(
            approval=_approval(row),
            plan=_PLAN.validate_json(row["document"]),
            outdated=row["state"] == "outdated",
        )
        for row in connection.execute(query).mappings()
    )


def _approval(row: sa.RowMapping) -> Approval:
    return Approval(**{name: row[name] for name in Approval.__dataclass_fields__})

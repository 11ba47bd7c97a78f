"""Plans, the decisions about them, and the batches they were carried out in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from infra.ledger.rows import find_one, upsert
from infra.ledger.tables import APPROVALS, BATCHES, PLANS, RUNS
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import RESTORES, Approval, BatchName, Plan

_PLAN = TypeAdapter(Plan)
_NO_END = ("running", "interrupted", "unavailable", "failed")


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A batch of a plan that a run began to write. ``undoes`` is the run that it puts back, if it is a restore's."""

    run_id: str
    undoes: str
    plan: Plan
    number: int


def save(connection: sa.Connection, plan: Plan, *, run_id: str, now: datetime, expires_at: datetime) -> None:
    """Enter *plan* as the run's. One that is there keeps its state and its expiry: planning is not looking."""
    row = {
        "plan_id": plan.plan_id,
        "run_id": run_id,
        "domain": plan.domain,
        "target": plan.target,
        "document": _PLAN.dump_json(plan).decode(),
        "state": "open",
        "created_at": now,
        "expires_at": expires_at,
    }
    statement = upsert(connection, PLANS, [row])
    again = {name: row[name] for name in ("run_id", "document")}
    connection.execute(statement.on_conflict_do_update(index_elements=[PLANS.c.plan_id], set_=again))
    own = sa.and_(RUNS.c.run_id == run_id, RUNS.c.domain == plan.domain)  # what goes with it is not the run's plan
    connection.execute(sa.update(RUNS).where(own).values(plan_id=plan.plan_id))


def show(connection: sa.Connection, plan_id: str, *, now: datetime, expires_at: datetime) -> None:
    """Give people time to decide about a plan they were shown; one that had ended begins anew."""
    ended = sa.or_(PLANS.c.state == "finished", PLANS.c.expires_at <= now)
    anew = sa.update(PLANS).where(PLANS.c.plan_id == plan_id, ended)
    connection.execute(anew.values(state="open", created_at=now))
    connection.execute(sa.update(PLANS).where(PLANS.c.plan_id == plan_id).values(expires_at=expires_at))


def find(connection: sa.Connection, prefix: str) -> Plan:
    return _PLAN.validate_json(find_one(connection, PLANS.c.plan_id, prefix, what="plan")["document"])


def run_of(connection: sa.Connection, plan_id: str) -> str:
    return str(find_one(connection, PLANS.c.plan_id, plan_id, what="plan")["run_id"])


def find_of_run(connection: sa.Connection, run_id: str) -> Plan:
    run = find_one(connection, RUNS.c.run_id, run_id, what="run")
    if not run["plan_id"]:
        raise FileNeedsFixing(f"Run {run['run_id']} has no plan: it ended before one. Run its file again.")
    return find(connection, run["plan_id"])


def of_run(connection: sa.Connection, run_id: str) -> tuple[Plan, ...]:
    """Return the plans that the run began to carry out, in their order."""
    query = (
        sa.select(PLANS.c.document)
        .join(BATCHES, BATCHES.c.plan_id == PLANS.c.plan_id)
        .where(BATCHES.c.run_id == run_id)
        .group_by(PLANS.c.plan_id, PLANS.c.document)
        .order_by(sa.func.min(BATCHES.c.started_at))
    )
    return tuple(_PLAN.validate_json(document) for document in connection.scalars(query))


def claimed(connection: sa.Connection, run_id: str) -> tuple[Plan, ...]:
    """Return the plans whose approval the run claimed and has not used up."""
    query = (
        sa.select(PLANS.c.document)
        .join(APPROVALS, APPROVALS.c.plan_id == PLANS.c.plan_id)
        .where(APPROVALS.c.claimed_by_run == run_id, APPROVALS.c.finished_at.is_(None))
    )
    return tuple(_PLAN.validate_json(document) for document in connection.scalars(query))


def cut_off(connection: sa.Connection, domain: str, since: datetime) -> tuple[tuple[str, Plan], ...]:
    """Return run and plan of what was begun to be carried out, and of which no run has told the end."""
    query = (
        sa.select(BATCHES.c.run_id, PLANS.c.document)
        .join(PLANS, BATCHES.c.plan_id == PLANS.c.plan_id)
        .join(RUNS, BATCHES.c.run_id == RUNS.c.run_id)
        .where(PLANS.c.domain == domain, BATCHES.c.started_at >= since, RUNS.c.outcome.in_(_NO_END))
        .group_by(BATCHES.c.run_id, PLANS.c.plan_id, PLANS.c.document)
        .order_by(sa.func.min(BATCHES.c.started_at))
    )
    return tuple((row.run_id, _PLAN.validate_json(row.document)) for row in connection.execute(query))


def begun_since(connection: sa.Connection, run_id: str, *, domain: str, target: str) -> tuple[Begun, ...]:
    """Return the batches of these records that any run began to write since *run_id* did, in order, its own too.

    Batch by batch, as those of two runs may lie between each other's.
    """
    first = sa.select(sa.func.min(BATCHES.c.started_at)).where(BATCHES.c.run_id == run_id).scalar_subquery()
    query = (
        sa.select(BATCHES.c.run_id, RUNS.c.source, BATCHES.c.number, PLANS.c.plan_id, PLANS.c.document)
        .join(PLANS, BATCHES.c.plan_id == PLANS.c.plan_id)
        .join(RUNS, BATCHES.c.run_id == RUNS.c.run_id)
        .where(PLANS.c.domain == domain, PLANS.c.target == target, BATCHES.c.started_at >= first)
        .order_by(BATCHES.c.started_at, BATCHES.c.run_id, BATCHES.c.number)
    )
    rows = connection.execute(query).all()
    known = {row.plan_id: _PLAN.validate_json(row.document) for row in rows}
    return tuple(_begun(row, known[row.plan_id]) for row in rows)


def _begun(row: sa.Row[tuple[str, str, int, str, str]], plan: Plan) -> Begun:
    undoes = row.source if plan.options.get(RESTORES) else ""
    return Begun(run_id=row.run_id, undoes=undoes, plan=plan, number=row.number)


def newest_finished(connection: sa.Connection, *, domain: str, target: str, limit: int) -> tuple[Plan, ...]:
    query = (
        sa.select(PLANS.c.document)
        .where(PLANS.c.domain == domain, PLANS.c.target == target, PLANS.c.last_finished_at.is_not(None))
        .order_by(PLANS.c.last_finished_at.desc())
        .limit(limit)
    )
    return tuple(_PLAN.validate_json(document) for document in connection.scalars(query))


def finish(connection: sa.Connection, plan_id: str, run_id: str, now: datetime) -> None:
    """Close the plan and every approval that the run went by: none of them lets anything through again.

    A plan that goes with another is about other records, and leaves the approval of both to that one.
    """
    domain = sa.select(PLANS.c.domain).where(PLANS.c.plan_id == plan_id).scalar_subquery()
    alike = sa.select(PLANS.c.plan_id).where(PLANS.c.domain == domain)
    mine = sa.and_(
        APPROVALS.c.claimed_by_run == run_id, APPROVALS.c.finished_at.is_(None), APPROVALS.c.plan_id.in_(alike)
    )
    approved = sa.select(APPROVALS.c.plan_id).where(mine)
    closed = sa.update(PLANS).where(sa.or_(PLANS.c.plan_id == plan_id, PLANS.c.plan_id.in_(approved)))
    connection.execute(closed.values(state="finished", last_finished_at=now))
    connection.execute(sa.update(APPROVALS).where(mine).values(finished_at=now))


def start_batch(connection: sa.Connection, batch: BatchName, now: datetime) -> None:
    row = {
        "plan_id": batch.plan_id,
        "number": batch.number,
        "run_id": batch.run_id,
        "state": "started",
        "counts": {},
        "started_at": now,
    }
    connection.execute(upsert(connection, BATCHES, [row]).on_conflict_do_nothing())
    started = sa.update(PLANS).where(PLANS.c.plan_id == batch.plan_id, PLANS.c.state.in_(["open", "interrupted"]))
    connection.execute(started.values(state="started"))


def finish_batch(connection: sa.Connection, batch: BatchName, counts: Mapping[str, int], now: datetime) -> None:
    """Enter the outcome; one that is there already stands, as an asked-again batch only answers ``done``."""
    named = sa.and_(*(BATCHES.c[name] == getattr(batch, name) for name in ("plan_id", "number", "run_id")))
    statement = sa.update(BATCHES).where(named, BATCHES.c.state != "finished")
    connection.execute(statement.values(state="finished", counts=dict(counts), finished_at=now))


def decide(connection: sa.Connection, approval: Approval, *, four_eyes: bool) -> None:
    """Enter a decision, once a plan.

    Raises:
        FileNeedsFixing: There is no such plan.
        Refused: It is decided, done or expired, or a second pair of eyes is missing.
    """
    plan = find_one(connection, PLANS.c.plan_id, approval.plan_id, what="plan")
    if four_eyes:
        _check_four_eyes(connection, plan["run_id"], approval.approver)
    if plan["state"] == "finished":
        raise Refused(f"Plan {plan['plan_id']} was carried out already. Run the file again for a new plan.")
    if plan["expires_at"] <= approval.decided_at:
        raise Refused(f"Plan {plan['plan_id']} has expired. Run the file again, then decide about the new plan.")
    earlier = _pending(connection, plan["plan_id"])
    if earlier is not None:
        said = {"approve": "approved", "reject": "rejected"}[earlier["decision"]]
        raise Refused(f"Plan {plan['plan_id']} was {said} already, by {earlier['approver']}. Nothing was changed.")
    row = {name: getattr(approval, name) for name in ("decision", "approver", "reason", "decided_at")}
    connection.execute(sa.insert(APPROVALS).values(**row, plan_id=plan["plan_id"], claimed_by_run=""))


def _check_four_eyes(connection: sa.Connection, run_id: str, approver: str) -> None:
    submitter = connection.scalar(sa.select(RUNS.c.submitted_by).where(RUNS.c.run_id == run_id)) or ""
    if not submitter.strip():
        raise Refused("Nobody is named as having started the run, so nobody can be told apart. Start it with a name.")
    if submitter.strip().casefold() == approver.strip().casefold():
        raise Refused("Who submits a run may not approve its plan. Ask someone else to decide.")


def _pending(connection: sa.Connection, plan_id: str, run_id: str = "") -> sa.RowMapping | None:
    """Return the decision that still counts: an approval until it is carried out, a rejection until a run heard it."""
    heard = sa.and_(APPROVALS.c.decision == "reject", APPROVALS.c.claimed_by_run.not_in(["", run_id]))
    query = (
        sa.select(APPROVALS)
        .join(PLANS, PLANS.c.plan_id == APPROVALS.c.plan_id)
        .where(APPROVALS.c.plan_id == plan_id, APPROVALS.c.finished_at.is_(None), sa.not_(heard))
        .where(APPROVALS.c.decided_at >= PLANS.c.created_at)  # a plan that ended and was shown anew is decided anew
        .order_by(APPROVALS.c.id.desc())
        .limit(1)
        .with_for_update(of=APPROVALS)
    )
    return connection.execute(query).mappings().one_or_none()


def claim(connection: sa.Connection, plan_id: str, run_id: str, now: datetime) -> Approval | None:
    """Give the run the decision that counts for its plan.

    An approval that another run claimed and did not finish may be claimed again: that run died.
    """
    valid = connection.scalar(sa.select(PLANS.c.expires_at).where(PLANS.c.plan_id == plan_id))
    row = _pending(connection, plan_id, run_id)
    if valid is None or valid <= now or row is None:
        return None
    connection.execute(sa.update(APPROVALS).where(APPROVALS.c.id == row["id"]).values(claimed_by_run=run_id))
    return Approval(**{name: row[name] for name in Approval.__dataclass_fields__})

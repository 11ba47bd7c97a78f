"""Plans, the decisions about them, and the batches they were carried out in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from infra.ledger.rows import find_one, upsert
from infra.ledger.tables import APPROVALS, BATCHES, PLANNED_BY, PLANS, RUNS
from schemas.problems import FileNeedsFixing
from schemas.records import RESTORES, BatchName, Plan
from schemas.tables import Concern

_PLAN = TypeAdapter(Plan)
NO_END = ("running", "waiting", "interrupted", "unavailable", "failed")
"""Outcomes of runs that did not come to an end of their own: what they had begun may go on in another attempt."""
_CONCERNS = TypeAdapter(tuple[Concern, ...])


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
    made = upsert(connection, PLANNED_BY, [{"plan_id": plan.plan_id, "run_id": run_id}])
    connection.execute(made.on_conflict_do_nothing())
    own = sa.and_(RUNS.c.run_id == run_id, RUNS.c.domain == plan.domain)  # what goes with it is not the run's plan
    connection.execute(sa.update(RUNS).where(own).values(plan_id=plan.plan_id))


def show(connection: sa.Connection, plan_id: str, *, now: datetime, expires_at: datetime) -> None:
    """Give people time to decide about a plan they were shown; one that had ended begins anew."""
    document = connection.scalar(sa.select(PLANS.c.document).where(PLANS.c.plan_id == plan_id))
    if document is None:
        return
    seen = _CONCERNS.dump_json(_PLAN.validate_json(document).concerns).decode()
    ended = sa.or_(PLANS.c.state == "finished", PLANS.c.expires_at <= now)
    anew = sa.update(PLANS).where(PLANS.c.plan_id == plan_id, ended)
    connection.execute(anew.values(state="open", created_at=now))
    connection.execute(
        sa.update(PLANS).where(PLANS.c.plan_id == plan_id).values(expires_at=expires_at, shown_concerns=seen)
    )


def find(connection: sa.Connection, prefix: str) -> Plan:
    written = prefix.strip().lower()
    return _PLAN.validate_json(find_one(connection, PLANS.c.plan_id, written, what="plan")["document"])


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
        .where(PLANS.c.domain == domain, BATCHES.c.started_at >= since, RUNS.c.outcome.in_(NO_END))
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
    closed = {plan_id, *connection.scalars(sa.select(APPROVALS.c.plan_id).where(mine))}
    done = sa.update(PLANS).where(PLANS.c.plan_id.in_(closed))
    connection.execute(done.values(state="finished", last_finished_at=now))
    used = sa.and_(APPROVALS.c.plan_id.in_(closed), APPROVALS.c.finished_at.is_(None))
    connection.execute(sa.update(APPROVALS).where(used).values(finished_at=now))


def start_batch(connection: sa.Connection, batch: BatchName, first_row: int, now: datetime) -> None:
    row = {
        "plan_id": batch.plan_id,
        "number": batch.number,
        "run_id": batch.run_id,
        "state": "started",
        "counts": {},
        "started_at": now,
        "first_row": first_row,
    }
    entered = upsert(connection, BATCHES, [row]).on_conflict_do_update(
        index_elements=[BATCHES.c.plan_id, BATCHES.c.number, BATCHES.c.run_id],
        set_={"first_row": first_row},  # one that never landed may be cut otherwise the next time
        where=BATCHES.c.state != "finished",
    )
    connection.execute(entered)
    started = sa.update(PLANS).where(PLANS.c.plan_id == batch.plan_id, PLANS.c.state.in_(["open", "interrupted"]))
    connection.execute(started.values(state="started"))


def finish_batch(connection: sa.Connection, batch: BatchName, counts: Mapping[str, int], now: datetime) -> None:
    """Enter the outcome; one that is there already stands, as an asked-again batch only answers ``done``."""
    named = sa.and_(*(BATCHES.c[name] == getattr(batch, name) for name in ("plan_id", "number", "run_id")))
    statement = sa.update(BATCHES).where(named, BATCHES.c.state != "finished")
    connection.execute(statement.values(state="finished", counts=dict(counts), finished_at=now))

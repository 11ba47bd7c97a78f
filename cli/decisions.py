"""Commands by which people decide: approve a plan, turn it down, drop rejects."""

import re
from dataclasses import asdict
from typing import Any, Literal

from cli.answers import Answer
from cli.audit_trail import enter
from infra.approval_policy import demands_of
from infra.clock import now
from infra.context import ledger
from infra.ledger import RunEntry
from infra.systems import open_systems
from schemas.people import Action
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import Approval
from schemas.rejects import DroppedRejects
from tasks.core.planning.chosen_lines import read_ranges
from tasks.core.wording.words import counted, were

_MOST_LINES = 100_000


def drop(run_id: str, lines: str, *, by: str, why: str) -> Answer:
    """Leave rejected rows of RUN_ID out for good.

    Args:
        run_id: The run that sent them back.
        lines: As their references say, such as 13,16-18, or all.
        by: Your name.
        why: Why these rows are not to go in, for the record.

    Raises:
        FileNeedsFixing: There is no open reject on one of the lines, or it is not said who drops them and why.
    """
    _refuse_blank(by, why)
    return _drop(run_id, lines, by, why)


@open_systems("storage")
def _drop(run_id: str, lines: str, by: str, why: str) -> Answer:
    from tasks.chain.close_rejects import drop_rejects, renew_report  # noqa: PLC0415 - steps import Prefect, other commands need it not

    run = ledger().get_run(run_id).run
    there = ledger().drops.open_lines(run.run_id)
    wanted = there if lines.strip().lower() == "all" else _lines(lines)
    if odd := sorted(set(wanted) - set(there)):
        shown = ", ".join(map(str, odd[:10]))
        raise FileNeedsFixing(
            f"Run {run.run_id} has no open reject on line {shown}. Nothing was dropped. Name lines as the references "
            "in its rejects file do, behind the colon."
        )
    touched = drop_rejects(run.run_id, DroppedRejects(who=by, why=why, at=now(), lines=tuple(wanted)))
    enter("dropped", run.run_id, detail=f"{lines.strip()} as {by}")
    for each in sorted(touched):
        renew_report(each)
    left, count = ledger().still_open(run.run_id), len(set(wanted))
    text = f"{counted(count, 'rejected row')} of run {run.run_id} {were(count)} dropped by {by}. Still open: {left:,}."
    return {"run_id": run.run_id, "dropped": count, "still_open": left, "by": by, "why": why}, text, 0


def _refuse_blank(by: str, why: str) -> None:
    if not by.strip() or not why.strip():
        raise FileNeedsFixing("Say who drops these rows and why: --by NAME --why TEXT. Nothing was dropped.")


def _lines(text: str) -> tuple[int, ...]:
    """Read ``13,16-18``.

    Raises:
        FileNeedsFixing: It is not written so, or names more lines than a person would.
    """
    ranges = read_ranges(re.sub(r"\s*-\s*", "-", text))
    if ranges is None:
        raise FileNeedsFixing(f"{text!r} names no lines. Write them like 13,16-18, or all.")
    lines: set[int] = set()
    for begins, ends in ranges:
        if ends - begins + len(lines) > _MOST_LINES:
            raise FileNeedsFixing(f"{text!r} names more than {_MOST_LINES:,} lines. To drop every open one, write all.")
        lines.update(range(begins, ends + 1))
    return tuple(sorted(lines))


@open_systems()
def approve(plan_id: str, *, by: str, why: str) -> Answer:
    """Approve exactly PLAN_ID; then run the same again with --mode apply.

    Args:
        plan_id: The plan that was looked at.
        by: Your name.
        why: Why, for the record.
    """
    decision, _ = _decide("approve", plan_id, by, why)
    text = f"Plan {decision.plan_id} is approved by {by}. Run the same again with --mode apply."
    return _document(decision), text, 0


@open_systems()
def turn_down(plan_id: str, *, by: str, why: str) -> Answer:
    """Turn exactly PLAN_ID down: a run that would carry it out changes nothing.

    Args:
        plan_id: The plan that was looked at.
        by: Your name.
        why: Why, for the record.
    """
    decision, asking = _decide("reject", plan_id, by, why)
    if asking.outcome == "needs_approval":
        ledger().end_run(asking.run.run_id, "turned_down", f"Turned down by {by}.", now())
    return _document(decision), f"Plan {decision.plan_id} is turned down by {by}. Nothing of it is carried out.", 0


def _decide(decision: Literal["approve", "reject"], plan_id: str, by: str, why: str) -> tuple[Approval, RunEntry]:
    """Record what was decided about exactly one plan; return it, and the run that asks about the plan.

    Raises:
        Refused: A suspended run asks about it; there the answer belongs, so that two people cannot differ.
    """
    plan = ledger().get_plan(plan_id)
    asking = ledger().get_run_of_plan(plan.plan_id)
    if asking.asks_in_prefect:
        raise Refused(f"Run {asking.run.run_id} asks about this plan in Prefect: open it there and press Resume.")
    made = Approval(plan_id=plan.plan_id, decision=decision, approver=by, reason=why, decided_at=now())
    action: Action = "approved" if decision == "approve" else "turned_down"
    try:
        ledger().record_approval(made, demands=demands_of(ledger().decisions.shown(plan.plan_id)))
    except Refused:
        enter("approval_refused", plan.plan_id, detail=f"as {by}")
        raise
    enter(action, plan.plan_id, detail=f"as {by}")
    return made, asking


def _document(decision: Approval) -> dict[str, Any]:
    said = {name: value for name, value in asdict(decision).items() if name != "proof"}
    return said | {"decided_at": decision.decided_at.isoformat()}

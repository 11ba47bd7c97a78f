"""Commands by which people close a matter without carrying it out: drop rejects, turn a plan down."""

from dataclasses import asdict
from typing import Any

import click

from cli.answers import answered
from infra.clock import now
from infra.settings import settings
from infra.systems import ledger, prepare
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import Approval, DroppedRejects
from tasks.core.wording.words import counted, were

_MOST_LINES = 100_000


@click.command("drop")
@click.argument("run_id")
@click.argument("lines")
@click.option("--by", "who", required=True, help="Your name.")
@click.option("--why", required=True, help="Why these rows are not to go in, for the record.")
@answered
def drop(run_id: str, lines: str, who: str, why: str) -> tuple[dict[str, Any], str, int]:
    """Leave rejected rows of RUN_ID out for good: LINES as their references say, such as 13,16-18, or all."""
    from tasks.chain.close_rejects import drop_rejects, renew_report  # noqa: PLC0415 - steps import Prefect, other commands need it not

    _refuse_blank(who, why)
    prepare("storage")
    run = ledger().get_run(run_id).run
    there = ledger().drops.open_lines(run.run_id)
    wanted = there if lines.strip().lower() == "all" else _lines(lines)
    if odd := sorted(set(wanted) - set(there)):
        shown = ", ".join(map(str, odd[:10]))
        raise FileNeedsFixing(
            f"Run {run.run_id} has no open reject on line {shown}. Nothing was dropped. Name lines as the references "
            "in its rejects file do, behind the colon."
        )
    touched = drop_rejects(run.run_id, DroppedRejects(who=who, why=why, at=now(), lines=tuple(wanted)))
    for each in sorted(touched):
        renew_report(each)
    left, count = ledger().still_open(run.run_id), len(set(wanted))
    text = f"{counted(count, 'rejected row')} of run {run.run_id} {were(count)} dropped by {who}. Still open: {left:,}."
    return {"run_id": run.run_id, "dropped": count, "still_open": left, "by": who, "why": why}, text, 0


def _refuse_blank(who: str, why: str) -> None:
    if not who.strip() or not why.strip():
        raise FileNeedsFixing("Say who drops these rows and why: --by NAME --why TEXT. Nothing was dropped.")


def _lines(text: str) -> tuple[int, ...]:
    """Read ``13,16-18``.

    Raises:
        FileNeedsFixing: It is not written so, or names more lines than a person would.
    """
    lines: set[int] = set()
    for part in text.split(","):
        first, dash, last = (each.strip() for each in part.partition("-"))
        numbers = [each for each in (first, last) if each or dash]
        if not all(each.isascii() and each.isdigit() and len(each) < 10 for each in numbers):
            raise FileNeedsFixing(f"{text!r} names no lines. Write them like 13,16-18, or all.")
        begins, ends = int(first), int(last or first)
        if ends - begins + len(lines) > _MOST_LINES:
            raise FileNeedsFixing(f"{text!r} names more than {_MOST_LINES:,} lines. To drop every open one, write all.")
        lines.update(range(begins, ends + 1))
    return tuple(sorted(lines))


@click.command("turn-down")
@click.argument("plan_id")
@click.option("--by", "approver", required=True, help="Your name.")
@click.option("--why", "reason", required=True, help="Why, for the record.")
@answered
def turn_down(plan_id: str, approver: str, reason: str) -> tuple[dict[str, Any], str, int]:
    """Turn exactly PLAN_ID down: a run that would carry it out changes nothing."""
    plan = ledger().get_plan(plan_id)
    asking = ledger().get_run_of_plan(plan.plan_id)
    if asking.run.mode == "review" and asking.outcome == "needs_approval":
        raise Refused(f"Run {asking.run.run_id} asks about this plan in Prefect: open it there and press Resume.")
    decision = Approval(plan_id=plan.plan_id, decision="reject", approver=approver, reason=reason, decided_at=now())
    ledger().record_approval(decision, four_eyes=settings().approver_must_differ)
    if asking.outcome == "needs_approval":
        ledger().end_run(asking.run.run_id, "turned_down", f"Turned down by {approver}.", now())
    text = f"Plan {plan.plan_id} is turned down by {approver}. Nothing of it is carried out."
    return {**asdict(decision), "decided_at": decision.decided_at.isoformat()}, text, 0

"""Whether a plan may be carried out: by itself, by an approval of exactly this plan, or by asking.

Called from the flow body, not as tasks: only a flow run can suspend itself.
"""

from typing import Literal

from prefect import runtime
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from pydantic import Field

from infra.artifacts import load_frame
from infra.clock import now
from infra.opening import ledger
from infra.settings import settings
from schemas.problems import Refused
from schemas.records import GOES_WITH, Answer, Approval, Plan, Run
from tasks.core.planning.changes import writable
from tasks.core.planning.settling import is_remainder


class Decision(RunInput):
    """The form of a suspended run. Decision and name have no defaults, so nothing approves itself."""

    decision: Literal["approve", "reject"] = Field(
        description="approve: carry out exactly this plan. reject: change nothing.",
        json_schema_extra={"position": 0},
    )
    approver: str = Field(min_length=2, description="Your name.", json_schema_extra={"position": 1})
    reason: str = Field(min_length=2, description="Why, for the record.", json_schema_extra={"position": 2})


def approve(run: Run, plan: Plan, approved: str) -> Answer:
    """Say whether *plan* may be carried out now; in review mode, that someone must be asked."""
    if run.mode == "preview":
        return Answer(verdict="preview")
    if approved:
        return _accept_named(run, plan, approved)
    claimed = _claim(run, plan)
    return _as_answer(claimed.decision) if claimed else _by_itself(run, plan)


def _claim(run: Run, plan: Plan) -> Approval | None:
    """Claim the decision about *plan*, or about the one that this run began to carry out and that it is the rest of."""
    begun = [earlier for earlier in ledger().list_begun_plans(run.run_id) if _is_left_of(plan, earlier)]
    claims = (ledger().claim_approval(about.plan_id, run.run_id, now()) for about in (plan, *begun))
    return next(filter(None, claims), None)


def _by_itself(run: Run, plan: Plan) -> Answer:
    """Say whether a plan that nobody decided about goes through."""
    if not _writes(plan):
        return Answer(verdict="go")
    if run.mode == "review":
        return Answer(verdict="ask", says="The run waits for a decision: open it in Prefect and press Resume.")
    if plan.concerns:
        return Answer(verdict="needs_approval", says=_needs_approval(plan))
    return Answer(verdict="go")


def ask(run: Run, plan: Plan, description: str) -> Answer:
    """Suspend the run until someone decides about exactly this plan.

    The key holds the plan id, so that a decision about another plan is never taken for this
    one, and the run count, so that a retried run can ask again.
    """
    answer = suspend_flow_run(
        wait_for_input=Decision.with_initial_data(description=description),
        key=f"approve-{plan.plan_id}-r{runtime.flow_run.run_count}",
        timeout=int(settings().plan_ttl_hours * 3600),
    )
    _record(plan.plan_id, answer.decision, answer.approver, answer.reason)
    ledger().claim_approval(plan.plan_id, run.run_id, now())
    return _as_answer(answer.decision)


def _as_answer(decision: Literal["approve", "reject"]) -> Answer:
    return Answer(verdict="go" if decision == "approve" else "turned_down")


def _accept_named(run: Run, plan: Plan, approved: str) -> Answer:
    """Accept the plan that a run was started with, if it is this one or this one is what is left of it."""
    looked_at = ledger().get_plan(approved)
    if plan.plan_id != looked_at.plan_id and not _is_left_of(plan, looked_at):
        says = (
            f"Plan {approved} is not what would be done now: the file or the target changed since, and the plan is "
            f"now {plan.plan_id}. Nothing was changed. Look at the new plan, then approve {plan.plan_id}."
        )
        return Answer(verdict="needs_approval", says=says)
    claimed = ledger().claim_approval(looked_at.plan_id, run.run_id, now())
    if claimed:
        return _as_answer(claimed.decision)
    return _approve_by_naming(run, looked_at) if _writes(plan) else Answer(verdict="go")


def _writes(plan: Plan) -> bool:
    """Say whether a plan, or the one that goes with it, writes anything."""
    return plan.counts.created + plan.counts.updated + plan.counts.removed > 0 or bool(plan.options.get(GOES_WITH))


def _approve_by_naming(run: Run, looked_at: Plan) -> Answer:
    """Take the naming of a plan at the start of a run for its approval, once, while it is open."""
    try:
        _record(looked_at.plan_id, "approve", run.submitted_by or "whoever started the run", "named at the start")
    except Refused as refused:
        return Answer(verdict="needs_approval", says=str(refused))
    ledger().claim_approval(looked_at.plan_id, run.run_id, now())
    return Answer(verdict="go")


def _record(plan_id: str, decision: Literal["approve", "reject"], approver: str, reason: str) -> None:
    approval = Approval(plan_id=plan_id, decision=decision, approver=approver, reason=reason, decided_at=now())
    ledger().record_approval(approval, four_eyes=settings().approver_must_differ)


def _is_left_of(plan: Plan, looked_at: Plan) -> bool:
    options, looked_at_options = ({**each.options, GOES_WITH: ""} for each in (plan, looked_at))
    same = (plan.domain, plan.target, options) == (looked_at.domain, looked_at.target, looked_at_options)
    rest = same and is_remainder(writable(load_frame(plan.changes)), writable(load_frame(looked_at.changes)))
    return rest and _goes_with(plan.options.get(GOES_WITH, ""), looked_at.options.get(GOES_WITH, ""))


def _goes_with(plan_id: str, looked_at: str) -> bool:
    """Say whether the plan that goes with it is the one that was looked at, what is left of it, or none."""
    if plan_id in ("", looked_at):
        return True
    return bool(looked_at) and _is_left_of(ledger().get_plan(plan_id), ledger().get_plan(looked_at))


def _needs_approval(plan: Plan) -> str:
    concerns = "; ".join(concern.says for concern in plan.concerns)
    overrides = ", ".join(concern.override for concern in plan.concerns if concern.override)
    return (
        f"Plan {plan.plan_id} needs approval: {concerns}. Nothing was changed. To go ahead, look at the report, then: "
        f"counterfoil approve {plan.plan_id} --by NAME --why TEXT, "
        "and run the same again (in Prefect: press Retry)" + (f", or run it with {overrides}." if overrides else ".")
    )

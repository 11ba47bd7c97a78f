"""Whether a plan may be carried out: automatically, by an approval of exactly this plan, or by asking.

Called from the flow body, not as tasks: only a flow run can suspend itself.
"""

import hashlib
from typing import Any, Literal

from prefect import runtime
from prefect.flow_runs import suspend_flow_run
from prefect.input import RunInput
from prefect.input.actions import read_flow_run_input
from prefect.input.run_input import keyset_from_base_key
from pydantic import Field

from infra.approval_policy import demands_of
from infra.clock import now
from infra.context import ledger, settings
from infra.ledger.approvals import Use
from infra.ledger.taking_back import ApprovalsTakenBack
from schemas.named_plans import NamedPlan, seen_with
from schemas.people import AT_START, IN_PREFECT, Action
from schemas.problems import Refused
from schemas.records import GOES_WITH, Answer, Approval, Plan, Run
from schemas.tables import Concern
from tasks.chain.approval_proofs import keep_proof
from tasks.chain.audit_trail import enter
from tasks.chain.compare_plans import is_left_of, since_looked_at, what_differs
from tasks.core.planning.concerns import concerns_since, digest_of


class Decision(RunInput):
    """The form of a suspended run. Decision and name have no defaults, so nothing approves itself."""

    decision: Literal["approve", "reject"] = Field(
        title="Your decision",
        description="approve: carry out exactly this plan. reject: change nothing.",
        json_schema_extra={"position": 0},
    )
    approver: str = Field(
        title="Your name", min_length=2, description="Who decides, for the record.", json_schema_extra={"position": 1}
    )
    reason: str = Field(
        title="Your reason", min_length=2, description="Why, for the record.", json_schema_extra={"position": 2}
    )


def approve(run: Run, plan: Plan, named: NamedPlan) -> Answer:
    """Say whether *plan* may be carried out now; in review mode, that someone must be asked."""
    if run.mode == "preview":
        return Answer(verdict="preview")
    if named.plan_id:
        return _accept_named(run, plan, named)
    claimed = _claim(run, plan)
    return _as_answer(run, plan, claimed) if claimed else _by_itself(run, plan)


def _use(run: Run, plan: Plan) -> Use:
    return Use(run_id=run.run_id, concerns=plan.concerns, demands=demands_of(plan.concerns))


def _claim(run: Run, plan: Plan) -> Approval | None:
    """Claim the decision about *plan*, or about the one that this run began to carry out and that it is the rest of."""
    begun = [earlier for earlier in ledger().list_begun_plans(run.run_id) if is_left_of(plan, earlier)]
    return next(filter(None, (_claim_one(run, plan, about) for about in (plan, *begun))), None)


def _claim_one(run: Run, plan: Plan, about: Plan) -> Approval | None:
    use = _use(run, plan)
    return ledger().claim_approval(about.plan_id, run.run_id, now(), concerns=use.concerns, demands=use.demands)


def _by_itself(run: Run, plan: Plan) -> Answer:
    """Say whether a plan that nobody decided about goes through."""
    if not _writes(plan):
        return Answer(verdict="go")
    if run.mode == "review":
        moved = since_looked_at(run, plan)
        waits = "The run waits for a decision: open it in Prefect and press Resume."
        return Answer(verdict="ask", says=f"{waits} {moved}".rstrip(), asked=_asked(run, plan))
    if plan.concerns:
        return Answer(verdict="needs_approval", says=_needs_approval(run, plan))
    return Answer(verdict="go")


def _asked(run: Run, plan: Plan) -> tuple[Concern, ...] | None:
    """Return the concerns that this run showed when it last asked about this plan."""
    shown = ledger().get_run(run.run_id).report
    asked = shown is not None and shown.outcome == "needs_approval" and shown.plan_id == plan.plan_id
    return shown.concerns if shown and asked else None


def ask(run: Run, plan: Plan, answer: Answer, description: str) -> Answer:
    """Suspend the run until someone decides about exactly this plan, with nothing of concern that was not shown.

    The key holds the plan id, so that a decision about another plan is never taken for this
    one, and the run count, so that a retried run can ask again.
    """
    seen, given = answer.asked, None
    if seen is not None:
        given = _given(_question(plan, seen))
    if seen is None or given is None or (given.decision == "approve" and concerns_since(plan.concerns, seen)):
        seen = plan.concerns
        given = suspend_flow_run(
            wait_for_input=Decision.with_initial_data(description=f"{_where_to_sign(plan)}{description}"),
            key=_question(plan, seen),
            timeout=int(settings().plan_ttl_hours * 3600),
        )
    _record(run, plan, _approval(plan, given.decision, given.approver, given.reason), seen, by=IN_PREFECT)
    claimed = _claim_one(run, plan, plan)
    if claimed is None:
        why = ledger().decisions.explain(plan.plan_id, _use(run, plan), now())
        raise Refused(why or f"The decision about plan {plan.plan_id} came too late. Press Retry to be asked again.")
    return _as_answer(run, plan, claimed)


def _where_to_sign(plan: Plan) -> str:
    """Say in the form, where a name approves nothing, what does."""
    if demands_of(plan.concerns).proof == "name":
        return ""
    return (
        "A name approves nothing in this shop: it asks for a passkey. To approve this plan, open the page of this run "
        "at the desk, and confirm it there with yours. Here it can only be rejected.\n\n"
    )


def _question(plan: Plan, concerns: tuple[Concern, ...]) -> str:
    content = "|".join(sorted(f"{concern.code}:{','.join(concern.about)}" for concern in concerns))
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    return f"approve-{plan.plan_id}-{digest}-r{runtime.flow_run.run_count}"


def _given(question: str) -> Decision | None:
    """Return what was answered to a question that the run asked before; None where nobody answered."""
    given: Any = read_flow_run_input(keyset_from_base_key(f"suspended-{question}")["response"])
    return Decision(**given) if given else None


def _as_answer(run: Run, plan: Plan, decided: Approval) -> Answer:
    """Do as someone decided. Where they signed it, that is checked first, and kept with the run that goes by it."""
    if decided.decision == "reject":
        return Answer(verdict="turned_down")
    if decided.proof:
        keep_proof(run, plan, decided)
    return Answer(verdict="go")


def _accept_named(run: Run, plan: Plan, named: NamedPlan) -> Answer:
    """Accept the plan that a run was started with, if it is this one or this one is what is left of it."""
    looked_at = ledger().get_plan(named.only_id)
    if plan.plan_id != looked_at.plan_id and not is_left_of(plan, looked_at):
        says = (
            f"Plan {looked_at.plan_id} is not what would be done now: {what_differs(plan, looked_at)}. The plan is "
            f"now {plan.plan_id}. Nothing was changed. Look at the new plan, then approve {plan.plan_id}."
        )
        return Answer(verdict="needs_approval", says=says)
    claimed = _claim_one(run, plan, looked_at)
    if claimed:
        return _as_answer(run, plan, claimed)
    return _approve_by_naming(run, plan, looked_at, named) if _writes(plan) else Answer(verdict="go")


def _writes(plan: Plan) -> bool:
    """Say whether a plan, or the one that goes with it, writes anything."""
    return plan.counts.created + plan.counts.updated + plan.counts.removed > 0 or bool(plan.options.get(GOES_WITH))


def _approve_by_naming(run: Run, plan: Plan, looked_at: Plan, named: NamedPlan) -> Answer:
    """Take the naming of a plan at the start of a run for its approval, once, while it is open.

    Who named the concerns too that they saw, approves the plan with those and no others. What was taken back, nobody
    approves by naming: a run that was started before that may come after it.
    """
    if ApprovalsTakenBack(ledger().engine).last_of(looked_at.plan_id):
        return Answer(verdict="needs_approval", says=_was_taken_back(looked_at))
    shown = ledger().decisions.shown(looked_at.plan_id)
    named_concerns = (each for each in (shown, plan.concerns) if digest_of(each) == named.concerns)
    seen = next(named_concerns, None) if named.concerns else shown
    if seen is None:
        return Answer(verdict="needs_approval", says=_others_named(plan))
    approver = named.approver or run.submitted_by or "whoever started the run"
    approval = _approval(looked_at, "approve", approver, named.reason or "named at the start")
    try:
        _record(run, plan, approval, seen, by=AT_START)
    except Refused as refused:
        return Answer(verdict="needs_approval", says=str(refused))
    claimed = _claim_one(run, plan, looked_at)
    if claimed:
        return _as_answer(run, plan, claimed)
    return Answer(verdict="needs_approval", says=_not_let_through(run, plan, looked_at))


def _was_taken_back(plan: Plan) -> str:
    return (
        f"The approval of plan {plan.plan_id} was taken back. Nothing was changed. To go ahead all the same, approve "
        f"it anew: on the page of its run at the desk, or with counterfoil approve {plan.plan_id} --by NAME --why TEXT."
    )


def _others_named(plan: Plan) -> str:
    concerns = "; ".join(concern.says for concern in plan.concerns) or "nothing"
    return (
        f"Plan {plan.plan_id} was named with other concerns than there are now: {concerns}. Nothing was changed. "
        f"{_ways(plan)}"
    )


def _not_let_through(run: Run, plan: Plan, looked_at: Plan) -> str:
    why = ledger().decisions.explain(looked_at.plan_id, _use(run, plan), now())
    return f"{why or f'Plan {looked_at.plan_id} lets nothing through'}. Nothing was changed. {_ways(plan)}"


def _approval(plan: Plan, decision: Literal["approve", "reject"], approver: str, reason: str) -> Approval:
    return Approval(plan_id=plan.plan_id, decision=decision, approver=approver, reason=reason, decided_at=now())


def _record(run: Run, plan: Plan, approval: Approval, seen: tuple[Concern, ...], *, by: str) -> None:
    """Enter a decision in the name that somebody gave, and in the audit trail that it was no more than a name."""
    who = f"{approval.approver} {by}"
    try:
        ledger().record_approval(approval, demands=demands_of(plan.concerns), seen=seen)
    except Refused:
        enter("approval_refused", person=who, about=run.run_id, detail=approval.plan_id)
        raise
    action: Action = "approved" if approval.decision == "approve" else "turned_down"
    enter(action, person=who, about=run.run_id, detail=approval.plan_id)


def _needs_approval(run: Run, plan: Plan) -> str:
    concerns = "; ".join(concern.says for concern in plan.concerns)
    why = ledger().decisions.explain(plan.plan_id, _use(run, plan), now()) or since_looked_at(run, plan)
    reason = f" {why.rstrip('.')}." if why else ""
    return f"Plan {plan.plan_id} needs approval: {concerns}. Nothing was changed.{reason} {_ways(plan)}"


def _named(plan: Plan) -> str:
    return seen_with(plan.plan_id, digest_of(plan.concerns)) if plan.concerns else plan.plan_id


def _ways(plan: Plan) -> str:
    """Name the ways to go ahead, in Prefect and at a terminal."""
    overrides = ", ".join(concern.override for concern in plan.concerns if concern.override)
    return (
        "To go ahead, look at the report. Then, in Prefect: start the run again (Copy to new run) with "
        f"approved={_named(plan)}, approved_by=NAME and approval_reason=TEXT. Or at a terminal: counterfoil approve "
        f"{plan.plan_id} --by NAME --why TEXT, and run the same again (in Prefect: press Retry)"
        + (f"; or run it with {overrides}." if overrides else ".")
    )

"""What people decide about a plan at the desk. Whether it counts is said by the ledger, as for any other."""

import secrets
from hashlib import sha256
from typing import Literal
from uuid import UUID

from desk.prefect_runs import PrefectRuns
from desk.runs_started import asked_with, start
from desk.texts import _
from desk.visitors import Visitor
from infra.approval_policy import demands_of
from infra.clock import now
from infra.context import ledger, settings
from infra.ledger import RunEntry
from infra.ledger.taking_back import ApprovalsTakenBack
from infra.passkeys import dump_proof
from schemas.named_plans import seen_with
from schemas.passkeys import Proof, Statement
from schemas.people import Request, Role
from schemas.problems import Refused
from schemas.records import Approval
from schemas.tables import Concern
from tasks.core.planning.concerns import concerns_since, digest_of, names_of

DECIDABLE = frozenset({"previewed", "needs_approval"})
"""Outcomes of runs whose plan people decide about, on the page of the run."""


def role_to_confirm(entry: RunEntry) -> Role:
    """Say which role it takes to have a plan carried out: that of whom it needs, if it needs somebody."""
    if entry.run.flow == "restore":
        return "undo"
    concerns = entry.report.concerns if entry.report else ()
    return "approve" if concerns or demands_of(concerns).four_eyes or entry.run.mode == "review" else "submit"


def needs_signature(visitor: Visitor, entry: RunEntry, plan_id: str) -> bool:
    """Say whether a plan is confirmed by the signature of a passkey, which is not given yet."""
    return settings().approval_proof == "passkey" and _theirs(entry, plan_id, visitor.person.name) is None


def state(visitor: Visitor, entry: RunEntry, plan_id: str, reason: str) -> Statement:
    """Return what somebody signs who confirms exactly this plan.

    Raises:
        Refused: The plan is another by now, or more is of concern about it than its page shows.
    """
    seen = _seen(entry, plan_id)
    _expect_nothing_new(plan_id, seen)
    return Statement(
        shop=visitor.shop,
        run_id=entry.run.run_id,
        plan_id=plan_id,
        concerns=names_of(seen),
        person_id=visitor.person.person_id,
        approver=visitor.person.name,
        reason=reason,
        asked_at=now(),
        nonce=secrets.token_urlsafe(32),
    )


def confirm(
    prefect: PrefectRuns, visitor: Visitor, entry: RunEntry, plan_id: str, reason: str, signed: Proof | None = None
) -> Request | None:
    """Have exactly this plan carried out; return the run that does so, None where the run itself goes on.

    Raises:
        Refused: The plan is another by now, or decided, carried out or expired; or the ledger wants somebody else.
    """
    seen = _seen(entry, plan_id)
    _expect_nothing_new(plan_id, seen)
    if signed and signed.statement.concerns != names_of(seen):
        raise Refused(_("The plan is not the one that you looked at. Look at the page again, then decide."))
    asked = asked_with(prefect, entry.run)
    decided = _theirs(entry, plan_id, visitor.person.name)
    if decided is None and (signed or not entry.asks_in_prefect):
        decided = _decided(visitor, plan_id, "approve", reason, dump_proof(signed) if signed else "")
        _record(visitor, entry, decided, seen)
    if decided:  # it counts from here on, though Prefect may be away
        visitor.did("confirmed", entry.run.run_id, _how(decided))
    if entry.asks_in_prefect:
        _answer(prefect, visitor, asked.flow_run_id, "approve", reason)
        if not decided:
            visitor.did("confirmed", entry.run.run_id, plan_id)
        return None
    parameters = {
        **asked.parameters,
        "mode": "apply",
        "approved": seen_with(plan_id, digest_of(seen)),
        "approved_by": visitor.person.name,
        "approval_reason": reason,
    }
    taken_back_at = ApprovalsTakenBack(ledger().engine).last_of(plan_id)  # who decides anew is not given the same run
    key = f"confirm:{entry.run.run_id}:{plan_id}{taken_back_at or ''}"
    return start(prefect, visitor, asked.deployment, parameters, key=key, follows=entry.run.run_id)


def cancel(prefect: PrefectRuns, visitor: Visitor, entry: RunEntry, plan_id: str, reason: str) -> None:
    """Turn exactly this plan down: nothing of it is carried out.

    Raises:
        Refused: The plan is another by now, or decided, carried out or expired.
    """
    seen = _seen(entry, plan_id)
    if entry.asks_in_prefect:
        _answer(prefect, visitor, asked_with(prefect, entry.run).flow_run_id, "reject", reason)
    else:
        _record(visitor, entry, _decided(visitor, plan_id, "reject", reason), seen)
        ledger().end_run(entry.run.run_id, "turned_down", f"Turned down by {visitor.person.name}: {reason}", now())
    visitor.did("cancelled", entry.run.run_id, plan_id)


def take_back(visitor: Visitor, run_id: str, plan_id: str, reason: str) -> None:
    """Let the approval of a plan count no more: it was given in error, and no run goes by it yet.

    Raises:
        Refused: A run goes by it, or did; or there is none.
    """
    approvers = ApprovalsTakenBack(ledger().engine).take_back(plan_id, now=now())
    visitor.did("took_back", run_id, f"{plan_id} approved by {', '.join(approvers)}: {reason}")


def _seen(entry: RunEntry, plan_id: str) -> tuple[Concern, ...]:
    """Return the concerns that stand beside the plan on the page of a run; another run may show more of them."""
    shown = entry.report if entry.outcome in DECIDABLE else None
    if shown is None or not plan_id or not entry.plan_id == shown.plan_id == plan_id:
        raise Refused(_("The plan is not the one that you looked at. Look at the page again, then decide."))
    return shown.concerns


def _expect_nothing_new(plan_id: str, seen: tuple[Concern, ...]) -> None:
    """Expect that no other run found more of concern about the same plan: that takes somebody else, perhaps."""
    if concerns_since(ledger().get_plan(plan_id).concerns, seen):
        later = ledger().get_run_of_plan(plan_id).run.run_id
        raise Refused(_("Run %s found more of concern about the same plan. Decide about it on its page.") % later)


def _theirs(entry: RunEntry, plan_id: str, name: str) -> Approval | None:
    """Return their approval of the plan where only the run that carries it out is missing: Prefect was away."""
    unused = ledger().decisions.list_unused(domain=entry.run.domain, target=entry.run.target, now=now())
    enough = settings().approval_proof == "name"
    theirs = (
        each.approval
        for each in unused
        if (each.approval.plan_id, each.approval.approver, each.approval.decision) == (plan_id, name, "approve")
    )
    return next((each for each in theirs if enough or each.proof), None)


def _how(approval: Approval) -> str:
    """Say for the audit trail which plan was approved, and by which signature, if by one."""
    signed = f" passkey {sha256(approval.proof.encode()).hexdigest()}" if approval.proof else ""
    return f"{approval.plan_id}{signed}"


def _decided(
    visitor: Visitor, plan_id: str, decision: Literal["approve", "reject"], reason: str, proof: str = ""
) -> Approval:
    who = visitor.person.name
    return Approval(plan_id=plan_id, decision=decision, approver=who, reason=reason, decided_at=now(), proof=proof)


def _record(visitor: Visitor, entry: RunEntry, approval: Approval, seen: tuple[Concern, ...]) -> None:
    try:
        ledger().record_approval(approval, demands=demands_of(seen), seen=seen)
    except Refused:
        visitor.did("approval_refused", entry.run.run_id, approval.plan_id)
        raise


def _answer(
    prefect: PrefectRuns, visitor: Visitor, flow_run_id: str, decision: Literal["approve", "reject"], reason: str
) -> None:
    answer = {"decision": decision, "approver": visitor.person.name, "reason": reason}
    prefect.answer(UUID(flow_run_id), answer)

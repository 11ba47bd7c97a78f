"""How the plan that comes out now relates to one that people looked at: what is left of it, or what moved since."""

from infra.artifacts.run_files import load_frame
from infra.clock import now
from infra.context import ledger
from infra.ledger.approvals import Decided, outdated
from schemas.domains import DOMAINS
from schemas.problems import FileNeedsFixing
from schemas.records import GOES_WITH, Plan, Run
from tasks.core.planning.changes import writable
from tasks.core.planning.plan_differences import same_records, what_moved
from tasks.core.planning.settlement import is_remainder


def is_left_of(plan: Plan, looked_at: Plan) -> bool:
    """Say whether every change of *plan*, and of what goes with it, is one that was looked at."""
    options, looked_at_options = ({**each.options, GOES_WITH: ""} for each in (plan, looked_at))
    same = (plan.domain, plan.target, options) == (looked_at.domain, looked_at.target, looked_at_options)
    rest = same and is_remainder(writable(load_frame(plan.changes)), writable(load_frame(looked_at.changes)))
    return rest and _goes_with(plan.options.get(GOES_WITH, ""), looked_at.options.get(GOES_WITH, ""))


def _goes_with(plan_id: str, looked_at: str) -> bool:
    """Say whether the plan that goes with it is the one that was looked at, what is left of it, or none."""
    if plan_id in ("", looked_at):
        return True
    return bool(looked_at) and is_left_of(ledger().get_plan(plan_id), ledger().get_plan(looked_at))


def what_differs(plan: Plan, looked_at: Plan) -> str:
    """Say what makes *plan* another than the one that was looked at, record by record."""
    if (plan.domain, plan.target) != (looked_at.domain, looked_at.target):
        return f"it is about {looked_at.domain} in {looked_at.target}"
    resource = DOMAINS[plan.domain].resource
    moved = what_moved(load_frame(plan.changes), load_frame(looked_at.changes), resource)
    return "; ".join([*moved, *_other_options(plan, looked_at), *_other_beside(plan, looked_at)])


def _other_options(plan: Plan, looked_at: Plan) -> list[str]:
    names = sorted({*plan.options, *looked_at.options} - {GOES_WITH})
    other = [name for name in names if plan.options.get(name, "") != looked_at.options.get(name, "")]
    return [f"it was made with other settings ({', '.join(other)})"] if other else []


def _other_beside(plan: Plan, looked_at: Plan) -> list[str]:
    """Say what differs in the plan that goes with it, such as the products that are made for sales."""
    mine, theirs = (each.options.get(GOES_WITH, "") for each in (plan, looked_at))
    if mine == theirs:
        return []
    if mine and theirs:
        return [what_differs(ledger().get_plan(mine), ledger().get_plan(theirs))]
    return ["records that go with it would be written too" if mine else "what goes with it is done already"]


def since_looked_at(run: Run, plan: Plan) -> str:
    """Say what moved since people decided about, or this run showed them, another plan for some of these records."""
    for decided in ledger().decisions.list_unused(domain=plan.domain, target=plan.target, now=now()):
        if decided.plan.plan_id != plan.plan_id and _is_about_the_same(plan, decided.plan):
            return _since_decided(plan, decided)
    report = ledger().get_run(run.run_id).report
    if report is None or report.outcome != "needs_approval" or report.plan_id in ("", plan.plan_id):
        return ""
    return f"Since plan {report.plan_id} was shown: {what_differs(plan, ledger().get_plan(report.plan_id))}."


def _since_decided(plan: Plan, decided: Decided) -> str:
    if decided.outdated:
        return outdated(decided.plan.plan_id)
    verdict = {"approve": "approved", "reject": "turned down"}[decided.approval.decision]
    return (
        f"{decided.approval.approver} {verdict} plan {decided.plan.plan_id}, which is not what would be done now: "
        f"{what_differs(plan, decided.plan)}."
    )


def _is_about_the_same(plan: Plan, other: Plan) -> bool:
    try:
        return same_records(load_frame(plan.changes), load_frame(other.changes), DOMAINS[plan.domain].resource)
    except FileNeedsFixing:  # its files were cleared away
        return False

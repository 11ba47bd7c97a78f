"""Whether a run goes on to write: its plan passes, or someone decides about it, or the run ends with a report.

Called from the flow body, not as a task: only a flow run can suspend itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

from schemas.named_plans import NamedPlan
from schemas.records import Answer, Plan, Run, RunReport
from tasks.chain import report
from tasks.chain.approve import approve, ask


@dataclass(frozen=True, kw_only=True)
class PlanDecision:
    """What was decided about a plan. ``report`` is how the run ends where nothing is to be written."""

    answer: Answer
    report: RunReport | None = None


def decide(
    run: Run,
    plan: Plan,
    named: NamedPlan,
    reported: Callable[[Answer], RunReport],
    describe: Callable[[RunReport], str] = report.describe,
) -> PlanDecision:
    """Say whether *plan* is carried out: ask where someone must be asked, and report where it is not."""
    answer = approve(run, plan, named)
    if answer.verdict == "ask":
        answer = ask(run, plan, answer, describe(reported(answer)))
    if answer.verdict == "go":
        return PlanDecision(answer=answer)
    return PlanDecision(answer=answer, report=reported(answer))

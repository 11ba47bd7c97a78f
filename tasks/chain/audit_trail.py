"""What runs write down in the audit trail: who had them started, decided about them, and what they carried out."""

from infra.clock import now
from infra.context import ledger, settings, shared_ledger
from infra.ledger.audit import AuditBook
from infra.ledger.requests import RequestBook
from schemas.people import AT_START, Action
from schemas.records import Plan, Run

NOBODY = "nobody named"
"""Whoever started a run without saying their name, such as a schedule."""


def enter(action: Action, *, person: str, about: str, detail: str = "") -> None:
    """Add what somebody did in this shop."""
    book = AuditBook(shared_ledger().engine)
    book.enter(action, person=person, now=now(), shop=settings().shop, about=about, detail=detail)


def enter_start(run: Run) -> None:
    """Enter who had a run started, unless the desk did when they pressed the button; a retry is the same run."""
    if run.attempt > 1 or RequestBook(ledger().engine).find(run.run_id):
        return
    if run.flow == "restore":
        enter("undid", person=who(run), about=run.source, detail=f"{run.run_id} {run.mode}")
    else:
        enter("submitted", person=who(run), about=run.run_id, detail=f"{run.flow} {run.mode} {run.source}")


def enter_apply(run: Run, plan: Plan) -> None:
    """Enter, before anything is written, that a run carries out a plan, and in whose name it was started."""
    book = AuditBook(shared_ledger().engine)
    said = (entry for entry in book.entries(about=run.run_id) if entry.action == "applied")
    if all(entry.detail != plan.plan_id for entry in said):  # a step that is tried again is the same
        enter("applied", person=who(run), about=run.run_id, detail=plan.plan_id)


def who(run: Run) -> str:
    """Name whoever had a run started: signed in at the desk, or else as far as anybody said so."""
    request = RequestBook(ledger().engine).find(run.run_id)
    if request:
        return request.person
    return f"{run.submitted_by} {AT_START}" if run.submitted_by else NOBODY

"""Which buttons the page of a run has, drawn from what the ledger and the desk know of it."""

from typing import Any

import pytest

from desk.pages.run_view import Button, view_of_run
from infra.clock import now
from infra.ledger import RunEntry
from schemas import file_names
from schemas.file_names import FileName
from schemas.people import Person, Request
from schemas.records import Artifact, ChangeCounts, Mode, RowCounts, Run, RunOutcome, RunReport, Totals
from tasks.invitations.canary import LOOK, NOBODY

MARIA = Person(person_id="1", name="Maria", roles={"here": frozenset({"submit"})})
SWEEP, INVITE, CARDS = ("sweep-loyalty-failures", "loyalty"), ("invite-customers", "invitations"), ("gift-cards",) * 2
FAILURES_BACK = "rejects-1-transactions.csv"
ANSWERS_BACK = "rejects-1-answers.csv"


def entry(of: tuple[str, str], outcome: RunOutcome, *files: str, by: str = "Maria", steps: tuple[str, ...] = ()):
    """Draw a run with a rejected row, the *files* that it gave back and the next *steps* that it named."""
    flow, domain = of
    mode: Mode = "preview" if outcome == "previewed" else "apply"
    about: dict[str, Any] = {"run_id": "abc123", "domain": domain, "mode": mode, "target": "memory", "source": "a.csv"}
    run = Run(flow=flow, options={}, submitted_by=by, started_at=now(), attempt=1, **about)
    back = {FileName(n): Artifact(name=FileName(n), key=n, sha256="0", size_bytes=1) for n in files}
    report = RunReport(
        title="",
        outcome=outcome,
        says="",
        plan_id="",
        rows=RowCounts(rows_in=1, accepted=0, rejected=1),
        **about,
        changes=ChangeCounts(),
        totals=Totals(),
        next_steps=steps,
        artifacts=back,
        still_open=1,
    )
    got_far = outcome != "file_needs_fixing"
    ended = {"report": report if got_far else None, "finished_at": now()}
    return RunEntry(run=run, outcome=outcome, says="", plan_id="", follows="", **ended)


def asked(**parameters: Any) -> Request:
    named = {"run_id": "def456", "flow_run_id": "", "deployment": "x/x", "person": "Maria", "follows": "abc123"}
    return Request(parameters=parameters, asked_at=now(), **named)


def buttons(of: RunEntry, *following: Request, at_desk: bool = True) -> tuple[Button, ...]:
    return view_of_run(of, MARIA, "here", asked=asked(mode="preview") if at_desk else None, following=following).buttons


@pytest.mark.parametrize(
    ("of", "file", "has"),
    [
        (SWEEP, FAILURES_BACK, ("remember", "correct")),
        (SWEEP, ANSWERS_BACK, ("remember",)),
        (INVITE, file_names.REJECTS_CSV, ("correct",)),
        (("orders", "orders"), file_names.REJECTS_JSON, ("correct",)),
        (CARDS, file_names.REJECTS_XLSX, ("correct",)),
        (("restore", "gift-cards"), file_names.REJECTS_CSV, ()),
        (CARDS, file_names.REPORT_HTML, ()),
    ],
)
def test_rejects_of_every_kind_of_file_that_comes_back_can_be_corrected(of: tuple[str, str], file: str, has):
    assert buttons(entry(of, "previewed", file)) == has


def test_a_sweep_can_still_be_remembered_after_its_rejects_were_corrected_but_not_twice():
    swept = entry(SWEEP, "previewed", FAILURES_BACK)
    corrected, remembered = asked(mode="preview", inbox_keys=["a"]), asked(mode="apply")
    assert buttons(swept, corrected) == ("remember", "correct")
    assert buttons(swept, corrected, remembered) == ("correct",)


@pytest.mark.parametrize(
    ("step", "following", "has"),
    [
        (LOOK, (), ("arrived",)),
        (LOOK, (asked(mode="apply", canary_arrived=True),), ()),
        (NOBODY, (), ("again",)),
        (NOBODY, (asked(mode="preview"),), ()),
    ],
)
def test_the_rest_are_mailed_once_somebody_says_that_the_first_mail_arrived(step: str, following, has):
    assert buttons(entry(INVITE, "needs_approval", steps=(step,)), *following) == has


@pytest.mark.parametrize(
    ("by", "at_desk", "following", "has"),
    [
        ("Maria", True, (), ("again",)),
        ("inbox", False, (), ("again",)),
        ("inbox", False, (asked(mode="preview"),), ()),
        ("Maria at a terminal", False, (), ()),
    ],
)
def test_a_file_that_failed_is_tried_again_where_the_desk_knows_what_was_asked(by: str, at_desk, following, has):
    assert buttons(entry(CARDS, "file_needs_fixing", by=by), *following, at_desk=at_desk) == has

"""A plan whose approval was taken back is undecided again: it waits, and is decided about anew."""

from datetime import UTC, datetime, timedelta

import pytest

from infra.ledger import Ledger
from infra.ledger.open_things import OpenThings
from infra.ledger.taking_back import ApprovalsTakenBack
from schemas.problems import Refused
from schemas.records import Approval, Artifact, ChangeCounts, Plan, Totals

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ABOUT = {"domain": "gift-cards", "target": "sql"}
PLAN_ID, RUN_ID = "7c1e90ab" * 2, "aaaa00000001"


@pytest.fixture
def asked(ledger: Ledger) -> Ledger:
    """A ledger in which a run asks about a plan."""
    run = {"flow": "gift-cards", "mode": "apply", "source": "a.csv", "options": {}, "submitted_by": "Bob"}
    ledger.start_run(run_id=RUN_ID, **ABOUT, **run, now=NOON)
    changes = Artifact(name="changes.parquet", key="runs/a/changes.parquet", sha256="1" * 64, size_bytes=10)
    plan = Plan(
        **ABOUT,
        options={},
        plan_id=PLAN_ID,
        counts=ChangeCounts(created=2),
        totals=Totals(),
        changes=changes,
        concerns=(),
    )
    ledger.save_plan(plan, run_id=RUN_ID, now=NOON, hours=10)
    ledger.end_run(RUN_ID, "needs_approval", "look at it", NOON)
    return ledger


def approve(ledger: Ledger, who: str, *, at: datetime = NOON) -> None:
    ledger.record_approval(
        Approval(plan_id=PLAN_ID, decision="approve", approver=who, reason="as counted", decided_at=at)
    )


def waiting(ledger: Ledger) -> list[str]:
    found = OpenThings(ledger.engine).list_all(now=NOON, since=NOON - timedelta(days=1))
    return [item.entry.plan_id for item in found if item.left == "approval"]


def test_it_is_left_to_do_again_and_whoever_decides_anew_is_heard(asked: Ledger):
    book = ApprovalsTakenBack(asked.engine)
    approve(asked, "Ada")
    assert (waiting(asked), book.approved_by(PLAN_ID, now=NOON)) == ([], "Ada")

    assert book.take_back(PLAN_ID, now=NOON + timedelta(minutes=1)) == ("Ada",)

    assert (waiting(asked), book.approved_by(PLAN_ID, now=NOON)) == ([PLAN_ID], "")
    assert book.last_of(PLAN_ID) == NOON + timedelta(minutes=1)
    assert asked.claim_approval(PLAN_ID, "run-2", NOON) is None
    approve(asked, "Nils", at=NOON + timedelta(minutes=2))
    assert asked.claim_approval(PLAN_ID, "run-2", NOON) is not None


def test_an_approval_is_taken_back_once(asked: Ledger):
    book = ApprovalsTakenBack(asked.engine)
    approve(asked, "Ada")
    book.take_back(PLAN_ID, now=NOON)

    with pytest.raises(Refused, match="there is none to take back"):
        book.take_back(PLAN_ID, now=NOON)


def test_a_plan_that_was_carried_out_is_undone_and_not_taken_back(asked: Ledger):
    approve(asked, "Ada")
    asked.claim_approval(PLAN_ID, RUN_ID, NOON)
    asked.finish_plan(PLAN_ID, RUN_ID, NOON)

    with pytest.raises(Refused, match="undo the run that did"):
        ApprovalsTakenBack(asked.engine).take_back(PLAN_ID, now=NOON)
    assert ApprovalsTakenBack(asked.engine).last_of(PLAN_ID) is None

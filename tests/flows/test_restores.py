"""Undoing a run through its deployment."""

import pytest

from tests.flows.people import People, run_id
from tests.flows.reviews import Reviewed

pytestmark = [pytest.mark.server, pytest.mark.slow]


def test_a_restore_under_review_puts_everything_back_once_approved(people: People, reviewed: Reviewed) -> None:
    undone = {"run_id": run_id(reviewed.run), "mode": "review", "submitted_by": "Anna"}
    run = people.start("restore/restore", reviewed.till, **undone)
    question = people.see_question(run)
    assert "\n1 changed, 1 removed\n" in people.form(run, question)[1]
    assert reviewed.till.balances() == reviewed.balances["ended"]

    people.answer(run, "approve", reason="it was last year's file")
    people.see_end(run, "Applied")
    assert reviewed.till.balances() == reviewed.balances["asked"]
    entry = people.entry(run)
    assert (entry.outcome, entry.run.source) == ("applied", run_id(reviewed.run))
    assert people.decisions(entry.plan_id) == [("approve", "Maria", "it was last year's file")]

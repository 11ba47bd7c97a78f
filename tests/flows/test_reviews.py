"""Runs in review mode: they ask in Prefect, and do what was answered about what was shown."""

import re

import httpx
import pytest

from tests.flows.people import People, run_id, wait_for
from tests.flows.reviews import Reviewed
from tests.flows.tills import Till

pytestmark = [pytest.mark.server, pytest.mark.slow]

FILE = """\
Number;Balance
QZX7700411;737.11
QZX7700412;737.12
"""
AS_IN_FILE = {"QZX7700411": "737.11", "QZX7700412": "737.12"}
SECONDS = 1 / 3600


def test_a_run_under_review_asks_for_a_decision_a_name_and_a_reason(reviewed: Reviewed) -> None:
    fields = reviewed.schema["properties"]
    assert reviewed.schema["required"] == ["decision", "approver", "reason"]
    assert sorted(fields, key=lambda name: fields[name]["position"]) == ["decision", "approver", "reason"]
    assert fields["decision"]["enum"] == ["approve", "reject"]
    assert not any("default" in field for field in fields.values())
    assert "| 2 | 1 | 1 | 0 | 0 | 0 |" in reviewed.description  # uploaded, new, changed, unchanged, held, rejected
    assert "…341" in reviewed.description and not re.search(r"QZX77\d+", reviewed.description)


def test_until_the_decision_the_ledger_says_needs_approval_and_nothing_changes(reviewed: Reviewed) -> None:
    assert reviewed.waiting.outcome == "needs_approval"
    assert reviewed.balances["asked"] == {"QZX7700341": "10.00"}


def test_an_approved_plan_is_applied_once_and_the_decision_is_on_record(people: People, reviewed: Reviewed) -> None:
    entry = people.entry(reviewed.run)
    assert (reviewed.ended["type"], reviewed.ended["message"]) == ("COMPLETED", "1 new, 1 changed")
    assert reviewed.balances["ended"] == {"QZX7700341": "737.31", "QZX7700342": "737.42"}
    assert reviewed.batches == 1
    assert people.decisions(entry.plan_id) == [("approve", "Maria", "counted twice")]
    assert (entry.outcome, entry.says, entry.run.attempt) == ("applied", reviewed.ended["message"], 2)


def test_the_page_of_a_run_shows_its_progress_and_links_to_its_report(people: People, reviewed: Reviewed) -> None:
    shown = people.artifacts(reviewed.run)
    assert shown["progress"] == 100.0
    assert "# Gift cards: Applied\n\n1 new, 1 changed\n" in shown["markdown"]
    link = re.search(r"\[report\.html\]\((http[^)]+)\)", shown["markdown"])
    assert link
    page = httpx.get(link[1], trust_env=False)
    assert page.status_code == 200 and page.text.lower().startswith("<!doctype html>")
    assert "1 new, 1 changed" in page.text


def test_a_rejected_plan_changes_nothing(people: People, till: Till) -> None:
    before = {"QZX7700411": "20.00"}
    till.sell(**before)
    run = start_review(people, till, "rejected")
    people.see_question(run)
    assert people.answer(run, "reject", approver="") == "REJECT"  # no name, no decision
    assert people.answer(run, "reject", reason="last year's file") == "ACCEPT"

    ended = people.see_end(run, "Turned down")
    entry = people.entry(run)
    assert (ended["type"], till.balances(), till.batches()) == ("COMPLETED", before, 0)
    assert people.decisions(entry.plan_id) == [("reject", "Maria", "last year's file")]
    assert entry.outcome == "turned_down"


def test_a_question_that_nobody_answers_in_time_can_be_asked_again(people: People, till: Till) -> None:
    before = {"QZX7700411": "21.00", "QZX7700412": "31.00"}
    till.sell(**before)
    run = start_review(people, till, "unanswered", COUNTERFOIL_PLAN_TTL_HOURS=str(3 * SECONDS))
    first = people.see_question(run)
    wait_for(lambda: people.state(run)["name"], lambda name: name != "Suspended")
    people.see_end(run, "Failed")
    assert (till.balances(), people.entry(run).outcome) == (before, "needs_approval")

    people.retry(run, COUNTERFOIL_PLAN_TTL_HOURS="72")
    people.see_question(run, after=first)
    people.answer(run, "approve")
    people.see_end(run, "Applied")
    assert (till.balances(), till.batches()) == (AS_IN_FILE, 1)


def test_a_decision_about_a_plan_is_not_taken_for_another_plan(people: People, till: Till) -> None:
    till.sell(QZX7700411="22.00", QZX7700412="32.00")
    run = start_review(people, till, "drifted")
    first = people.see_question(run)
    shown_first = people.entry(run).plan_id
    till.spend("QZX7700411", left="5.00")
    people.answer(run, "approve", reason="as shown")

    _, description = people.form(run, people.see_question(run, after=first))
    shown_then = people.entry(run).plan_id
    assert f"Since plan {shown_first} was shown: …411 (Balance) moved in the target meanwhile" in description
    assert till.balances() == {"QZX7700411": "5.00", "QZX7700412": "32.00"} and till.batches() == 0
    assert people.decisions(shown_first) == people.decisions(shown_then) == []
    people.answer(run, "approve", reason="also right")
    people.see_end(run, "Applied")
    assert (till.balances(), till.batches()) == (AS_IN_FILE, 1)
    assert people.decisions(shown_then) == [("approve", "Maria", "also right")]


@pytest.mark.parametrize(("decision", "name", "cents"), [("approve", "Applied", "01"), ("reject", "Turned down", "02")])
def test_a_decision_holds_while_other_cards_are_sold_and_spent(
    people: People, till: Till, decision: str, name: str, cents: str
) -> None:
    before = {"QZX7700411": f"20.{cents}", "QZX7700412": f"30.{cents}"}
    till.sell(**before, OTHER1="7.00")
    run = start_review(people, till, f"busy-{decision}")
    people.see_question(run)
    shown = people.entry(run).plan_id
    till.sell(OTHER2="50.00")
    till.spend("OTHER1", left="1.00")
    people.answer(run, decision, reason="as shown")

    till.sell(OTHER3="9.00")
    people.see_end(run, name)
    others = {"OTHER1": "1.00", "OTHER2": "50.00", "OTHER3": "9.00"}
    assert till.balances() == {**(AS_IN_FILE if decision == "approve" else before), **others}
    assert people.decisions(shown) == [(decision, "Maria", "as shown")]
    assert people.entry(run).plan_id == shown


def test_an_approval_between_two_attempts_holds_while_other_cards_are_sold(people: People, till: Till) -> None:
    till.sell(QZX7700411="24.00", QZX7700412="34.00")
    asked = {"existing_cards": "set", "submitted_by": "Anna", "max_amount": 700, "mode": "apply"}
    key = people.drop("by-hand/large.csv", FILE)
    run = people.start("gift-cards/gift-cards", till, inbox_key=key, **asked)
    needs = people.see_end(run, "Needs approval")
    plan = people.entry(run).plan_id
    assert re.search(f"approved={plan}:\\w+, approved_by=NAME and approval_reason=TEXT", needs["message"])
    people.see_in_log(run, f"approved={plan}:")

    assert people.type("cli", "approve", plan, "--by", "Maria", "--why", "our own").returncode == 0
    till.sell(OTHER1="50.00")
    people.retry(run)
    people.see_end(run, "Applied")
    assert till.balances() == {**AS_IN_FILE, "OTHER1": "50.00"}


def test_a_run_can_be_started_with_a_plan_and_with_who_found_it_right_and_why(people: People, till: Till) -> None:
    till.sell(QZX7700411="25.00", QZX7700412="35.00")
    asked = {"existing_cards": "set", "submitted_by": "Anna", "mode": "apply"}
    called_before = {"max_card": 700}  # it is max_amount now
    key = people.drop("by-hand/large.csv", FILE)
    run = people.start("gift-cards/gift-cards", till, inbox_key=key, **asked, **called_before)
    people.see_end(run, "Needs approval")
    plan = people.entry(run).plan_id

    approval = {"approved": plan, "approved_by": "Maria", "approval_reason": "our own"}
    again = people.start("gift-cards/gift-cards", till, inbox_key=key, **asked, **called_before, **approval)
    people.see_end(again, "Applied")
    assert people.decisions(plan) == [("approve", "Maria", "our own")]


def test_retries_of_an_approved_plan_ask_nobody_and_add_to_each_card_once(people: People, till: Till) -> None:
    before = {"QZX7700411": "20.00", "QZX7700412": "30.00"}
    till.sell(**before)
    till.refuse("QZX7700411")
    run = start_review(people, till, "refused", COUNTERFOIL_BATCH_ROWS="1", existing_cards="top_up")
    people.see_question(run)
    people.answer(run, "approve")
    people.see_end(run, "Refused")
    assert (till.balances(), people.entry(run).outcome) == (before, "refused")

    till.refuse("QZX7700412")  # and no longer the first: now it ends in the middle
    people.retry(run)
    people.see_end(run, "Refused")
    assert till.balances() == {"QZX7700411": "757.11", "QZX7700412": "30.00"}

    till.refuse("")
    people.retry(run)
    people.see_end(run, "Applied")
    assert till.balances() == {"QZX7700411": "757.11", "QZX7700412": "767.12"}
    entry = people.entry(run)
    assert (entry.outcome, entry.run.attempt, entry.report and entry.report.outcome) == ("applied", 4, "applied")
    assert run_id(run) in people.type("cli", "show", entry.run.run_id).stdout


def start_review(people: People, till: Till, name: str, existing_cards: str = "set", **environment: str) -> str:
    """Import FILE under a name of its own; a run may be told from another by what it reads."""
    key = people.drop(f"by-hand/{name}.csv", FILE)
    asked = {"inbox_key": key, "mode": "review", "existing_cards": existing_cards, "submitted_by": "Anna"}
    return people.start("gift-cards/gift-cards", till, environment, **asked)

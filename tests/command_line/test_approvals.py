"""A plan that needs approval: approved by its id, once, in time, and for exactly what was looked at."""

import pytest

from tests.command_line.files import LARGE

APPLY = ("large.csv", "--mode", "apply")


@pytest.fixture
def asked(desk):
    """A desk, and the plan that a run was held for."""
    desk.write("large.csv", LARGE)
    run = desk.run(*APPLY, code=3)
    assert (run["outcome"], [concern["override"] for concern in run["concerns"]]) == (
        "needs_approval",
        ["max_card=1500"],
    )
    assert desk.till() == {}
    return desk, run["plan_id"]


def test_an_approved_plan_is_carried_out_by_the_next_run(asked):
    desk, plan = asked
    approval = desk.ask("approve", plan, "--by", "Maria", "--why", "our company card")
    assert (approval["plan_id"], approval["approver"], approval["decision"]) == (plan, "Maria", "approve")
    again = desk.ask("approve", plan, "--by", "Maria", "--why", "to be sure", code=4)
    assert "was approved already, by Maria" in again["says"]
    assert desk.run(*APPLY)["outcome"] == "applied"
    assert desk.till() == {"GC1": 1000, "GC2": 150000}
    late = desk.ask("approve", plan, "--by", "Maria", "--why", "once more", code=4)
    assert "was carried out already" in late["says"]


def test_naming_the_plan_approves_it_once(asked):
    desk, plan = asked
    assert desk.run(*APPLY, "--approved", plan, "--by", "Ada")["outcome"] == "applied"
    assert desk.run(*APPLY, "--approved", plan)["outcome"] == "nothing_to_do"

    desk.write("large.csv", LARGE.replace("1500", "1600"))
    assert desk.run(*APPLY, "--approved", plan, "--existing-cards", "set", code=3)["outcome"] == "needs_approval"
    assert desk.till() == {"GC1": 1000, "GC2": 150000}


def test_an_approval_lets_nothing_through_but_what_was_looked_at(asked):
    desk, plan = asked
    desk.write("large.csv", LARGE.replace("1500", "5000"))
    refused = desk.run(*APPLY, "--approved", plan, code=3)
    assert refused["plan_id"] != plan
    assert f"Plan {plan} is not what would be done now" in refused["next_steps"][0]
    assert desk.till() == {}


def test_an_unknown_plan_cannot_be_approved_or_named(asked):
    desk, _ = asked
    for answer in (
        desk.ask("approve", "0123456789abcdef", "--by", "Ada", "--why", "a typo", code=2),
        desk.run(*APPLY, "--approved", "0123456789abcdef", code=2),
    ):
        assert answer["says"].startswith("There is no plan 0123456789abcdef.")
    assert desk.till() == {}


def test_a_plan_expires(asked):
    desk, plan = asked
    desk.alter_ledger("UPDATE plans SET expires_at = '2026-01-01 00:00:00'")
    assert "has expired" in desk.ask("approve", plan, "--by", "Ada", "--why", "late", code=4)["says"]
    assert "has expired" in desk.run(*APPLY, "--approved", plan, code=3)["next_steps"][0]
    assert desk.till() == {}


def test_a_raised_limit_lets_the_plan_through(asked):
    desk, _ = asked
    assert desk.run(*APPLY, "--max-card", "1500")["outcome"] == "applied"


def test_each_limit_can_be_lowered_for_one_run(asked):
    desk, _ = asked
    limits = ("--max-card", "2000", "--max-changed-rows", "1", "--max-added", "100", "--max-changed-percent", "0")
    concerns = desk.run("large.csv", *limits)["concerns"]
    assert [concern["override"] for concern in concerns] == ["max_changed_rows=2", "max_added=1510"]


def test_whoever_submits_may_not_approve_where_four_eyes_are_asked_for(asked):
    desk, _ = asked
    plan = desk.run(*APPLY, "--by", "Ada", code=3)["plan_id"]
    refused = desk.ask("approve", plan, "--by", "ada ", "--why", "me too", code=4, approver_must_differ="true")
    assert refused["says"].startswith("Who submits a run may not approve its plan.")

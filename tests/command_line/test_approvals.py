"""A plan that needs approval: approved by its id, once, in time, and for exactly what was looked at."""

import re

import pytest

from tests.command_line.files import LARGE

APPLY = ("large.csv", "--mode", "apply")


SOLD_MEANWHILE = {"OTHER1": 1000, "OTHER2": 2000, "OTHER3": 3000}
MANY = "Number;Balance\n" + "".join(f"NEW{number};1500.00\n" for number in range(5))
MANY_APPLY = ("many.csv", "--mode", "apply")


@pytest.fixture
def asked_of_many(desk):
    """A desk, and the plan of a run that was held for its large amounts only."""
    desk.write("many.csv", MANY)
    run = desk.run(*MANY_APPLY, code=3)
    assert [concern["code"] for concern in run["concerns"]] == ["LIMIT_CARD"]
    return desk, run["plan_id"]


@pytest.fixture
def asked(desk):
    """A desk, and the plan that a run was held for."""
    desk.write("large.csv", LARGE)
    run = desk.run(*APPLY, code=3)
    assert (run["outcome"], [concern["override"] for concern in run["concerns"]]) == (
        "needs_approval",
        ["max_amount=1500"],
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


@pytest.mark.thorough
def test_an_approval_holds_while_other_cards_are_sold_and_spent(asked):
    desk, plan = asked
    desk.ask("approve", plan, "--by", "Maria", "--why", "our company card")
    desk.put_in_till(SOLD_MEANWHILE)
    applied = desk.run(*APPLY)
    assert (applied["outcome"], applied["plan_id"]) == ("applied", plan)
    assert applied["totals"]["before"] == [{"currency": "EUR", "count": 3, "sum_cents": 6000}]
    assert desk.till() == {"GC1": 1000, "GC2": 150000, **SOLD_MEANWHILE}
    assert desk.ask("verify-run", applied["run_id"])["intact"]


@pytest.mark.thorough
def test_a_plan_that_was_named_at_the_start_holds_while_other_cards_are_sold(asked):
    desk, plan = asked
    desk.put_in_till(SOLD_MEANWHILE)
    named = ("--approved", plan, "--approved-by", "Maria", "--why", "our company card", "--by", "Ada")
    assert desk.run(*APPLY, *named)["outcome"] == "applied"
    late = desk.ask("approve", plan, "--by", "Ada", "--why", "once more", code=4)
    assert "was carried out already" in late["says"]
    assert desk.decisions() == [(plan, "approve", "Maria", "our company card")]


@pytest.mark.thorough
def test_a_record_of_an_approved_plan_that_moved_is_asked_about_again_by_name(asked):
    desk, plan = asked
    desk.ask("approve", plan, "--by", "Maria", "--why", "our company card")
    desk.put_in_till({"GC1": 990})
    again = desk.run(*APPLY, "--existing-cards", "hold", code=3)
    assert again["plan_id"] != plan
    assert f"Maria approved plan {plan}, which is not what would be done now" in again["next_steps"][0]
    assert "…1 would be held now, for it moved in the target meanwhile" in again["next_steps"][0]
    assert desk.till() == {"GC1": 990}


@pytest.mark.thorough
def test_a_concern_that_is_new_since_the_approval_is_shown_and_asked_about(asked_of_many):
    desk, plan = asked_of_many
    desk.ask("approve", plan, "--by", "Maria", "--why", "our company cards")
    desk.put_in_till({f"OLD{number}": 1500 for number in range(5)})
    again = desk.run(*MANY_APPLY, code=3)
    assert again["plan_id"] == plan
    new = "this is new since: the EUR amounts of the file are on average 100 times larger"
    assert f"Maria approved plan {plan}, but {new}" in again["next_steps"][0]
    desk.ask("approve", plan, "--by", "Maria", "--why", "they are large")
    assert desk.run(*MANY_APPLY)["outcome"] == "applied"


@pytest.mark.thorough
def test_naming_a_plan_does_not_approve_what_is_of_concern_only_now(asked_of_many):
    desk, plan = asked_of_many
    desk.put_in_till({f"OLD{number}": 1500 for number in range(5)})
    again = desk.run(*MANY_APPLY, "--approved", plan, "--by", "Ada", code=3)
    assert "but this is new since: the EUR amounts of the file" in again["next_steps"][0]
    assert desk.run(*MANY_APPLY, "--approved", plan, "--by", "Ada")["outcome"] == "applied"


@pytest.mark.thorough
def test_a_plan_that_is_named_with_its_concerns_is_approved_with_those_alone(asked_of_many):
    desk, plan = asked_of_many
    first = named_in(desk.run(*MANY_APPLY, code=3))
    desk.put_in_till({f"OLD{number}": 1500 for number in range(5)})
    assert desk.run(*MANY_APPLY, code=3)["plan_id"] == plan, "another run finds more, and shows it"
    again = desk.run(*MANY_APPLY, "--approved", first, "--by", "Ada", code=3)
    assert f"Plan {plan} was named with other concerns than there are now" in again["next_steps"][0]
    assert desk.decisions() == []
    now = named_in(again)
    assert first != now and first.partition(":")[0] == now.partition(":")[0] == plan
    assert desk.run(*MANY_APPLY, "--approved", now, "--by", "Ada")["outcome"] == "applied"


def named_in(run):
    """Return how a run says that its plan is named."""
    return re.findall(r"approved=(\S+),", run["next_steps"][0])[0]


@pytest.mark.thorough
def test_naming_the_plan_approves_it_once(asked):
    desk, plan = asked
    assert desk.run(*APPLY, "--approved", plan, "--by", "Ada")["outcome"] == "applied"
    assert desk.run(*APPLY, "--approved", plan)["outcome"] == "nothing_to_do"

    desk.write("large.csv", LARGE.replace("1500", "1600"))
    assert desk.run(*APPLY, "--approved", plan, "--existing-cards", "set", code=3)["outcome"] == "needs_approval"
    assert desk.till() == {"GC1": 1000, "GC2": 150000}


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_a_plan_expires(asked):
    desk, plan = asked
    desk.alter_ledger("UPDATE plans SET expires_at = '2026-01-01 00:00:00'")
    assert "has expired" in desk.ask("approve", plan, "--by", "Ada", "--why", "late", code=4)["says"]
    assert "has expired" in desk.run(*APPLY, "--approved", plan, code=3)["next_steps"][0]
    assert desk.till() == {}


@pytest.mark.thorough
def test_a_raised_limit_lets_the_plan_through(asked):
    desk, _ = asked
    assert desk.run(*APPLY, "--max-amount", "1500")["outcome"] == "applied"


@pytest.mark.thorough
def test_each_limit_can_be_lowered_for_one_run(asked):
    desk, _ = asked
    limits = ("--max-amount", "2000", "--max-changed-rows", "1", "--max-added", "100", "--max-changed-percent", "0")
    concerns = desk.run("large.csv", *limits)["concerns"]
    assert [concern["override"] for concern in concerns] == ["max_changed_rows=2", "max_added=1510"]


@pytest.mark.thorough
def test_whoever_submits_may_not_approve_where_four_eyes_are_asked_for(asked):
    desk, _ = asked
    plan = desk.run(*APPLY, "--by", "Ada", code=3)["plan_id"]
    refused = desk.ask("approve", plan, "--by", "ada ", "--why", "me too", code=4, approver_must_differ="true")
    assert refused["says"].startswith("Who submits a run may not approve its plan.")


@pytest.mark.thorough
def test_nobody_passes_four_eyes_by_previewing_under_another_name_than_applying(asked):
    desk, _ = asked
    four_eyes = {"approver_must_differ": "true"}
    plan = desk.run("large.csv", "--by", "Ada", **four_eyes)["plan_id"]
    desk.ask("approve", plan, "--by", "Bea", "--why", "looks right", **four_eyes)

    for name in ("Bea", " BEA"):
        alone = desk.run(*APPLY, "--by", name, code=3, **four_eyes)
        assert "Who submits a run may not approve its plan." in alone["next_steps"][0]
    nameless = desk.run(*APPLY, code=3, **four_eyes)
    assert "Nobody is named as having started the run" in nameless["next_steps"][0]
    assert desk.till() == {}

    desk.ask("approve", plan, "--by", "Carl", "--why", "seen the report", code=4, **four_eyes)  # nobody is named last
    desk.run("large.csv", "--by", "Ada", **four_eyes)
    desk.ask("approve", plan, "--by", "Carl", "--why", "seen the report", **four_eyes)
    assert desk.run(*APPLY, "--by", "Bea", **four_eyes)["outcome"] == "applied"


@pytest.mark.thorough
def test_who_names_a_plan_at_the_start_is_no_second_pair_of_eyes(asked):
    desk, plan = asked
    four_eyes = {"approver_must_differ": "true"}
    alone = desk.run(*APPLY, "--approved", plan, "--by", "Ada", code=3, **four_eyes)
    assert "Who submits a run may not approve its plan." in alone["next_steps"][0]
    approved_plan = ("--approved", plan, "--approved-by", "Bea", "--why", "seen the report")
    assert desk.run(*APPLY, *approved_plan, "--by", "Ada", **four_eyes)["outcome"] == "applied"


@pytest.mark.thorough
def test_a_plan_of_an_earlier_format_says_that_it_can_no_longer_be_decided_about(asked):
    desk, plan = asked
    desk.alter_ledger("UPDATE plans SET state = 'outdated'")
    old = f"Plan {plan} was made by an earlier version of Counterfoil"
    assert desk.ask("approve", plan, "--by", "Ada", "--why", "late", code=4)["says"].startswith(old)
    assert old in desk.run(*APPLY, "--approved", plan, code=3)["next_steps"][0]
    assert desk.till() == {}


@pytest.mark.thorough
def test_what_needs_approval_names_the_way_in_prefect_and_the_one_at_a_terminal(asked):
    desk, plan = asked
    (first, *_) = desk.run(*APPLY, code=3)["next_steps"]
    assert re.search(f"approved={plan}:\\w{{12}}, approved_by=NAME and approval_reason=TEXT", first)
    assert f"counterfoil approve {plan} --by NAME --why TEXT" in first


ABOVE = {"approver_must_differ_above": "1000"}


@pytest.mark.thorough
def test_who_moves_more_money_than_an_amount_needs_somebody_else(desk):
    desk.write("large.csv", LARGE)
    waits = desk.run(*APPLY, "--max-amount", "1500", "--by", "Ada", code=3, **ABOVE)
    assert [concern["code"] for concern in waits["concerns"]] == ["SECOND_PERSON"]
    plan = waits["plan_id"]
    alone = desk.ask("approve", plan, "--by", "Ada", "--why", "mine", code=4, **ABOVE)
    assert "Who submits a run may not approve its plan" in alone["says"]
    desk.ask("approve", plan, "--by", "Bea", "--why", "counted", **ABOVE)
    assert desk.run(*APPLY, "--max-amount", "1500", "--by", "Ada", **ABOVE)["outcome"] == "applied"


def test_up_to_the_amount_nobody_else_is_needed(desk):
    desk.write("large.csv", LARGE)
    assert desk.run(*APPLY, "--max-amount", "1500", "--by", "Ada", approver_must_differ_above="1510")["outcome"] == (
        "applied"
    )


@pytest.mark.thorough
def test_where_a_passkey_is_asked_for_no_name_approves_anything_at_a_terminal(asked):
    desk, plan = asked
    desk.ask("approve", plan, "--by", "Maria", "--why", "before the policy")
    passkey = {"approval_proof": "passkey"}
    held = desk.run(*APPLY, code=3, **passkey)
    assert "Maria approved plan" in held["next_steps"][0] and "by name alone" in held["next_steps"][0]
    refused = desk.ask("approve", plan, "--by", "Bea", "--why", "counted", code=4, **passkey)
    assert "A name alone approves nothing here" in refused["says"]
    named = desk.run(*APPLY, "--approved", plan, "--by", "Ada", code=3, **passkey)
    assert "A name alone approves nothing here" in named["next_steps"][0]
    desk.ask("turn-down", plan, "--by", "Bea", "--why", "too much", code=4, **passkey)
    assert desk.till() == {}


@pytest.mark.thorough
def test_what_is_done_at_a_terminal_is_in_the_audit_trail(asked):
    desk, plan = asked
    desk.ask("approve", plan, "--by", "Maria", "--why", "our company card")
    run = desk.run(*APPLY, "--by", "Ada")["run_id"]
    desk.ask("approve", plan, "--by", "Maria", "--why", "again", code=4)
    desk.ask("show", run)
    desk.fetch(run, "report")
    desk.ask("restore", run, "--by", "Bea")
    told = [(each["action"], each["about"], each["detail"]) for each in desk.ask("audit", "show")["entries"]]
    assert [action for action, _, _ in told] == [
        *("submitted", "approved", "submitted", "applied", "approval_refused", "looked", "downloaded", "undid")
    ]
    assert [about for _, about, _ in told[1:]] == [plan, run, run, plan, run, run, run]
    assert told[3] == ("applied", run, plan) and told[6] == ("downloaded", run, "report.html")
    assert desk.ask("audit", "verify")["intact"]

"""What a sweep does in Astro: nothing by itself, what a policy names, and what a person looked at and approved."""

import pytest

from tests.sweeping.shop import REDEMPTIONS, Shop, redemption, transaction

DAY = "2026-11-20"


def waiting(shop: Shop) -> str:
    """A purchase that Astro has not got though the till sold it, and a reward: for both there is a call."""
    shop.owner_with_reward("77", "1990367", email_address="jane@example.com")
    shop.sell("S-9001", "77", DAY)
    return shop.report(DAY, transaction("77", "S-9001", DAY))


def test_by_itself_nothing_is_done_and_the_report_says_what_could_be(shop: Shop):
    answer = shop.sweep(DAY, waiting(shop))

    assert (answer["outcome"], answer["changes"]["held"]) == ("looked", 1)
    assert shop.astro.asked("addTransaction") == []


@pytest.mark.thorough
def test_a_class_that_the_policy_names_is_put_right_and_the_failure_is_resolved(shop: Shop):
    answer = shop.sweep(DAY, waiting(shop), loyalty_apply="purchase_missing")

    assert (answer["outcome"], answer["changes"]["created"]) == ("applied", 1)
    assert answer["says"].startswith("0 open failures, 1 new"), "as it is after the run"
    assert [said["transactionID"] for said in shop.astro.asked("addTransaction")] == ["S-9001"]
    assert shop.failures("status", "decision", "decided_by") == [("resolved", "done", f"run {answer['run_id']}")]


@pytest.mark.thorough
def test_what_is_done_counts_as_done_also_where_the_sweep_itself_found_nothing_new(shop: Shop):
    file = waiting(shop)
    shop.sweep(DAY, file)

    answer = shop.sweep(DAY, file, loyalty_apply="purchase_missing")

    assert answer["says"].startswith("0 open failures, 1 new")


@pytest.mark.thorough
def test_what_a_person_asks_for_needs_an_approval_of_that_plan(shop: Shop):
    file = waiting(shop)
    act = ("--act", "purchase_missing", "--mode", "apply", "--day", DAY)

    first = shop.desk.ask("run", "loyalty", file, *act, code=3)
    shop.desk.ask("approve", first["plan_id"], "--by", "Maria", "--why", "seen at the till")
    second = shop.desk.ask("run", "loyalty", file, *act)

    assert (first["outcome"], second["outcome"]) == ("needs_approval", "applied")
    assert first["concerns"][0]["code"] == "LOYALTY_UNATTENDED"
    assert second["plan_id"] == first["plan_id"]


@pytest.mark.thorough
def test_more_actions_than_usual_wait_until_the_override_that_the_run_names_lets_them_pass(shop: Shop):
    file = waiting(shop)
    act = ("--mode", "apply", "--day", DAY)
    policy = {"loyalty_apply": "purchase_missing"}

    asked = shop.desk.ask("run", "loyalty", file, *act, "--max-changed-rows", "0", code=3, **policy)
    named = asked["concerns"][0]["override"]

    assert (asked["outcome"], named) == ("needs_approval", "max_changed_rows=1")
    assert shop.desk.ask("run", "loyalty", file, *act, "--max-changed-rows", "1", **policy)["outcome"] == "applied"


@pytest.mark.thorough
def test_an_action_whose_answer_is_lost_is_looked_up_and_done_once(shop: Shop):
    shop.astro.drops = ["addTransaction"]

    answer = shop.sweep(DAY, waiting(shop), loyalty_apply="purchase_missing")

    assert answer["outcome"] == "applied"
    bought = [p for card in shop.astro.books.owners["77"].cards for p in card.purchases]
    assert [p["imported_transaction_id"] for p in bought].count("S-9001") == 1


@pytest.mark.thorough
def test_what_astro_refuses_stays_open(shop: Shop):
    file = waiting(shop)
    shop.astro.books.programs[0].enrolled = False

    answer = shop.sweep(DAY, file, loyalty_apply="purchase_missing", code=4)

    assert (answer["outcome"], answer["changes"]["refused"]) == ("partly_applied", 1)
    assert shop.failures("status") == [("open",)]


@pytest.mark.thorough
def test_a_swept_day_that_is_swept_again_does_nothing_twice(shop: Shop):
    file = waiting(shop)
    shop.sweep(DAY, file, loyalty_apply="purchase_missing")

    again = shop.sweep(DAY, file, loyalty_apply="purchase_missing")

    assert len(shop.astro.asked("addTransaction")) == 1
    assert (again["outcome"], shop.failures("status")) == ("looked", [("resolved",)])


@pytest.mark.thorough
@pytest.mark.parametrize("hide", ["false", "true"])
def test_what_is_proven_to_need_nothing_is_closed_only_where_the_settings_say_so(shop: Shop, hide: str):
    shop.owner_with_reward("77", "1990367")
    shop.sell("S-9001", "77", DAY, cents=0)
    file = shop.report(DAY, transaction("77", "S-9001", DAY))

    shop.sweep(DAY, file, loyalty_hide_proven=hide)

    assert shop.failures("failure_class", "status") == [("free_good", "hidden" if hide == "true" else "open")]


@pytest.mark.thorough
def test_a_class_that_there_is_not_is_named(shop: Shop):
    answer = shop.sweep(DAY, waiting(shop), loyalty_apply="purchase_misssing", code=2)

    assert "COUNTERFOIL_LOYALTY_APPLY: there is no class purchase_misssing" in answer["says"]


@pytest.mark.thorough
def test_a_redemption_is_redone_in_astro_once_it_is_allowed(shop: Shop):
    card = shop.owner_with_reward("77", "1990367", email_address="jane@example.com", address="1 High Street")
    shop.sell("S-8", "77", DAY, cents=0)
    shop.price(5499)
    file = shop.report(DAY, redemption("77", "1990367", DAY), heading=REDEMPTIONS)

    answer = shop.sweep(DAY, file, loyalty_apply="reward_waiting")

    assert answer["outcome"] == "applied", answer
    assert card.free_item
    assert shop.failures("status", "at_risk_cents") == [("resolved", 5499)]

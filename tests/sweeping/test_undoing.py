"""What a sweep did in Astro is taken back: only what it did, only as it left it, and the money is at risk again."""

from typing import Any

import pytest

from tests.sweeping.shop import REDEMPTIONS, Shop, redemption, transaction

DAY, NEXT = "2026-11-20", "2026-11-21"
POLICY = {"loyalty_apply": "purchase_missing,reward_waiting,reward_in_history,contact_missing"}


def bought(shop: Shop) -> dict[str, Any]:
    """Add a purchase that Astro had not got; the id of the run is in what it told."""
    shop.owner_with_reward("77", "1990367", email_address="jane@example.com")
    shop.sell("S-9001", "77", DAY)
    return shop.sweep(DAY, shop.report(DAY, transaction("77", "S-9001", DAY)), **POLICY)


def undo(shop: Shop, run: dict[str, Any], mode: str = "apply", code: int = 0) -> dict[str, Any]:
    return shop.desk.ask("restore", run["run_id"], "--mode", mode, "--by", "Maria", code=code)


def on_cards(shop: Shop) -> list[str]:
    return [p["imported_transaction_id"] for card in shop.astro.books.owners["77"].cards for p in card.purchases]


def test_a_purchase_is_taken_off_the_card_and_the_failure_is_open_again(shop: Shop):
    run = bought(shop)

    shown = undo(shop, run, mode="preview")
    assert (shown["outcome"], shown["changes"]["removed"], "S-9001" in on_cards(shop)) == ("previewed", 1, True)
    answer = undo(shop, run)

    assert (answer["outcome"], answer["changes"]["removed"], "S-9001" in on_cards(shop)) == ("applied", 1, False)
    assert "expected after" not in shop.desk.type("show", answer["run_id"]).out, "of what nobody can count"
    ((status, decision, by),) = shop.failures("status", "decision", "decided_by")
    assert (status, decision, by) == ("open", "wrong", f"Maria, by restore {answer['run_id']}")


@pytest.mark.thorough
def test_what_was_taken_back_is_not_done_again_by_a_policy_but_can_be_by_a_person(shop: Shop):
    undo(shop, bought(shop))
    file = shop.report(NEXT, transaction("77", "S-9001", DAY))

    answer = shop.sweep(NEXT, file, **POLICY)
    assert (answer["changes"]["held"], "S-9001" in on_cards(shop)) == (1, False)

    act = ("--act", "purchase_missing", "--mode", "apply", "--day", NEXT)
    shown = shop.desk.ask("run", "loyalty", file, *act, code=3)
    shop.desk.ask("approve", shown["plan_id"], "--by", "Maria", "--why", "it was right after all")
    shop.desk.ask("run", "loyalty", file, *act)
    assert ("S-9001" in on_cards(shop), shop.failures("status")) == (True, [("resolved",)])


@pytest.mark.thorough
def test_what_somebody_changed_since_is_left_alone(shop: Shop):
    run = bought(shop)
    for card in shop.astro.books.owners["77"].cards:
        card.purchases += [p for p in card.purchases if p["imported_transaction_id"] == "S-9001"]

    answer = undo(shop, run, code=4)

    assert (answer["changes"]["conflict"], on_cards(shop).count("S-9001")) == (1, 2)
    assert shop.failures("status") == [("resolved",)]


@pytest.mark.thorough
def test_undoing_twice_does_nothing_twice(shop: Shop):
    run = bought(shop)
    undo(shop, run)

    assert undo(shop, run)["outcome"] == "nothing_to_do"
    assert len(shop.astro.asked("removeTransaction")) == 1


def redeem(shop: Shop, reason: str = "Redemption failed", **contact: str) -> dict[str, Any]:
    """Let a sweep redeem what a customer took for free."""
    shop.owner_with_reward("77", "1990367", **contact)
    shop.sell("S-8", "77", DAY, cents=0)
    return shop.sweep(DAY, shop.report(DAY, redemption("77", "1990367", DAY, reason), heading=REDEMPTIONS), **POLICY)


@pytest.mark.thorough
def test_a_redemption_is_taken_back_and_waits_at_checkout_again(shop: Shop):
    run = redeem(shop, email_address="jane@example.com", address="1 High Street")
    (card,) = shop.astro.books.owners["77"].cards
    assert card.free_item

    answer = undo(shop, run)

    assert (answer["outcome"], card.free_item, shop.failures("status")) == ("applied", "", [("open",)])


@pytest.mark.thorough
def test_contact_data_that_the_run_entered_go_and_what_a_person_entered_since_stays(shop: Shop):
    shop.registers("77", email="jane@example.com", city="Ghent")
    shop.astro.books.programs[0].needs = ("email_address",)
    run = redeem(shop, "E-mail is missing", address="1 High Street")
    owner = shop.astro.books.owners["77"]
    assert (run["outcome"], owner.contact["email_address"], owner.contact["city"]) == (
        "applied",
        "jane@example.com",
        "Ghent",
    )
    owner.contact["city"] = "Bruges"

    answer = undo(shop, run)

    assert answer["outcome"] in ("applied", "partly_applied"), answer
    assert (owner.contact["email_address"], owner.contact["city"]) == ("", "Bruges")
    assert (owner.cards[0].free_item, shop.failures("status")) == ("", [("open",)])


@pytest.mark.thorough
def test_what_astro_had_before_the_run_asked_is_not_taken_back(shop: Shop):
    shop.owner_with_reward("77", "1990367")
    shop.sell("S-9001", "77", DAY)
    run = shop.sweep(DAY, shop.report(DAY, transaction("77", "S-9001", DAY)))

    answer = undo(shop, run, code=4)

    assert "changed nothing, so there is nothing to put back" in answer["says"]

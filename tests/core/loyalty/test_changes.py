"""What failures ask of Astro, and which of it may be done: by the policy, because someone asked, or not."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from schemas.loyalty.actions import CONTACT, LOYALTY_ACTIONS
from tasks.core.loyalty.action_keys import owner_key, parts_of, purchase_key, reward_key
from tasks.core.loyalty.changes import (
    asked_concerns,
    decide_actions,
    failures_done,
    failures_undone,
    outcomes_by_now,
    wanted_actions,
)
from tasks.core.planning.inverse_changes import invert

RESOURCE = LOYALTY_ACTIONS.resource
RECORDS = pl.Schema(
    {"action_key": pl.String, "standing": pl.String, "item": pl.String, "quantity": pl.Int64}
    | dict.fromkeys(CONTACT, pl.String)
)
OURS = pl.DataFrame(
    [
        {
            "customer_id": "P-77",
            "email": "j@example.com",
            "address": "1 High Street",
            "city": "Ghent",
            "region": "",
            "postcode": "9000",
        }
    ]
)
NO_CONTACTS = OURS.clear()
REWARD = reward_key("P-77", "1990367")


def failure(action: str, failure_class: str, key: str = "f1", **fields: Any) -> dict[str, Any]:
    usual = {"failure_key": key, "failure_class": failure_class, "action": action, "proven": True}
    usual |= {"customer_id": "P-77", "reward_id": "1990367", "transaction_id": "S-9001-1", "upc": "012345678905"}
    usual |= {"occurred_on": date(2026, 11, 20), "item_id": "", "missing_milli": None, "at_risk_cents": 5499}
    return usual | fields


def wanted(*failures: dict[str, Any], contacts: pl.DataFrame = NO_CONTACTS) -> pl.DataFrame:
    return wanted_actions(pl.DataFrame(failures), contacts, exponent=2)


def shown(*records: dict[str, Any]) -> pl.DataFrame:
    empty = {"item": "", "quantity": 0} | dict.fromkeys(CONTACT, "")
    return pl.DataFrame([empty | record for record in records], schema=RECORDS)


REDEEM = failure("redeem", "reward_waiting", item_id="i1")


def decide(
    asked_for: pl.DataFrame, before: pl.DataFrame, policy: str = "", asked: str = ""
) -> tuple[list[tuple[str, str, str]], int]:
    changes, unchanged = decide_actions(asked_for, before, RESOURCE, policy=policy.split(), asked=asked.split())
    return changes.select("kind", "code", "action_key").rows(), unchanged


def test_a_missing_purchase_is_asked_for_under_the_id_that_the_till_gave_it():
    (key,) = wanted(failure("add_purchase", "purchase_missing", missing_milli=2000))["action_key"]

    assert parts_of(key) == (
        "purchase",
        "P-77",
        "S-9001-1",
        {"sale": "S-9001", "amount": "54.99", "date": "2026-11-20"},
    )


def test_contact_data_come_from_our_register_and_only_where_astro_has_none():
    asked_for = wanted(failure("add_contact_and_redeem", "contact_missing", item_id="i1"), contacts=OURS)
    astro = shown({"action_key": owner_key("P-77"), "standing": "known", "email": "john@example.com"})

    changes, _ = decide_actions(asked_for, astro, RESOURCE, policy=[], asked=["contact_missing"])

    assert changes.select("kind", "action_key", "email_after", "address_after").rows() == [
        ("update", owner_key("P-77"), "john@example.com", "1 High Street"),
        ("create", REWARD, "", ""),
    ]


def test_without_contact_data_of_our_own_nothing_is_asked_for():
    assert wanted(failure("add_contact_and_redeem", "contact_missing", item_id="i1")).is_empty()


@pytest.mark.parametrize("action", ["hide", "worklist"])
def test_what_has_no_call_is_no_action(action: str):
    assert wanted(failure(action, "not_enrolled", item_id="i1")).is_empty()


@pytest.mark.parametrize(
    ("policy", "asked", "proven", "kind"),
    [
        ("", "", True, ("held", "LOYALTY_WAITS")),
        ("duplicate", "", True, ("held", "LOYALTY_WAITS")),
        ("reward_waiting", "", True, ("create", "")),
        ("reward_waiting", "", False, ("held", "LOYALTY_WAITS")),
        ("", "reward_waiting", False, ("create", "")),
    ],
)
def test_a_policy_lets_through_what_is_proven_and_a_person_whatever_they_ask(
    policy: str, asked: str, proven: bool, kind: tuple[str, str]
):
    found, _ = decide(wanted(REDEEM | {"proven": proven}), shown(), policy, asked)

    assert found == [(*kind, REWARD)]


def test_a_reward_that_is_redeemed_stays_so_whatever_the_item():
    there = shown({"action_key": REWARD, "standing": "redeemed", "item": "i2"})

    assert decide(wanted(REDEEM), there, "reward_waiting") == ([], 1)


def test_a_transaction_id_that_is_there_with_another_count_is_for_a_person():
    asked_for = wanted(failure("add_purchase", "rerun", missing_milli=2000))
    there = shown(
        {"action_key": asked_for["action_key"][0], "standing": "imported", "item": "012345678905", "quantity": 1}
    )

    assert [kind for *kind, _ in decide(asked_for, there, "rerun")[0]] == [["held", "LOYALTY_THERE"]]


def test_two_failures_of_one_reward_are_one_action_and_both_are_done_with_it():
    asked_for = wanted(REDEEM, REDEEM | {"failure_key": "f2"})
    changes, _ = decide_actions(asked_for, shown(), RESOURCE, policy=["reward_waiting"], asked=[])

    done = failures_done(asked_for, changes.with_columns(outcome=pl.lit("written")))

    assert (changes.height, done.to_list()) == (1, ["f1", "f2"])


def test_a_failure_is_not_done_while_any_of_its_actions_is_not():
    asked_for = wanted(failure("add_contact_and_redeem", "contact_missing", item_id="i1"), contacts=OURS)
    outcomes = pl.DataFrame({"action_key": [owner_key("P-77"), REWARD], "outcome": ["written", "unknown"]})

    assert failures_done(asked_for, outcomes).to_list() == []


def test_what_no_policy_names_is_a_concern():
    changes, _ = decide_actions(wanted(REDEEM), shown(), RESOURCE, policy=[], asked=["reward_waiting"])

    assert [concern.code for concern in asked_concerns(changes, [])] == ["LOYALTY_UNATTENDED"]
    assert asked_concerns(changes, ["reward_waiting"]) == ()


def test_ids_with_any_character_come_back_from_a_key():
    key = purchase_key("P/7?7", "S 9&1/ä", sale="a=b")

    assert parts_of(key) == ("purchase", "P/7?7", "S 9&1/ä", {"sale": "a=b"})


@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        ({"standing": "redeemed", "item": "i1"}, "done"),
        ({"standing": "redeemed", "item": "i2"}, ""),
        ({"standing": "incomplete", "item": "i1"}, ""),
        (None, ""),
    ],
)
def test_what_was_begun_is_done_where_astro_shows_just_that(now: dict[str, Any] | None, outcome: str):
    changes, _ = decide_actions(wanted(REDEEM), shown(), RESOURCE, policy=["reward_waiting"], asked=[])
    records = shown(*([{"action_key": REWARD} | now] if now else []))

    assert outcomes_by_now(changes, records, RESOURCE).rows() == [(REWARD, outcome)]


def test_what_was_held_was_not_begun():
    changes, _ = decide_actions(wanted(REDEEM), shown(), RESOURCE, policy=[], asked=[])
    records = shown({"action_key": REWARD, "standing": "redeemed", "item": "i1"})

    assert outcomes_by_now(changes, records, RESOURCE).rows() == [(REWARD, "")]


def way_back(before: str, now: str = "redeemed") -> tuple[str, str, str | None]:
    """Undo a redemption that we carried out: kind, code, and what it goes back to."""
    asked_for = wanted(REDEEM)
    held = shown({"action_key": REWARD, "standing": before, "item": "i1"}) if before else shown()
    done, _ = decide_actions(asked_for, held, RESOURCE, policy=["reward_waiting"], asked=[])
    there = shown({"action_key": REWARD, "standing": now, "item": "i1"}) if now else shown()
    back, _ = invert(done, there, RESOURCE)
    return back.select("kind", "code", "standing_after").row(0)


def test_a_redemption_goes_back_to_waiting_but_never_to_incomplete():
    assert way_back("") == ("remove", "", None)
    assert way_back("incomplete") == ("held", "RESTORE_ONE_WAY", "incomplete")
    assert way_back("", now="incomplete")[0] == "conflict", "somebody was there since"


def test_a_failure_is_undone_where_what_settled_it_was_taken_back_now_or_before():
    keys = ["purchase/1/S-1", "reward/2/R", "owner/2", "reward/3/R", "purchase/4/S-4"]
    asked_for = pl.DataFrame({"action_key": keys, "failure_key": ["a", "b", "b", "c", "d"]})
    done = asked_for.select("action_key").head(4)
    outcomes = pl.DataFrame(
        {"action_key": ["purchase/1/S-1", "owner/2", "reward/3/R"], "outcome": ["written", "written", "refused"]}
    )

    assert failures_undone(asked_for, done, outcomes).to_list() == ["a", "b"]
    only_contact = pl.DataFrame({"action_key": ["reward/2/R", "owner/2"], "outcome": ["conflict", "written"]})
    assert failures_undone(asked_for, done.filter(pl.col("action_key").str.contains("2")), only_contact).is_empty()

"""What people decide about failures, and whether Astro and the till are against it."""

from typing import Any

import polars as pl
import pytest

from tasks.core.loyalty.decisions import enter_decisions, judge_decisions
from tasks.core.loyalty.diagnosis import decide
from tests.loyalty_cases import DAY, EVIDENCE, STATES, evidence, state
from tests.timelines import key

KNOWN = {
    "nothing": {"reason": "no_items_found"},
    "no id": {"reason": "transaction_exists"},
    "not enrolled": {"reason": "no_items_found", "programme": "Buy 12", "enrolled": "no"},
    "no programme": {"reason": "no_items_found", "programme": "none", "maker": "none"},
    "missing": {"reason": "transaction_exists", "bought": "2", "free": "0", "on card": "1", "later": "0"},
    "added": {"reason": "transaction_exists", "bought": "2", "free": "0", "on card": "1", "later": "1"},
    "there": {"reason": "transaction_exists", "bought": "2", "free": "0", "on card": "2", "same id": "yes"},
    "stranger": {"reason": "transaction_exists", "known": "no"},
    "waiting": {"reason": "not_redeemed", "reward": "waiting"},
    "incomplete": {"reason": "contact_missing", "reward": "incomplete", "missing": "email"},
    "redeemed": {"reason": "not_redeemed", "reward": "redeemed"},
    "somewhere": {"reason": "not_redeemed", "reward": ""},
}


def judged(choice: str, known: str, **values: Any) -> tuple[pl.DataFrame, pl.DataFrame]:
    states = pl.DataFrame([state(KNOWN[known], **values)], schema=STATES)
    diagnoses = decide(states, pl.DataFrame([evidence(KNOWN[known])], schema=EVIDENCE), DAY)
    decided = pl.DataFrame({"line": [2], "failure_key": [key("A")], "decision": [choice], "note": [""]})
    return states, judge_decisions(decided, states, diagnoses)


def became(choice: str, known: str, **values: Any) -> str:
    states, came = judged(choice, known, **values)
    after = enter_decisions(states, came, by="Ann", day=DAY)
    return after["status"][0] if after.height else f"{came['outcome'][0]}: {came['doubt'][0]}"


NOT_YET = "doubted: the reward is not redeemed yet"
LACKS = "doubted: the till sold more than the card shows"


@pytest.mark.parametrize(
    ("decision", "known", "status"),
    [
        ("hide", "no programme", "hidden"),
        ("hide", "nothing", "hidden"),
        ("hide", "not enrolled", "hidden"),
        ("hide", "there", "duplicate"),
        ("hide", "added", "duplicate"),
        ("hide", "redeemed", "hidden"),
        ("hide", "missing", LACKS),
        ("hide", "waiting", NOT_YET),
        ("hide", "incomplete", NOT_YET),
        ("hide", "somewhere", "hidden"),
        ("done", "redeemed", "resolved"),
        ("done", "somewhere", "resolved"),
        ("done", "waiting", NOT_YET),
        ("done", "incomplete", NOT_YET),
        ("done", "no id", "resolved"),
        ("done", "there", "resolved"),
        ("done", "missing", LACKS),
        ("done", "not enrolled", "doubted: the programme is not joined yet"),
        ("done", "stranger", "doubted: Astro does not know the customer yet"),
        ("added_by_hand", "added", "resolved"),
        ("added_by_hand", "no id", "resolved"),
        ("added_by_hand", "missing", LACKS),
        ("added_by_hand", "waiting", "doubted: a redemption is not added by hand: write done"),
        ("enrolled", "not enrolled", "open"),
        ("enrolled", "nothing", "open"),
        ("enrolled", "no id", "doubted: the failure is about no programme"),
        ("enrolled", "waiting", "doubted: the failure is about no programme"),
        ("exception_added", "nothing", "resolved"),
        ("exception_added", "there", "doubted: the failure is about no new item"),
        ("wrong", "there", "open"),
        ("wrong", "waiting", "open"),
    ],
)
def test_a_decision_is_entered_unless_what_is_known_is_against_it(decision: str, known: str, status: str):
    assert became(decision, known) == status


def test_who_decided_what_and_when_is_remembered():
    states, came = judged("hide", "no programme")
    (after,) = enter_decisions(states, came, by="Ann", day=DAY).iter_rows(named=True)
    assert (after["decision"], after["decided_by"], after["decided_on"], after["settled_on"]) == (
        "hide",
        "Ann",
        DAY,
        DAY,
    )
    (wrong,) = enter_decisions(*judged("wrong", "there"), by="Ann", day=DAY).iter_rows(named=True)
    assert (wrong["decision"], wrong["settled_on"]) == ("wrong", None)


def test_what_is_settled_stays_settled_unless_it_was_wrong():
    settled = {"status": "hidden", "decision": "hide", "decided_by": "policy", "settled_on": DAY, "decided_on": DAY}
    assert became("done", "there", **settled) == "unchanged: "
    assert became("hide", "there", **settled) == "unchanged: "
    assert became("wrong", "there", **settled) == "open"


def test_the_same_decision_twice_is_one():
    assert became("enrolled", "not enrolled", decision="enrolled") == "unchanged: "

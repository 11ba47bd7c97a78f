"""What an act would settle, before anybody does it."""

from typing import Any

import polars as pl
import pytest

from tasks.core.loyalty.simulation import ACTS, Effect, WhatIf, could_be_about, nearest_names, simulate
from tests.loyalty_cases import DAY, EVIDENCE, STATES, evidence, state

NOT_ENROLLED = {
    "reason": "no_items_found",
    "bought": "1",
    "free": "0",
    "on card": "0",
    "same id": "no",
    "later": "0",
} | {
    "programme": "Buy 12",
    "enrolled": "no",
}
NEW = NOT_ENROLLED | {"programme": "none", "maker": "Buy 8", "enrolled": ""}
WAITING = {"reason": "not_redeemed", "reward": "waiting", "free ok": "yes", "item": "I1", "missing": "none"}
MISSING = {"reason": "transaction_exists", "bought": "2", "free": "0", "on card": "0", "same id": "yes", "later": "0"}
UNKNOWN = {"reason": "transaction_exists"}
STRANGER = MISSING | {"known": "no"}


def effect(act: str, of: str, *given: tuple[dict[str, str], dict[str, Any]]) -> Effect:
    keys = [f"{number:064x}" for number in range(len(given))]
    rows = [
        state(case, failure_key=key, transaction_id=key, **about)
        for key, (case, about) in zip(keys, given, strict=True)
    ]
    known = [evidence(case, failure_key=key, value_cents=1000) for key, (case, _) in zip(keys, given, strict=True)]
    failures = pl.DataFrame(rows, schema=STATES)
    return simulate(failures, pl.DataFrame(known, schema=EVIDENCE), WhatIf(act=act, of=of), day=DAY)


def moves(came: Effect) -> list[tuple[str, str]]:
    return came.moved.select("failure_class", "failure_class_after").rows()


def test_an_enrolment_opens_the_way_for_all_failures_of_the_programme_and_no_others():
    came = effect(
        "enrol",
        "Buy 12",
        (NOT_ENROLLED, {"customer_id": "P-1"}),
        (NOT_ENROLLED, {"customer_id": "P-2"}),
        (NOT_ENROLLED | {"programme": "Buy 9"}, {}),
        (UNKNOWN, {}),
    )
    assert moves(came) == [("not_enrolled", "rerun")] * 2
    assert (came.callable, came.settled, came.customers, came.freed_cents) == (2, 0, 2, 2000)


@pytest.mark.parametrize(
    ("act", "of", "case", "moved"),
    [
        ("add_exception", "012345678905", NEW, [("new_item", "rerun")]),
        ("add_exception", "999999999999", NEW, []),
        ("link_customer", "P-77", STRANGER, [("customer_unknown", "purchase_missing")]),
        ("enter_contact", "P-77", WAITING | {"missing": "email"}, [("contact_missing", "reward_waiting")]),
        ("redeem", "", WAITING, [("reward_waiting", "redeemed")]),
        ("add_purchases", "P-77", MISSING, [("purchase_missing", "duplicate")]),
        ("add_purchases", "P-78", MISSING, []),
    ],
)
def test_an_act_moves_what_it_is_about(act: str, of: str, case: dict[str, str], moved: list[tuple[str, str]]):
    assert moves(effect(act, of, (case, {}))) == moved


@pytest.mark.parametrize("act", ACTS)
def test_no_act_settles_what_nobody_knows_anything_of(act: str):
    came = effect(act, "", (UNKNOWN, {}))
    assert (moves(came), came.settled, came.callable, came.freed_cents) == ([], 0, 0, 0)


def test_what_an_act_could_be_about_is_told_and_the_nearest_first():
    rows = [NOT_ENROLLED | {"programme": name} for name in ("Buy 12 get 1", "Buy 6 get 1", "Cat club")] + [NEW]
    keys = [f"{number:064x}" for number in range(len(rows))]
    states = [state(row, failure_key=key, transaction_id=key) for row, key in zip(rows, keys, strict=True)]
    failures = pl.DataFrame(states, schema=STATES)
    known = [evidence(row, failure_key=key) for row, key in zip(rows, keys, strict=True)]
    names = could_be_about(failures, pl.DataFrame(known, schema=EVIDENCE), "enrol")

    assert names == ["Buy 12 get 1", "Buy 6 get 1", "Cat club"]
    assert nearest_names("buy 21 get 1", names)[0] == "Buy 12 get 1"
    assert nearest_names("CAT", names) == ["Cat club"]
    assert nearest_names("fish", names) == []

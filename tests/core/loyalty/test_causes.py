"""What many failures share, in the order in which it should be dealt with."""

from datetime import UTC, datetime
from typing import Any

import polars as pl

from schemas.loyalty.cures import CURES
from schemas.loyalty.records import FailureClass
from tasks.core.loyalty.causes import name_causes, tally_causes
from tasks.core.loyalty.diagnosis import decide
from tests.loyalty_cases import DAY, EVIDENCE, STATES, evidence, state

NOT_ENROLLED = {"reason": "no_items_found", "programme": "Buy 12", "enrolled": "no"}
NO_PROGRAMME = {"reason": "no_items_found", "programme": "none", "maker": "none"}
WAITING = {"reason": "not_redeemed", "reward": "waiting", "free ok": "yes", "item": "I1"}
MISSING = {"reason": "transaction_exists", "bought": "1", "free": "0", "on card": "0", "same id": "no", "later": "0"}


def causes(*given: tuple[dict[str, str], dict[str, Any], int | None]) -> pl.DataFrame:
    """Find the causes of failures, each given as its case, what is told of it, and its worth."""
    rows = [
        (
            state(case, failure_key=f"{number:064x}", transaction_id=f"S-{number}", **about),
            evidence(case, failure_key=f"{number:064x}", value_cents=worth),
        )
        for number, (case, about, worth) in enumerate(given)
    ]
    failures = pl.DataFrame([each for each, _ in rows], schema=STATES)
    diagnoses = decide(failures, pl.DataFrame([each for _, each in rows], schema=EVIDENCE), DAY)
    return name_causes(tally_causes(failures, diagnoses, DAY), currency="EUR")


def on(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


def test_one_enrolment_settles_all_failures_of_a_programme_whatever_the_item_and_the_customer():
    came = causes(
        (NOT_ENROLLED, {"customer_id": "P-1"}, 4000),
        (NOT_ENROLLED, {"customer_id": "P-2"}, 120000),
        (NOT_ENROLLED, {"customer_id": "P-2", "upc": "555555555555"}, None),
    )
    assert came["says"].to_list() == [
        "programme Buy 12 (2 items) not enrolled: 3 failures, 2 customers, 1,240.00 EUR at risk, 1 of unknown worth: "
        "one enrolment fixes all"
    ]
    assert came["who"].to_list() == ["manager"]


def test_one_item_is_named():
    (says,) = causes((NOT_ENROLLED, {}, 4000))["says"]
    assert says == (
        "programme Buy 12 (UPC 012345678905) not enrolled: 1 failure, 1 customer, 40.00 EUR at risk: "
        "one enrolment fixes all"
    )
    (says,) = causes((NO_PROGRAMME, {}, 4000))["says"]
    assert says == "UPC 012345678905 is in no programme: 1 failure, 1 customer: hide them"


def test_redemptions_come_first_then_money_by_how_little_time_is_left():
    came = causes(
        (NO_PROGRAMME, {}, 90000),
        (MISSING, {"upc": "111111111111", "occurred_at": on(25)}, 10000),
        (MISSING, {"upc": "222222222222", "occurred_at": on(2)}, 5000),
        (MISSING, {"upc": "333333333333", "occurred_at": on(25)}, None),
        (WAITING, {"program": "Buy 8", "upc": ""}, 100),
    )
    assert came.select("cause", "days_left").rows() == [
        ("programme Buy 8", 24),
        ("UPC 222222222222", 6),
        ("UPC 111111111111", 29),
        ("UPC 333333333333", 29),
        ("UPC 012345678905", 24),
    ]


def test_every_class_has_its_cure_and_no_failures_have_no_causes():
    assert set(CURES) == set(FailureClass.__args__)
    assert causes().height == 0

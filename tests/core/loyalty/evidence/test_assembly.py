"""From what Astro and the till said to evidence: who says what about a failure, and what nobody knows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from schemas.loyalty.records import FailureStates
from schemas.loyalty.witnesses import CARDS, ELIGIBLE, ITEMS, OWNERS, PRICES, REWARDS, SALES, Witnesses
from tasks.core.loyalty.evidence.assembly import assemble_evidence
from tasks.core.loyalty.evidence.items import sold_items
from tasks.core.loyalty.evidence.sales import lines_of_sales
from tests.tables import frame

DAY = date(2026, 11, 20)
UPC, OTHER = "012345678905", "012345000009"
NOBODY_ASKED = {
    "owners": OWNERS.to_frame(),
    "cards": CARDS.to_frame(),
    "rewards": REWARDS.to_frame(),
    "items": ITEMS.to_frame(),
    "eligible": ELIGIBLE.to_frame(),
    "sales": SALES.to_frame(),
    "prices": PRICES.to_frame(),
    "asked_items": pl.Series([], dtype=pl.String),
    "sold_days": pl.Series([], dtype=pl.Date),
}


def owners(*, has_email: bool = True, has_address: bool = True, known: bool = True) -> pl.DataFrame:
    row = {"customer_id": "P-77", "known": known, "has_email": has_email, "has_address": has_address, "at_hand": True}
    return pl.DataFrame([row], schema=OWNERS)


def failure(**fields: Any) -> pl.DataFrame:
    """One failure of P-77: a purchase of 20 November, unless said otherwise."""
    at = datetime(2026, 11, 20, 17, 45, tzinfo=UTC)
    row: dict[str, Any] = {
        "failure_key": "a" * 64,
        "source": "report",
        "section": "transaction",
        "customer_id": "P-77",
        "reward_id": "",
        "transaction_id": "S-9001-1",
        "upc": UPC,
        "program": "",
        "occurred_at": at,
        "occurred_on": DAY,
        "reason": "TransactionID already exists",
        "reason_code": "transaction_exists",
        "expires_at": at + timedelta(days=30),
        "expires_on": DAY + timedelta(days=30),
        "first_seen_on": DAY,
        "last_seen_on": DAY,
        "shown": "1",
        "status": "open",
    } | fields
    schema = {name: column.dtype.type for name, column in FailureStates.to_schema().columns.items()}
    return FailureStates.validate(pl.DataFrame([row], schema=schema))


def evidence(failures: pl.DataFrame, **values: Any) -> Mapping[str, Any]:
    said = NOBODY_ASKED | values
    return assemble_evidence(failures, Witnesses(**said, sold_items=sold_items(said["sales"]))).row(0, named=True)


REDEMPTION = {"section": "redemption", "reward_id": "1990367", "upc": "", "transaction_id": ""}
REDEMPTION |= {"reason": "Email address missing", "reason_code": "contact_missing"}

SOLD = frame(
    f"""
    sale_id | customer_id | sold_on    | upc     | item           | quantity_milli | paid_cents
    --------+-------------+------------+---------+----------------+----------------+-----------
    S-9001  | P-77        | 2026-11-20 | {UPC}   | Dog food 2 kg  |           3000 |      16497
    S-9001  | P-77        | 2026-11-20 | {UPC}   | Dog food 2 kg  |          -1000 |      -5499
    S-9001  | P-77        | 2026-11-20 | {OTHER} | Dog food 5 kg  |           1000 |          0
    S-9002  | P-77        | 2026-11-20 | {UPC}   | Dog food 2 kg  |           9000 |      49491
    S-9003  | P-78        | 2026-11-19 | {OTHER} | Dog food 5 kg  |           1000 |       8999
    """,
    SALES,
)
CARD = frame(
    f"""
    customer_id | programme_id | programme    | upc   | item          | transaction_id | purchased_on
    ------------+--------------+--------------+-------+---------------+----------------+-------------
    P-77        | 331          | Buy 12 get 1 | {UPC} | Dog food 2 kg | S-9001-1       | 2026-11-20
    P-77        | 331          | Buy 12 get 1 | {UPC} | Dog food 2 kg | ""             | 2026-11-21
    P-77        | 331          | Buy 12 get 1 | {UPC} | Dog food 2 kg | S-8000-1       | 2026-11-01
    """,
    CARDS,
)
SAID = {"sales": SOLD, "sold_days": pl.Series([DAY])}


def test_where_nobody_was_asked_nothing_is_known():
    found = evidence(failure())

    assert {name: value for name, value in found.items() if value is not None} == {"failure_key": "a" * 64}


def test_the_sale_that_the_transaction_names_counts_and_no_other_of_the_day():
    found = evidence(failure(), **SAID)

    assert (found["bought_milli"], found["free_milli"], found["value_cents"]) == (2000, 0, 10998)
    assert found["item_name"] == "Dog food 2 kg"


def test_without_a_number_every_sale_of_the_day_counts():
    assert evidence(failure(transaction_id=""), **SAID)["bought_milli"] == 11000


def test_of_a_day_with_sales_nothing_sold_is_an_answer_and_of_another_day_it_is_none():
    assert evidence(failure(customer_id="P-99"), **SAID)["bought_milli"] == 0
    assert evidence(failure(customer_id="P-99"), sales=SOLD)["bought_milli"] is None


def test_cards_show_what_is_recorded_under_the_id_and_what_was_added_by_hand():
    found = evidence(failure(), owners=owners(), cards=CARD)

    assert (found["recorded_milli"], found["recorded_with_id"], found["recorded_later_milli"]) == (1000, True, 1000)


def test_an_owner_without_such_a_purchase_has_none_recorded_and_one_nobody_knows_is_not_judged():
    none = evidence(failure(upc=OTHER), owners=owners(), cards=CARD)
    unknown = evidence(failure(), owners=owners(known=False))

    assert (none["recorded_milli"], none["recorded_with_id"]) == (0, False)
    assert (unknown["customer_known"], unknown["recorded_milli"]) == (False, None)


@pytest.mark.parametrize(
    ("reason", "has_email", "has_address", "missing"),
    [
        ("Email address missing", False, False, "email"),
        ("E-mail missing", True, False, ""),
        ("Postal address missing", False, False, "address"),
        ("Email or postal address missing", False, False, "email,address"),
        ("Contact data missing", True, False, "address"),
        ("Contact data missing", True, True, ""),
    ],
)
def test_contact_data_is_missing_where_astro_lacks_what_the_reason_speaks_of(
    reason: str, has_email: bool, has_address: bool, missing: str
):
    who = owners(has_email=has_email, has_address=has_address)

    assert evidence(failure(**(REDEMPTION | {"reason": reason})), owners=who)["missing_contact"] == missing


def rewards(*states: str, upcs: tuple[str, ...] = (UPC,)) -> pl.DataFrame:
    named = {"customer_id": "P-77", "reward_id": "1990367", "programme": "Buy 12 get 1"}
    rows = [named | {"reward_state": s, "item_id": f"i{u}", "upc": u, "item": u[-2:]} for s in states for u in upcs]
    return pl.DataFrame(rows, schema=REWARDS)


@pytest.mark.parametrize("state", ["waiting", "incomplete", "redeemed"])
def test_a_reward_is_where_astro_shows_it(state: str):
    assert evidence(failure(**REDEMPTION), owners=owners(), rewards=rewards(state))["reward_state"] == state


def test_a_reward_that_a_known_owner_has_nowhere_is_absent():
    assert evidence(failure(**REDEMPTION), owners=owners())["reward_state"] == "absent"


def test_what_was_taken_is_known_by_the_till_and_whether_it_may_be_by_astro():
    no = pl.DataFrame([{"customer_id": "P-77", "upc": OTHER, "eligible": False}], schema=ELIGIBLE)

    found = evidence(
        failure(**REDEMPTION), owners=owners(), rewards=rewards("waiting", upcs=(UPC, OTHER)), eligible=no, **SAID
    )

    assert (found["free_item_eligible"], found["free_item_id"]) == (False, f"i{OTHER}")
    assert (found["cheapest_item_id"], found["value_cents"]) == (f"i{UPC}", 8999)


def test_what_the_till_asks_for_an_item_counts_where_it_was_not_sold():
    waiting = rewards("waiting", upcs=(UPC, OTHER))
    prices = pl.DataFrame({"upc": [UPC, OTHER], "price_cents": [900, 800]})

    assert (
        evidence(failure(**REDEMPTION), owners=owners(), rewards=waiting, prices=prices)["cheapest_item"] == OTHER[-2:]
    )


def test_the_cheapest_item_is_not_guessed_where_a_price_is_missing():
    waiting = rewards("waiting", upcs=(UPC, "000000000001"))

    assert evidence(failure(**REDEMPTION), owners=owners(), rewards=waiting, **SAID)["cheapest_item_id"] is None


FOUND = frame(f"upc | item | programme_id | programme\n{UPC} | Dog food 2 kg | 331 | Buy 12 get 1", ITEMS)
TURNED_AWAY = {"reason": "No Items Found", "reason_code": "no_items_found"}


def test_an_item_in_a_programme_that_nobody_has_a_card_of_was_not_joined():
    asked = pl.Series([UPC])

    alone = evidence(failure(**TURNED_AWAY), items=FOUND, asked_items=asked)
    joined = evidence(failure(**TURNED_AWAY), items=FOUND, asked_items=asked, owners=owners(), cards=CARD)

    assert (alone["programme_id"], alone["enrolled"], alone["has_card"]) == ("331", False, None)
    assert (joined["enrolled"], joined["has_card"]) == (True, True)


def test_an_item_in_none_might_belong_with_the_most_similar_one_of_its_maker():
    new = failure(upc=OTHER, **TURNED_AWAY)

    found = evidence(new, asked_items=pl.Series([OTHER]), owners=owners(), cards=CARD, **SAID)
    foreign = evidence(failure(upc="999999000001", **TURNED_AWAY), asked_items=pl.Series(["999999000001"]), cards=CARD)

    assert (found["programme"], found["brand_programme"], found["similar_item"]) == (
        "",
        "Buy 12 get 1",
        "Dog food 2 kg",
    )
    assert (foreign["programme"], foreign["brand_programme"]) == ("", "")


def test_sales_of_a_till_are_lines_on_the_shops_own_day():
    lines = (
        f'[{{"kind":"item","sku":"{UPC[1:]}","name":"Dog food","quantity_milli":1000,'
        '"net_cents":5000,"tax_cents":499},'
        '{"kind":"shipping","sku":"","name":"Post","quantity_milli":1000,"net_cents":500,"tax_cents":0}]'
    )
    sales = pl.DataFrame(
        {"order_key": ["till:S-9001"], "sold_at": ["2026-11-20T23:30:00Z"], "customer_id": ["P-77"], "lines": [lines]}
    )

    assert lines_of_sales(sales, zone="Europe/Paris").rows() == [
        ("S-9001", "P-77", date(2026, 11, 21), UPC, "Dog food", 1000, 5499)
    ]

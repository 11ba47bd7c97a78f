"""The triage manual, case by case: a failure, what is known of it, and what the manual makes of it.

Blank is unknown; ``none`` is an empty answer. *proven*: a policy may act on it without a person.
"""

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.loyalty.records import FailureClass
from tasks.core.loyalty.advice import ADVICE
from tasks.core.loyalty.facts import with_facts
from tasks.core.loyalty.rules import RULES, Rule, first_rule
from tests.loyalty_cases import DAY, EVIDENCE, STATES, cases, diagnose, diagnosed, evidence, state

REDEMPTIONS = """
reason             | known | reward     | missing       | at hand | free ok | item | cheapest || class             | action                 | proven
-------------------+-------+------------+---------------+---------+---------+------+----------++-------------------+------------------------+-------
not_redeemed       | yes   | waiting    | none          |         | yes     | I1   |          || reward_waiting    | redeem                 | yes
not_redeemed       | yes   | waiting    | none          |         |         | I1   |          || reward_waiting    | redeem                 | no
not_redeemed       |       | waiting    |               |         |         | I1   |          || reward_waiting    | redeem                 | no
not_redeemed       | yes   | waiting    |               |         | yes     | I1   |          || reward_waiting    | redeem                 | no
not_redeemed       | yes   | waiting    | none          |         | yes     |      |          || reward_waiting    | worklist               | no
not_redeemed       | yes   | waiting    | none          |         |         |      | I2       || reward_waiting    | worklist               | no
not_redeemed       | yes   | incomplete | none          |         | yes     | I1   |          || reward_in_history | redo_redemption        | yes
not_redeemed       | yes   | incomplete | none          |         |         | I1   |          || reward_in_history | redo_redemption        | no
not_redeemed       | yes   | incomplete |               |         |         |      |          || reward_in_history | worklist               | no
not_redeemed       | yes   | redeemed   | none          |         | yes     | I1   |          || redeemed          | hide                   | yes
contact_missing    | yes   | redeemed   | email         |         |         |      |          || redeemed          | hide                   | yes
not_redeemed       | yes   | absent     | none          |         |         |      |          || by_hand           | worklist               | no
not_redeemed       |       |            |               |         |         |      |          || to_look_up        | worklist               | no
not_redeemed       | yes   |            | none          |         | yes     | I1   |          || to_look_up        | worklist               | no
contact_missing    |       |            |               |         |         |      |          || to_look_up        | worklist               | no
item_not_eligible  |       |            |               |         |         |      |          || to_look_up        | worklist               | no
contact_missing    | yes   | waiting    | email         | no      | yes     | I1   |          || contact_missing   | worklist               | yes
contact_missing    | yes   | waiting    | email         |         | yes     | I1   |          || contact_missing   | worklist               | yes
contact_missing    | yes   | waiting    | address       | no      | yes     | I1   |          || contact_missing   | worklist               | yes
contact_missing    | yes   | incomplete | email,address | no      |         |      |          || contact_missing   | worklist               | yes
contact_missing    | yes   | waiting    | email         | yes     | yes     | I1   |          || contact_missing   | add_contact_and_redeem | yes
contact_missing    | yes   | waiting    | email         | yes     |         | I1   |          || contact_missing   | add_contact_and_redeem | no
contact_missing    | yes   | waiting    | email         | yes     | yes     |      |          || contact_missing   | worklist               | no
contact_missing    | yes   | incomplete | address       | yes     | yes     | I1   |          || contact_missing   | add_contact_and_redo   | yes
contact_missing    | yes   | incomplete | address       | yes     |         |      | I2       || contact_missing   | worklist               | no
contact_missing    | yes   | waiting    |               |         |         | I1   |          || contact_missing   | worklist               | no
contact_missing    |       | incomplete |               |         |         |      |          || contact_missing   | worklist               | no
contact_missing    | yes   | waiting    | none          |         | yes     | I1   |          || reward_waiting    | redeem                 | yes
contact_missing    | yes   | incomplete | none          |         | yes     | I1   |          || reward_in_history | redo_redemption        | yes
item_not_eligible  | yes   | waiting    | none          |         | no      | I1   | I2       || item_not_eligible | redeem                 | yes
item_not_eligible  | yes   | waiting    | none          |         |         | I1   | I2       || item_not_eligible | redeem                 | no
item_not_eligible  | yes   | waiting    | none          |         | no      | I1   |          || item_not_eligible | worklist               | no
item_not_eligible  | yes   | incomplete | none          |         | no      |      | I2       || item_not_eligible | redo_redemption        | yes
item_not_eligible  | yes   | incomplete |               |         |         |      |          || item_not_eligible | worklist               | no
item_not_eligible  | yes   | waiting    | none          |         | yes     | I1   | I2       || reward_waiting    | redeem                 | yes
not_redeemed       | yes   | waiting    | none          |         | no      | I1   | I2       || item_not_eligible | redeem                 | yes
item_not_eligible  | yes   | waiting    | email         | no      | no      | I1   | I2       || contact_missing   | worklist               | yes
item_not_eligible  | yes   | waiting    | email         | yes     | no      | I1   | I2       || contact_missing   | add_contact_and_redeem | yes
contact_missing    | yes   | incomplete | email         | yes     | no      | I1   | I2       || contact_missing   | add_contact_and_redo   | yes
not_redeemed       | no    | waiting    | none          |         | yes     | I1   |          || customer_unknown  | worklist               | yes
customer_not_found |       |            |               |         |         |      |          || customer_unknown  | worklist               | no
customer_not_found | no    |            |               |         |         |      |          || customer_unknown  | worklist               | yes
customer_not_found | yes   | waiting    | none          |         | yes     | I1   |          || reward_waiting    | redeem                 | yes
other              | yes   | waiting    | none          |         | yes     | I1   |          || by_hand           | worklist               | no
other              |       |            |               |         |         |      |          || by_hand           | worklist               | no
other              | yes   | redeemed   | none          |         |         |      |          || redeemed          | hide                   | yes
not_redeemed       | yes   | incomplete | email         | no      | yes     | I1   |          || contact_missing   | worklist               | yes
not_redeemed       | yes   | waiting    | address       | yes     | yes     | I1   |          || contact_missing   | add_contact_and_redeem | yes
contact_missing    | yes   | waiting    | address       | yes     | no      | I1   | I2       || contact_missing   | add_contact_and_redeem | yes
contact_missing    | yes   | waiting    | email         | yes     | no      | I1   |          || contact_missing   | worklist               | no
contact_missing    | yes   | incomplete | none          |         | no      | I1   | I2       || item_not_eligible | redo_redemption        | yes
contact_missing    | yes   | incomplete | email,address | yes     | yes     |      |          || contact_missing   | worklist               | no
contact_missing    | yes   | absent     | email         | no      |         |      |          || by_hand           | worklist               | no
item_not_eligible  | yes   | incomplete | email         | no      | no      | I1   | I2       || contact_missing   | worklist               | yes
item_not_eligible  | yes   | waiting    | none          |         |         |      |          || item_not_eligible | worklist               | no
item_not_eligible  | yes   | redeemed   | none          |         | no      | I1   | I2       || redeemed          | hide                   | yes
item_not_eligible  | yes   | absent     | none          |         | no      | I1   | I2       || by_hand           | worklist               | no
customer_not_found | yes   | incomplete | email         | no      |         |      |          || contact_missing   | worklist               | yes
not_redeemed       | no    | redeemed   | none          |         |         |      |          || customer_unknown  | worklist               | yes
"""  # noqa: E501 - a table is read across

TRANSACTIONS = """
reason             | known | bought | free | on card | same id | later | programme | maker | enrolled | has card | day   || class              | action       | proven
-------------------+-------+--------+------+---------+---------+-------+-----------+-------+----------+----------+-------++--------------------+--------------+-------
no_items_found     | yes   |        |      |         |         |       | none      | none  |          |          |       || in_no_programme    | hide         | yes
no_items_found     |       | 1      | 0    | 0       | no      | 0     | none      | none  |          | no       | today || in_no_programme    | hide         | yes
no_items_found     | yes   |        |      |         |         |       | none      |       |          |          |       || in_no_programme    | hide         | no
no_items_found     | yes   | 1      | 0    | 0       | no      | 0     | Buy 12    |       | no       |          |       || not_enrolled       | worklist     | yes
no_items_found     |       |        |      |         |         |       | Buy 12    |       | no       |          |       || not_enrolled       | worklist     | yes
no_items_found     | yes   | 0      | 0    | 0       | no      | 0     | Buy 12    |       | no       |          |       || not_enrolled       | worklist     | yes
no_items_found     | yes   |        |      |         |         |       | Buy 12    |       |          |          |       || to_look_up         | worklist     | no
no_items_found     |       |        |      |         |         |       |           |       |          |          |       || to_look_up         | worklist     | no
no_items_found     | yes   | 1      | 0    | 0       | no      | 0     |           |       |          |          |       || to_look_up         | worklist     | no
no_items_found     | yes   | 1      | 0    | 0       | no      | 0     | none      | Buy 8 |          | yes      | today || new_item           | worklist     | no
no_items_found     | yes   | 1      | 0    | 0       | no      | 0     | none      | Buy 8 |          | yes      |       || new_item           | worklist     | no
no_items_found     | yes   |        |      |         |         |       | none      | Buy 8 |          | no       |       || new_item           | worklist     | no
no_items_found     |       |        |      |         |         |       | none      | Buy 8 |          |          |       || new_item           | worklist     | no
no_items_found     | yes   | 2      | 0    | 0       | no      | 0     | Buy 12    |       | yes      | yes      |       || rerun              | add_purchase | yes
no_items_found     | yes   |        |      |         |         |       | Buy 12    |       | yes      |          |       || rerun              | worklist     | no
no_items_found     | yes   | 2      | 0    |         |         |       | Buy 12    |       | yes      |          |       || rerun              | worklist     | no
no_items_found     | yes   | 2      | 0    | 1       | yes     | 0     | Buy 12    |       | yes      |          |       || rerun              | worklist     | no
no_items_found     | yes   | 2      | 0    | 0       | no      |       | Buy 12    |       | yes      |          |       || rerun              | worklist     | no
no_items_found     | yes   | 2      | 0    | 0       | no      | 2     | Buy 12    |       | yes      |          |       || duplicate          | hide         | no
no_items_found     | yes   | 2      | 0    | 2       | yes     | 0     | Buy 12    |       | yes      |          |       || duplicate          | hide         | yes
no_items_found     | yes   | 0      | 0    | 0       | no      | 0     | Buy 12    |       | yes      |          |       || not_bought         | hide         | no
no_items_found     | yes   | 1      | 1    | 0       | no      | 0     | Buy 12    |       | yes      |          |       || free_good          | hide         | yes
transaction_exists | yes   | 1      | 0    | 1       | yes     | 0     |           |       |          |          |       || duplicate          | hide         | yes
transaction_exists | yes   | 3      | 0    | 3       | yes     | 0     |           |       |          | yes      |       || duplicate          | hide         | yes
transaction_exists | yes   | 3      | 1    | 2       | yes     | 0     |           |       |          |          |       || duplicate          | hide         | yes
transaction_exists | yes   | 0.5    | 0    | 0.5     | yes     |       |           |       |          |          |       || duplicate          | hide         | yes
transaction_exists | yes   | 1      | 0    | 1       | no      | 0     |           |       |          |          |       || duplicate          | hide         | no
transaction_exists | yes   | 1      | 0    | 1       |         | 0     |           |       |          |          |       || duplicate          | hide         | no
transaction_exists | yes   | 2      | 0    | 1       | yes     | 1     |           |       |          |          |       || duplicate          | hide         | no
transaction_exists | yes   | 2      | 0    | 0       | no      | 0     |           |       |          |          |       || purchase_missing   | add_purchase | yes
transaction_exists | yes   | 2      | 0    | 1       | yes     | 0     |           |       |          |          |       || purchase_missing   | worklist     | no
transaction_exists | yes   | 2      | 0    | 1       | no      | 0     |           |       |          |          |       || purchase_missing   | add_purchase | yes
transaction_exists | yes   | 2      | 0    | 0       |         | 0     |           |       |          |          |       || purchase_missing   | worklist     | no
transaction_exists | yes   | 2      | 0    | 0       | no      |       |           |       |          |          |       || purchase_missing   | worklist     | no
transaction_exists | yes   | 3      | 0    | 1       | no      | 1     |           |       |          |          |       || purchase_missing   | worklist     | no
transaction_exists | yes   | 0.5    | 0    | 0       | no      | 0     |           |       |          |          |       || purchase_missing   | worklist     | no
transaction_exists | yes   | 3      | 1    | 1       | no      | 0     |           |       |          |          |       || purchase_missing   | add_purchase | yes
transaction_exists | yes   | 1      | 0    | 2       | yes     | 0     |           |       |          |          |       || recorded_too_often | worklist     | no
transaction_exists | yes   | 1      | 1    | 0       | no      | 0     |           |       |          |          |       || free_good          | hide         | yes
transaction_exists | yes   | 1      | 1    |         |         |       |           |       |          |          |       || free_good          | hide         | yes
transaction_exists | yes   | 0      | 0    | 0       | no      | 0     |           |       |          |          |       || not_bought         | hide         | no
transaction_exists | yes   | -1     | 0    | 0       | no      | 0     |           |       |          |          |       || not_bought         | hide         | no
transaction_exists |       |        |      |         |         |       |           |       |          |          |       || to_look_up         | worklist     | no
transaction_exists | yes   |        |      | 1       | yes     | 0     |           |       |          |          |       || to_look_up         | worklist     | no
transaction_exists | yes   | 1      |      | 1       | yes     | 0     |           |       |          |          |       || to_look_up         | worklist     | no
transaction_exists |       | 1      | 0    |         |         |       |           |       |          |          |       || to_look_up         | worklist     | no
transaction_exists | no    | 1      | 0    | 1       | yes     | 0     |           |       |          |          |       || customer_unknown   | worklist     | yes
customer_not_found |       | 1      | 0    |         |         |       |           |       |          |          |       || customer_unknown   | worklist     | no
customer_not_found | no    |        |      |         |         |       |           |       |          |          |       || customer_unknown   | worklist     | yes
customer_not_found | yes   | 1      | 0    | 0       | no      | 0     |           |       |          |          |       || rerun              | add_purchase | yes
customer_not_found | yes   | 1      | 0    | 1       | yes     | 0     |           |       |          |          |       || duplicate          | hide         | yes
customer_not_found | yes   |        |      |         |         |       |           |       |          |          |       || rerun              | worklist     | no
no_items_found     | yes   | 1      | 1    |         |         |       | none      | Buy 8 |          | yes      | today || free_good          | hide         | yes
no_items_found     | yes   | 1      | 1    | 0       | no      | 0     | Buy 12    |       | no       |          |       || free_good          | hide         | yes
no_items_found     | yes   | 3      | 1    | 0       | no      | 0     | Buy 12    |       | no       |          |       || not_enrolled       | worklist     | yes
no_items_found     | yes   | 3      | 1    | 0       | no      | 0     | Buy 12    |       | yes      |          |       || rerun              | add_purchase | yes
no_items_found     | yes   | 1      | 0    | 2       | no      | 0     | Buy 12    |       | yes      | yes      |       || recorded_too_often | worklist     | no
no_items_found     | yes   | 1      | 0    | 0       | no      | 0     | none      | Buy 8 |          | no       | today || new_item           | worklist     | no
no_items_found     | yes   | 1      | 0    | 0       | no      | 1     | none      | Buy 8 |          | yes      |       || duplicate          | hide         | no
no_items_found     | no    |        |      |         |         |       | Buy 12    |       | no       |          |       || customer_unknown   | worklist     | yes
transaction_exists | yes   | 12     | 0    | 11      | no      | 0     |           |       |          | yes      |       || purchase_missing   | add_purchase | yes
transaction_exists | yes   | 3      | 2    | 1       | yes     | 0     |           |       |          |          |       || duplicate          | hide         | yes
transaction_exists | yes   | 3      | 2    | 3       | yes     | 0     |           |       |          |          |       || recorded_too_often | worklist     | no
transaction_exists | yes   | 2      | 2    | 2       | yes     | 0     |           |       |          |          |       || free_good          | hide         | yes
customer_not_found | yes   | 2      | 0    | 1       | no      | 0     |           |       |          |          |       || rerun              | add_purchase | yes
customer_not_found | yes   | 1      | 1    |         |         |       |           |       |          |          |       || free_good          | hide         | yes
other              | yes   | 1      | 0    | 1       | yes     | 0     |           |       |          |          |       || by_hand            | worklist     | no
other              |       |        |      |         |         |       |           |       |          |          |       || by_hand            | worklist     | no
"""  # noqa: E501 - a table is read across

CASES = [*cases(REDEMPTIONS), *cases(TRANSACTIONS)]


def named(case: dict[str, str]) -> str:
    return "-".join(text for text in case.values() if text)


@pytest.mark.parametrize("case", CASES, ids=named)
def test_the_manual_decides(case: dict[str, str]):
    came = diagnosed(case)
    concluded = (came["failure_class"], came["action"], "yes" if came["proven"] else "no")
    assert concluded == (case["class"], case["action"], case["proven"])
    assert "{" not in came["proof"] + came["steps"]


def test_there_are_cases_enough_and_every_line_of_the_rules_decides_one():
    assert len(CASES) >= 60
    together = {"class": "same_sale"}
    decided = {case["class"] for case in [*CASES, together]}
    assert decided == set(FailureClass.__args__)
    advised = {rule.advice for rules in RULES.values() for rule in rules}
    assert advised == set(ADVICE)


def deciding_rule(case: dict[str, str]) -> Rule:
    """Return the line of the rules that decides a case."""
    joined = pl.DataFrame([state(case)], schema=STATES).join(
        pl.DataFrame([evidence(case)], schema=EVIDENCE), on="failure_key"
    )
    return first_rule("redemption" if "reward" in case else "transaction", with_facts(joined, DAY)["facts"][0])


def test_every_line_of_the_rules_is_the_first_that_holds_for_some_case():
    of_pairs = {"same reward", "same sale"}
    lines = [(section, rule) for section, rules in RULES.items() for rule in rules if rule.advice not in of_pairs]
    decided = [deciding_rule(case) for case in CASES]

    assert [(section, rule.when) for section, rule in lines if rule not in decided] == []


def case_of(drawn: dict[str, str], like: list[dict[str, str]]) -> dict[str, str]:
    return dict.fromkeys(like[0], "") | drawn


def redemption(**values: str) -> dict[str, str]:
    return case_of({name.replace("_", " "): text for name, text in values.items()}, cases(REDEMPTIONS))


def transaction(**values: str) -> dict[str, str]:
    return case_of({name.replace("_", " "): text for name, text in values.items()}, cases(TRANSACTIONS))


def steps(case: dict[str, str], **values: Any) -> list[str]:
    return diagnosed(case, **values)["steps"].split("\n")


def test_a_reward_that_is_only_in_the_history_is_undone_and_chosen_again_by_its_number():
    steps_of = steps(redemption(reason="not_redeemed", reward="incomplete", free_ok="yes", item="I1"))
    assert [
        word for word in ("History", "Reward ID 1990367", "Undo Redemption", "Hide") if word in "\n".join(steps_of)
    ] == [
        "History",
        "Reward ID 1990367",
        "Undo Redemption",
        "Hide",
    ]
    assert (
        diagnosed(redemption(reason="not_redeemed", reward="incomplete", free_ok="yes", item="I1"))["item_id"] == "I1"
    )


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("email", "the e-mail address, and"),
        ("address", "the postal address, and"),
        ("email,address", "the e-mail address and the postal address, and"),
    ],
)
def test_which_contact_data_is_missing_is_said(missing: str, words: str):
    steps_of = steps(redemption(reason="contact_missing", reward="waiting", missing=missing))
    assert steps_of[2].startswith(f"Ask the customer for {words}")


def test_of_an_item_that_is_too_dear_the_cheapest_bought_is_redeemed():
    case = redemption(reason="item_not_eligible", reward="waiting", free_ok="no", item="I1", cheapest="I2")
    came = diagnosed(case, cheapest_item="Huxley Chicken 2 kg")
    assert came["item_id"] == "I2"
    assert "choose the lowest-value item bought" in came["steps"]
    assert "(Huxley Chicken 2 kg)" in came["steps"]


def test_an_enrolment_names_distributor_and_account_number_and_is_the_managers():
    came = diagnosed(transaction(reason="no_items_found", programme="Buy 12", enrolled="no"))
    assert came["who"] == "manager"
    assert came["cause"] == "programme Buy 12"
    for words in ("distributor", "account number", "Rerun Scanned Item", "every other failure of this programme"):
        assert words in came["steps"]


@pytest.mark.parametrize(
    ("has_card", "day", "words"),
    [
        ("yes", "today", "beside Unknown Item, click the red Add Exception"),
        ("no", "today", "beside Unknown Item, click the red Add Exception"),
        ("yes", "", "tick Product Exception"),
        ("no", "", "Below No Items Found, click Add Exception"),
        ("", "", "If the customer has a card of Buy 8"),
    ],
)
def test_an_exception_is_added_where_the_manual_says(has_card: str, day: str, words: str):
    case = transaction(reason="no_items_found", programme="none", maker="Buy 8", has_card=has_card, day=day)
    steps_of = "\n".join(steps(case, similar_item="Huxley Beef 2 kg", item_name="Huxley Duck 2 kg"))
    assert words in steps_of
    for asked in ("perhaps Huxley Beef 2 kg", "with its weight: Huxley Duck 2 kg", "the UPC 012345678905", "reason"):
        assert asked in steps_of


def test_what_is_missing_is_added_with_the_original_date_and_a_reason_ready_to_paste():
    case = transaction(reason="transaction_exists", bought="3", free="1", on_card="0.5", same_id="no", later="0")
    came = diagnosed(case, value_cents=4000)
    assert came["proof"] == "The till sold 2 of 012345678905 on 2026-11-20; the card shows 0.5: 1.5 missing."
    assert came["missing_milli"] == 1500
    assert came["at_risk_cents"] == 3000
    assert "write: purchased on 2026-11-20" in came["steps"]
    assert (
        "choose Other and paste: The purchase failed to import from my point of sale; "
        "items originally purchased on 2026-11-20."
    ) in came["steps"]
    assert "would then count twice" in came["steps"]


def test_what_nobody_knows_is_looked_up_in_the_manuals_order():
    steps_of = steps(transaction(reason="transaction_exists"))
    order = ["how many", "what time", "free goods", "Expand Details", "duplicate", "card notes", "Hide"]
    at = [next(number for number, step in enumerate(steps_of) if word in step) for word in order]
    assert at == sorted(at)


def two(case: dict[str, str], *keys: str, **values: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    return [(state(case, failure_key=key * 64, **values), evidence(case, failure_key=key * 64)) for key in keys]


def classes(came: pl.DataFrame) -> list[str]:
    return came["failure_class"].to_list()


def test_a_sale_that_failed_twice_is_added_once():
    case = transaction(reason="transaction_exists", bought="2", free="0", on_card="0", same_id="no", later="0")
    assert classes(diagnose(*two(case, "a", "b", "c"))) == ["purchase_missing", "same_sale", "same_sale"]
    other = two(case, "d", transaction_id="S-9002-1")
    assert classes(diagnose(*two(case, "a"), *other)) == ["purchase_missing", "purchase_missing"]
    assert classes(diagnose(*two(case, "a", "b", customer_id=""))) == ["purchase_missing", "purchase_missing"]


def test_a_sale_that_is_all_there_is_hidden_as_often_as_it_failed():
    case = transaction(reason="transaction_exists", bought="2", free="0", on_card="2", same_id="yes")
    assert classes(diagnose(*two(case, "a", "b"))) == ["duplicate", "duplicate"]


def test_a_reward_that_was_tried_twice_is_redeemed_once():
    case = redemption(reason="not_redeemed", reward="waiting", free_ok="yes", item="I1")
    came = diagnose(*two(case, "a", "b"))
    assert classes(came) == ["reward_waiting", "same_sale"]
    assert came["action"].to_list() == ["redeem", "worklist"]


def test_what_a_call_cannot_name_is_done_by_hand():
    purchase = transaction(reason="transaction_exists", bought="2", free="0", on_card="0", same_id="no", later="0")
    reward = redemption(reason="not_redeemed", reward="waiting", free_ok="yes", item="I1")
    assert diagnosed(purchase, {"transaction_id": ""})["action"] == "worklist"
    assert diagnosed(purchase, {"customer_id": ""})["action"] == "worklist"
    assert diagnosed(reward, {"customer_id": ""})["action"] == "worklist"


def test_what_a_person_wrote_of_one_failure_holds_for_all_of_the_programme():
    case = transaction(reason="no_items_found", programme="Buy 12", enrolled="no")
    others = [
        *two(case, "b", upc="555555555555"),
        (state(case, failure_key="c" * 64), evidence({}, failure_key="c" * 64)),
    ]
    came = diagnose(*two(case, "a", decision="enrolled"), *others)
    assert classes(came) == ["rerun", "rerun", "to_look_up"]


def test_what_is_harmless_puts_no_money_at_risk_and_what_is_not_known_stays_unknown():
    duplicate = transaction(reason="transaction_exists", bought="2", free="0", on_card="2", same_id="yes")
    unknown = transaction(reason="transaction_exists")
    assert diagnosed(duplicate, value_cents=500)["at_risk_cents"] == 0
    assert diagnosed(unknown)["at_risk_cents"] is None
    assert diagnosed(unknown, {"amount_cents": 700})["at_risk_cents"] == 700


def test_failures_without_evidence_are_all_looked_up_and_nothing_is_done_by_itself():
    came = diagnose(*two(transaction(reason="no_items_found"), "a"), *two(redemption(reason="not_redeemed"), "b"))
    assert came["action"].to_list() == ["worklist", "worklist"]
    assert diagnose().height == 0


ANSWERS = st.fixed_dictionaries(
    {
        name: st.none()
        | (
            st.booleans()
            if dtype == pl.Boolean
            else st.sampled_from([-1000, 0, 1000, 2000])
            if dtype == pl.Int64
            else st.sampled_from(["waiting", "incomplete", "redeemed", "absent"])
            if name == "reward_state"
            else st.sampled_from(["", "email"])
            if name == "missing_contact"
            else st.sampled_from(["", "X"])
        )
        for name, dtype in EVIDENCE.items()
        if name != "failure_key"
    }
)
FAILED = st.sampled_from(
    [redemption(reason=reason) for reason in ("not_redeemed", "contact_missing", "item_not_eligible", "other")]
    + [transaction(reason=reason) for reason in ("no_items_found", "transaction_exists", "customer_not_found", "other")]
)


@given(FAILED, ANSWERS)
def test_nothing_is_hidden_or_written_by_itself_without_proof(case: dict[str, str], answers: dict[str, Any]):
    came = diagnosed(case, **answers)

    if came["proven"] and came["action"] == "hide":
        assert _shown_to_need_nothing(answers)
    if came["proven"] and came["action"] == "add_purchase":
        due = answers["bought_milli"] - answers["free_milli"]
        assert answers["recorded_milli"] + came["missing_milli"] == due
        assert (answers["recorded_with_id"], answers["recorded_later_milli"]) == (False, 0)
    if came["action"] in ("redeem", "redo_redemption", "add_contact_and_redeem", "add_contact_and_redo"):
        assert came["item_id"] and answers["reward_state"] in ("waiting", "incomplete")


def _shown_to_need_nothing(answers: dict[str, Any]) -> bool:
    bought, free = answers["bought_milli"], answers["free_milli"]
    counted = bought is not None and free is not None
    return (
        answers["reward_state"] == "redeemed"
        or (answers["programme"] == "" and answers["brand_programme"] == "")
        or (answers["programme_id"] == "" and answers["programme"] is None and answers["brand_programme"] == "")
        or (counted and bought > 0 and bought <= free)
        or (counted and answers["recorded_milli"] == bought - free and answers["recorded_with_id"] is True)
    )


@given(FAILED, ANSWERS, st.sampled_from([name for name in EVIDENCE if name != "failure_key"]))
def test_knowing_less_never_proves_what_knowing_more_would_not_have_hidden(case, answers, forgotten):
    less = diagnosed(case, **{**answers, forgotten: None})
    more = diagnosed(case, **answers)
    if less["proven"] and less["action"] == "hide":
        assert (
            more["action"] == "hide"
            or more["failure_class"] == "customer_unknown"
            or more["failure_class"] == "by_hand"
        )

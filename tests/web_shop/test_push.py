"""The web shop is brought in line with the till: looked at, approved, written once, read back, and undone."""

import json
from typing import Any

import pytest

from tests.examples import MOMENTS, Choice
from tests.fakes.woo_orders import a_line, a_product, an_order
from tests.fakes.woocommerce import Trouble
from tests.tills import stop_counting
from tests.web_shop.shops import KILLED, Both, while_writing
from tests.without_prefect_engine import new_flow_run_id

CREATE = ("--on-missing-product", "create")
BEFORE = {"mug": 9, "CAP": 9, "SHIRT-S": 9, "POSTER": None}
AFTER = {"mug": 4, "CAP": 2, "SHIRT-S": 9, "POSTER": None}


def counts(document: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in document["changes"].items() if count}


def test_a_preview_shows_what_differs_and_changes_nothing(both: Both):
    answer = both.run("push-products")
    assert (answer["outcome"], counts(answer)) == ("previewed", {"updated": 2, "unchanged": 1})
    assert "1 product of the till is not in the web shop" in answer["reading"]
    assert both.stock() == BEFORE
    assert both.fake.paths("POST") == []


def test_stock_is_brought_in_line_and_read_back(both: Both):
    answer = both.run("push-products", "--mode", "apply")
    assert (answer["outcome"], counts(answer), answer["discrepancies"]) == (
        "applied",
        {"updated": 2, "unchanged": 1},
        [],
    )
    assert both.stock() == AFTER
    assert counts(both.run("push-products", "--mode", "apply")) == {"unchanged": 3}


def test_prices_and_names_go_over_only_when_asked_for(both: Both):
    both.run("push-products", "--fields", "name", "--mode", "apply")
    names = {product["sku"]: product["name"] for product in both.fake.shop.products.values()}
    assert names == {"mug": "Mug", "CAP": "Cap", "SHIRT": "Product 3", "POSTER": "Product 4"}
    assert both.stock() == BEFORE
    answer = both.desk.type("push-products", "--fields", "colour")
    assert (answer.code, "fields: write one or several of" in answer.err) == (2, True)


def test_stock_that_the_shop_does_not_count_is_held(both: Both):
    both.fake.shop.products[1] |= {"manage_stock": False, "stock_quantity": None}
    answer = both.run("push-products", "--mode", "apply", code=4)
    assert counts(answer) == {"updated": 1, "held": 1, "unchanged": 1}
    assert both.fake.shop.products[1]["manage_stock"] is False


def test_stock_that_the_till_does_not_count_is_never_told_to_the_shop(both: Both):
    """Whatever level there still is of it, from when it was counted."""
    stop_counting(both.desk.target_url, "MUG")
    answer = both.run("push-products", "--fields", "stock,price,name", "--mode", "apply")
    assert answer["outcome"] == "applied"
    assert both.stock() == AFTER | {"mug": 9}
    sent = [item for request in both.fake.asked if request.method == "POST" for item in request.body["update"]]
    assert [item["id"] for item in sent if "stock_quantity" in item] == [2]
    assert both.fake.shop.products[1]["name"] == "Mug"


@pytest.mark.thorough
def test_many_changes_wait_for_an_approval_of_exactly_this_plan(both: Both):
    answer = both.run("push-products", "--mode", "apply", "--max-changed-rows", "1", code=3)
    assert both.stock() == BEFORE
    both.run("approve", answer["plan_id"], "--by", "Ada", "--why", "it is right")
    both.run("push-products", "--mode", "apply", "--max-changed-rows", "1")
    assert both.stock() == AFTER


def test_what_the_shop_refuses_is_told_and_the_rest_is_written(both: Both):
    both.fake.shop.products[1]["locked"] = True
    answer = both.run("push-products", "--mode", "apply", code=4)
    assert (answer["outcome"], counts(answer)) == ("partly_applied", {"updated": 1, "refused": 1, "unchanged": 1})


@pytest.mark.thorough
def test_a_batch_without_an_answer_is_looked_up(both: Both):
    both.fake.trouble = [Trouble("drop after", method="POST")]
    answer = both.run("push-products", "--mode", "apply")
    assert (answer["outcome"], both.stock(), len(both.fake.paths("POST"))) == ("applied", AFTER, 1)


@pytest.mark.thorough
def test_a_batch_that_got_lost_is_unknown_and_the_next_run_writes_it(both: Both):
    both.fake.trouble = [Trouble("drop", method="POST")]
    answer = both.run("push-products", "--mode", "apply", code=4)
    assert (answer["outcome"], counts(answer)) == ("partly_applied", {"unknown": 2, "unchanged": 1})
    assert both.stock() == BEFORE
    both.run("push-products", "--mode", "apply")
    assert both.stock() == AFTER


@pytest.mark.parametrize(("kind", "status"), [("web page", 200), ("firewall", 403)])
def test_a_page_that_came_in_place_of_an_answer_is_named_with_who_can_put_it_right(both: Both, kind: Any, status: int):
    both.fake.trouble = [Trouble(kind, method="POST")]
    answer = both.run("push-products", "--mode", "apply", code=4)
    assert (counts(answer), both.stock()) == ({"unknown": 2, "unchanged": 1}, BEFORE)
    said = answer["next_steps"][0]
    assert said.startswith(f'The web shop answered ({status}) with a web page ("Maintenance") instead of data.')
    assert "whoever runs its server lets us through" in said
    assert "ada" not in said


def test_a_push_whose_answer_has_a_notice_of_php_before_it_is_looked_up(both: Both):
    both.fake.trouble = [Trouble("notice", method="POST")]
    answer = both.run("push-products", "--mode", "apply")
    assert (answer["outcome"], both.stock(), len(both.fake.paths("POST"))) == ("applied", AFTER, 1)


def test_a_key_that_may_only_read_is_named_as_what_keeps_a_push_back(both: Both):
    both.fake.keys.may = "read"
    answer = both.run("push-products", "--mode", "apply", code=4)
    assert counts(answer) == {"refused": 2, "unchanged": 1}
    assert "Check its keys and what they may do." in answer["next_steps"][0]


@pytest.mark.thorough
def test_a_push_is_undone_where_nothing_was_sold_since(both: Both):
    pushed = both.run("push-products", "--mode", "apply")
    both.fake.shop.products[2]["stock_quantity"] = 1
    answer = both.run("restore", pushed["run_id"], "--mode", "apply", code=4)
    assert counts(answer) == {"updated": 1, "conflict": 1}
    assert both.stock() == AFTER | {"mug": 9, "CAP": 1}


def test_hundreds_of_products_go_over_a_hundred_at_a_time(both: Both):
    both.fake.shop.products = {n: a_product(n, f"S{n}") for n in range(10, 260)} | both.fake.shop.products
    both.run("push-products", "--mode", "apply")
    assert both.stock()["mug"] == 4


@pytest.mark.thorough
def test_products_that_a_history_created_are_held_and_those_it_sold_out_wait_for_a_person(both: Both):
    """Of the poster, which its history made, only sales are known; of the mug, what was counted and then sold."""
    both.fake.shop.products[4] |= {"manage_stock": True, "stock_quantity": 3}
    both.fake.shop.products[2]["stock_quantity"] = 2
    history = both.desk.folder / "history.json"
    history.write_text(json.dumps([an_order(50, a_line(1, 1, "mug", 6), a_line(2, 4, "POSTER", 2))]))
    asked = both.run("run", "orders", str(history), "--mode", "apply", *CREATE, code=3)
    both.run("run", "orders", str(history), "--mode", "apply", *CREATE, "--approved", asked["plan_id"])

    shown = both.run("push-products", "--mode", "apply", code=3)

    (concern,) = [each for each in shown["concerns"] if each["code"] == "WEB_STOCK_EMPTIED"]
    assert (counts(shown), both.fake.paths("POST")) == ({"updated": 1, "held": 1, "unchanged": 2}, [])
    assert concern["says"] == "1 product would be sold out in the web shop, 1 of them below zero: mug from 9 to -2"
    answer = both.run("push-products", "--mode", "apply", "--approved", shown["plan_id"], code=4)
    assert (answer["outcome"], both.stock()) == (
        "applied_with_rejects",
        {"mug": -2, "CAP": 2, "SHIRT-S": 9, "POSTER": 3},
    )


@pytest.mark.thorough
@pytest.mark.parametrize("same_run", [True, False])
@pytest.mark.parametrize("chosen", MOMENTS)
def test_wherever_a_push_dies_the_next_attempt_completes_it(both: Both, chosen: Choice, same_run: bool):
    assert both.die("push-products", "--mode", "apply") == 0
    for fatal in chosen(while_writing(both.moments())):
        both.fake.shop.products[1]["stock_quantity"] = both.fake.shop.products[2]["stock_quantity"] = 9
        both.fake.asked.clear()
        flow_run = new_flow_run_id()
        both.desk.environment["FLOW_RUN_ID"] = flow_run  # type: ignore[index]
        assert both.die("push-products", "--mode", "apply", fatal=fatal) == KILLED
        both.desk.environment["FLOW_RUN_ID"] = flow_run if same_run else new_flow_run_id()  # type: ignore[index]
        answer = both.run("push-products", "--mode", "apply")
        assert (answer["outcome"] in ("applied", "nothing_to_do"), both.stock()) == (True, AFTER), fatal
        assert len(both.fake.paths("POST")) == 1, fatal

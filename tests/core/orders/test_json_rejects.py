"""Rejected orders come back as they stood, with what is wrong; corrected, they are known again."""

import json

from tasks.core.orders.answers import read_answers
from tasks.core.orders.json_rejects import write_json_rejects
from tasks.core.orders.objects import ERROR, REFERENCE
from tasks.core.orders.order_parser import read_orders
from tasks.core.orders.rules import OrderRules
from tasks.core.rejects.lineage import followed_run, read_references
from tests.shop_orders import item, order, page

RULES = OrderRules()
PAGES = [page(order(1, [item(7)]), order(2, [item(8)], total="99.00")), page(5, order(3, [item(9)], currency="USD"))]


def rejects() -> list[dict[str, object]]:
    parsed = read_answers(PAGES, [], RULES)
    return list(
        json.loads(write_json_rejects(PAGES, parsed.places, read_orders(parsed, RULES).findings, run_id="run1"))
    )


def test_each_reject_says_what_is_wrong_and_which_order_of_which_run_it_is():
    back = rejects()
    assert [(each.get("id"), each[REFERENCE]) for each in back] == [(2, "run1:2"), (None, "run1:3"), (3, "run1:4")]
    assert str(back[0][ERROR]).startswith("order 2, total '99.00': the lines do not add up")
    assert back[0]["line_items"] == order(2, [item(8)])["line_items"]
    assert back[1]["was"] == 5


def test_a_corrected_order_goes_in_and_is_known_again():
    corrected = rejects()[0] | {"total": "12.00"}
    parsed = read_answers([page(corrected)], [], RULES)
    assert read_orders(parsed, RULES).orders["order_id"].to_list() == ["2"]
    references = read_references(dict(parsed.places.select("line", "reference").iter_rows()))
    assert references.rows() == [(1, "run1", 2)]
    assert followed_run(references) == "run1"

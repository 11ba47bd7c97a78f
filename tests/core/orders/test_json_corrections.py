"""Rejected orders are corrected field by field: what was typed stands there, all else stays as it stood."""

import json

import pytest

from schemas.problems import FileNeedsFixing
from tasks.core.orders.answers import read_answers
from tasks.core.orders.json_corrections import RejectedOrders, read_json_rejects
from tasks.core.orders.json_rejects import write_json_rejects
from tasks.core.orders.objects import ERROR
from tasks.core.orders.order_parser import read_orders
from tasks.core.orders.returned_orders import Rejected, judge_returned_orders, orders_by_reference
from tasks.core.orders.rules import OrderRules
from tasks.core.rejects.corrections import Correction
from tests.shop_orders import item, order, page

RULES = OrderRules()
PAGES = [page(order(1, [item(7)], total="99.00"), order(2, [item(8, quantity="two")]), 5)]
PARSED = read_answers(PAGES, [], RULES)
FINDINGS = read_orders(PARSED, RULES).findings
REJECTS = write_json_rejects(PAGES, PARSED.places, FINDINGS, run_id="run1")


def read() -> RejectedOrders:
    return read_json_rejects(REJECTS, name="rejects.json")


def places(file: RejectedOrders) -> dict[tuple[int, str], int]:
    """Return where each field stands, by the line of its order and what it is called."""
    return {(row.line, field.heading): field.at for row in file.rows for field in file.fields(row)}


def test_each_message_stands_beside_a_field_that_is_called_so():
    named = places(read())
    found = set(FINDINGS.filter(FINDINGS["line"] < 3).select("line", "heading").iter_rows())
    assert found == {(1, "order 1, total"), (2, "order 2, line 8, quantity")}
    assert found <= named.keys()


def test_what_was_typed_stands_in_its_field_and_nothing_else_has_changed():
    file = read()
    at = places(file)[2, "order 2, line 8, quantity"]
    (written,) = json.loads(file.written({2: Correction(cells={at: "2"})}, [2]))
    was = json.loads(REJECTS)[1]
    assert (written["line_items"][0]["quantity"], written[ERROR]) == ("2", "")
    was["line_items"][0]["quantity"], was[ERROR] = "2", ""
    assert written == was


def test_orders_in_which_nothing_was_typed_stay_as_they_were():
    file = read()
    assert file.written({1: Correction(cells={0: "1"})}, [1, 2, 3]) == REJECTS


def test_a_corrected_order_goes_in_one_left_out_is_dropped_and_others_stay_rejects():
    file = read()
    total = places(file)[1, "order 1, total"]
    typed = {1: Correction(cells={total: "12.00"}), 3: Correction(dropped="not an order")}
    content = file.written(typed, [1, 2, 3])
    codes = {f"run1:{line}": frozenset({code}) for line, code in FINDINGS.select("line", "code").iter_rows()}
    rejected = Rejected(orders=orders_by_reference(REJECTS), codes=codes)
    judged, dropped = judge_returned_orders(read_answers([content], [], RULES), [content], rejected)
    assert [(each.reference, each.reason) for each in dropped] == [("run1:3", "not an order")]
    back = read_orders(judged, RULES)
    assert back.orders["order_id"].to_list() == ["1"]
    assert "FILE_ROW_UNCHANGED" in back.findings.filter(back.findings["line"] == 2)["code"].to_list()


@pytest.mark.parametrize("content", [b"[]", page(order(1, [item(7)])), b"[5]"])
def test_a_list_without_our_marks_is_no_rejects_file(content: bytes):
    with pytest.raises(FileNeedsFixing, match="no rejected orders"):
        read_json_rejects(content, name="rejects.json")

"""Order files and answers that were seen in public bug reports: each with its right value."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from schemas.orders.files import WOO_ORDERS
from tasks.core.orders.answers import read_answers
from tasks.core.orders.files import read_order_table
from tasks.core.orders.json_rejects import write_json_rejects
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules
from tasks.core.reading.table import Sizes, read_table

HERE = Path(__file__).parent
RULES = OrderRules(time_zone="Europe/Paris", today=date(2026, 11, 28))
SIZES = Sizes(max_file_bytes=10**6, max_cell_chars=1000, max_columns=50)


def read(name: str, rules: OrderRules = RULES) -> OrdersRead:
    content = (HERE / name).read_bytes()
    if name.endswith(".json"):
        return read_orders(read_answers([content], [], rules), rules)
    table = read_table(content, name=name, dialect=WOO_ORDERS, code_page="cp1252", sizes=SIZES)
    return read_orders(read_order_table(table, rules, None).parsed, rules)


def codes(read_file: OrdersRead) -> list[str]:
    return read_file.findings["code"].to_list()


def test_quantities_have_their_own_decimal_sign():
    parsed = read("H01-quantity-thousands-mark.csv")
    assert parsed.lines["quantity_milli"].to_list() == [2000, 350, 1000, 1500]
    assert parsed.orders["total_cents"].to_list() == [120_000, 420, 1200, 1800]
    assert parsed.lines["net_cents"].to_list() == [100_000, 350, 1000, 1500]


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_an_order_that_was_refunded_waits_for_its_refund(kind):
    parsed = read(f"H07-refunded-without-a-refund.{kind}")
    assert codes(parsed) == ["ORDER_REFUND_MISSING"]
    assert parsed.orders.is_empty()


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_amounts_may_have_more_decimals_than_cents(kind):
    parsed = read(f"H09-more-decimals-than-cents.{kind}")
    assert parsed.lines.select("net_cents", "tax_cents").rows() == [(1652, 347)]
    assert parsed.orders.select("total_cents", "tax_cents").rows() == [(1999, 347)]


@pytest.mark.thorough
def test_a_date_cell_of_a_workbook_is_a_date():
    assert read("H10-order-date-is-a-date-cell.xlsx").orders["sold_at"].to_list() == ["2025-03-09T14:02:11Z"]


def test_the_column_says_whether_the_month_comes_first():
    parsed = read("H11-order-date-as-the-plugins-write-it.csv")
    assert parsed.orders["sold_at"].to_list() == ["2016-09-06T04:29:00Z", "2016-09-26T16:05:00Z"]


@pytest.mark.thorough
def test_labels_of_statuses_are_statuses():
    parsed = read("H12-status-labels.csv")
    assert parsed.orders["state"].to_list() == ["closed", "parked", "parked"]


def test_a_gift_card_is_a_payment_and_no_missing_line():
    parsed = read("H13-paid-with-a-gift-card.json")
    assert parsed.orders.select("total_cents", "tax_cents").rows() == [(5000, 833)]
    assert parsed.lines.select("net_cents", "tax_cents").rows() == [(4167, 833)]
    assert "20.00" in " ".join(parsed.notes)
    assert "GC00000001" not in str(parsed)


def test_refund_lines_above_zero_give_back_all_the_same():
    parsed = read("H18-refund-lines-with-another-sign.json")
    back = parsed.lines.filter(kind="refund")
    assert back.select("quantity_milli", "net_cents", "tax_cents", "moves").rows() == [(-1000, -1000, -200, True)]
    assert parsed.orders["refunded_cents"].to_list() == [1200]


def test_a_refund_line_larger_than_its_refund_turns_the_order_away():
    parsed = read("H19-refund-line-larger-than-its-refund.json")
    assert set(codes(parsed)) == {"ORDER_REFUND_MISMATCH"}
    assert parsed.lines.is_empty()


def test_names_are_text_without_html():
    assert read("H20-names-with-html.json").lines["name"].to_list() == ['Café & Crème – 5"']


def test_half_a_character_costs_no_order():
    parsed = read("H21-half-an-emoji.json")
    assert parsed.orders["order_id"].to_list() == ["1201", "1202"]
    assert parsed.lines["name"].to_list() == ["Mug", "Mug \ufffd"]


def test_half_a_character_in_a_reject_goes_back_as_it_came():
    content = (HERE / "H24-half-an-emoji-in-a-reject.json").read_bytes()
    answers = read_answers([content], [], RULES)
    parsed = read_orders(answers, RULES)
    assert (parsed.orders["order_id"].to_list(), codes(parsed)) == (["1211"], ["ORDER_STATUS"])
    rejects = json.loads(write_json_rejects([content], answers.places, parsed.findings, run_id="run1"))
    assert [each["customer_note"] for each in rejects] == ["thanks \ud83d"]


def test_of_a_bundle_of_another_plugin_its_parts_move_stock():
    parsed = read("H23-bundle-parent-of-another-plugin.json")
    assert parsed.lines.select("sku", "moves").rows() == [("CAP", False), ("MUG", True)]
    assert parsed.concerns == ()


def test_fewer_than_no_pieces_are_never_sold():
    assert codes(read("R-negative-quantity.json")) == ["ORDER_QUANTITY"]


def test_odd_characters_and_skus_cost_no_other_order():
    parsed = read("R-surrogate-orders.json")
    assert "1042" in parsed.orders["order_id"].to_list()
    assert parsed.rows.accepted + parsed.rows.rejected == 2


def test_a_line_without_an_id_turns_away_its_order_alone():
    parsed = read("R-order-line-without-id.json")
    assert codes(parsed) == ["ORDER_LINE_ID"]
    assert parsed.orders["order_id"].to_list() == ["1042"]


@pytest.mark.thorough
@pytest.mark.parametrize("field", ["date_created", "date_created_gmt", "date_paid_gmt", "date_modified_gmt"])
@pytest.mark.parametrize(
    "day", ["9999-12-31T00:00:00", "0001-01-01T00:00:00", "1970-01-01T00:00:00", "2031-05-01T00:00:00"]
)
def test_no_order_is_of_a_year_that_cannot_be(field, day):
    orders = json.loads((HERE / "H13-paid-with-a-gift-card.json").read_text())
    content = json.dumps([orders[0] | {field: day}]).encode()
    parsed = read_orders(read_answers([content], [], RULES), RULES)
    assert codes(parsed) == ["ORDER_DATE"]
    assert parsed.findings["value"].to_list() == [day]


def test_no_refund_is_of_a_year_that_cannot_be():
    orders = json.loads((HERE / "H18-refund-lines-with-another-sign.json").read_text())
    orders[0]["refunds"][0]["date_created_gmt"] = "9999-01-01T00:00:00"
    parsed = read_orders(read_answers([json.dumps(orders).encode()], [], RULES), RULES)
    assert codes(parsed) == ["ORDER_DATE"]


def test_stock_moved_is_what_was_sold():
    lines = read("H23-bundle-parent-of-another-plugin.json").lines.filter("moves")
    assert lines.select(pl.col("quantity_milli").sum()).item() == 1000

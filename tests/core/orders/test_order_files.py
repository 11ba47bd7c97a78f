"""Exports of one row a line: read as the same orders, and given back whole where one cannot be right."""

from typing import Any

import polars as pl
import pytest

from schemas.orders.files import WOO_ORDERS
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.orders.files import ParsedOrderFile, on_every_row, read_order_table
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules
from tasks.core.reading.table import Sizes, read_table
from tasks.core.rejects.file import write_rejects

RULES = OrderRules(time_zone="Europe/Paris")
SIZES = Sizes(max_file_bytes=10**6, max_cell_chars=1000, max_columns=50)

HEADINGS = "order_id,order_number,status,order_date,order_total,tax_total,shipping_total,item_id,item_product_id"
FILE = f"""{HEADINGS},item_sku,item_name,item_quantity,item_total,item_total_tax,billing_email
1042,W-1042,completed,2024-03-09 15:02:11,35.88,5.00,5.88,77,501,MUG-1,Mug,2,20.00,4.00,ada@example.test
1042,W-1042,completed,2024-03-09 15:02:11,35.88,5.00,5.88,78,0,,Gone,1,5.00,1.00,ada@example.test
1043,W-1043,wc-on-hold,2024-03-10 08:00,12.00,2.00,0,79,501,MUG-1,Mug,1.5,10.00,2.00,
"""


def table_of(text: str) -> Table:
    return read_table(text.encode(), name="orders.csv", dialect=WOO_ORDERS, code_page="cp1252", sizes=SIZES)


def read(text: str, **rules: Any) -> tuple[ParsedOrderFile, OrdersRead]:
    file = read_order_table(table_of(text), OrderRules(time_zone="Europe/Paris", **rules), None)
    return file, read_orders(file.parsed, OrderRules(time_zone="Europe/Paris", **rules))


def test_rows_of_lines_become_orders():
    parsed = read(FILE)[1]
    shown = parsed.orders.select("line", "order_key", "number", "state", "sold_at", "total_cents", "customer_email")
    assert shown.rows() == [
        (2, "woocommerce:1042", "W-1042", "closed", "2024-03-09T14:02:11Z", 3588, "ada@example.test"),
        (4, "woocommerce:1043", "W-1043", "parked", "2024-03-10T07:00:00Z", 1200, ""),
    ]
    assert parsed.lines.select("order_key", "line", "kind", "source_product_id", "sku", "quantity_milli").rows() == [
        ("woocommerce:1042", "77", "item", "501", "MUG-1", 2000),
        ("woocommerce:1042", "78", "item", "0", "", 1000),
        ("woocommerce:1042", "shipping", "shipping", "", "", 1000),
        ("woocommerce:1043", "79", "item", "501", "MUG-1", 1500),
    ]
    assert (parsed.rows.rows_in, parsed.rows.accepted) == (2, 2)


@pytest.mark.parametrize(
    ("headings", "way", "title"),
    [("payment_method", "stripe", ""), ("Payment Method Title", "", "stripe"), ("Payment Method", "stripe", "")],
)
def test_how_an_order_was_paid_is_read_where_a_file_has_a_column_for_it(headings: str, way: str, title: str):
    told = "\n".join(f"{row},{headings if not at else 'stripe'}" for at, row in enumerate(FILE.splitlines())) + "\n"
    orders = read(told)[1].orders
    assert orders.select("payment_method", "payment_title").unique().rows() == [(way, title)]
    assert orders["content_sha256"].to_list() == read(FILE)[1].orders["content_sha256"].to_list()


def test_what_is_told_of_the_order_may_stand_on_its_first_row_alone():
    thin = FILE.replace("1042,W-1042,completed,2024-03-09 15:02:11,35.88,5.00,5.88,78", ",,,,,,,78")
    assert thin != FILE
    assert read(thin)[1].lines.rows() == read(FILE)[1].lines.rows()
    assert read(thin)[1].orders.rows() == read(FILE)[1].orders.rows()


def test_a_file_with_a_decimal_comma_is_read_to_the_same():
    comma = FILE.replace(",", ";").replace(".00", ",00").replace(".88", ",88").replace("1.5", "1,5")
    assert read(comma)[1].lines.rows() == read(FILE)[1].lines.rows()


def test_headings_of_another_plugin_are_known():
    theirs = (
        "Order ID,Order Status,Order Date,Order Total Amount,SKU,Item Name,Quantity,Order Line Total,Order Line Tax"
    )
    parsed = read(f"{theirs}\n7,Completed,2024-03-09 15:02,24.00,A-1,Mug,2,20.00,4.00\n")[1]
    assert parsed.orders.select("order_id", "total_cents", "tax_cents").row(0) == ("7", 2400, 400)
    assert parsed.lines.select("line", "sku", "source_product_id").row(0) == ("1", "A-1", "")


def test_a_file_without_the_ids_of_orders_is_turned_away():
    with pytest.raises(FileNeedsFixing, match="order_id"):
        read(FILE.replace("order_id", "reference"))


def test_an_order_that_cannot_be_right_comes_back_with_all_its_rows():
    table = table_of(FILE.replace("35.88", "36.88"))
    file = read_order_table(table, RULES, None)
    parsed = read_orders(file.parsed, RULES)
    assert (parsed.rows.accepted, parsed.rows.rejected) == (1, 1)
    back = write_rejects(table, on_every_row(parsed.findings, file.rows), run_id="run1", dialect=WOO_ORDERS).decode()
    heading, *rows = back.splitlines()
    assert heading.endswith("billing_email,Error,Counterfoil row")
    assert [row.rpartition(",")[2] for row in rows] == ['"run1:2"', '"run1:3"']
    assert "order 1042, order_total '36.88': the lines do not add up" in rows[0]
    corrected = "\n".join([heading, *(row.replace("36.88", "35.88", 1) for row in rows)])
    assert read(corrected)[1].lines.rows() == read(FILE)[1].lines.filter(order_key="woocommerce:1042").rows()
    assert table_of(corrected).references == {2: "run1:2", 3: "run1:3"}


def test_rows_that_contradict_each_other_are_told():
    parsed = read(FILE.replace("15:02:11,35.88,5.00,5.88,78", "15:02:11,99.00,5.00,5.88,78"))[1]
    assert parsed.findings.select("line", "heading", "value", "code").rows() == [
        (2, "order 1042, order_total", "99.00", "ORDER_ROWS_DIFFER")
    ]


def test_a_row_that_cannot_be_taken_apart_is_counted_and_its_order_does_not_add_up():
    parsed = read(FILE.replace(",78,0,,Gone,", ",78,0,Gone,"))[1]
    assert (parsed.rows.rows_in, parsed.rows.accepted, parsed.rows.rejected) == (3, 0, 3)
    assert parsed.findings.select("line", "code").rows() == [
        (2, "ORDER_ROW_UNREAD"),
        (3, "FILE_ROW_WIDTH"),
        (4, "ORDER_ROW_UNREAD"),
    ]


def test_of_a_refund_a_file_tells_the_amount_alone():
    head, *rows = FILE.splitlines()
    refunded = "\n".join(
        [f"{head},refunded_total", *(f"{row},{amount}" for row, amount in zip(rows, ("5.00", "", "0"), strict=True))]
    )
    assert read(refunded)[1].findings["code"].to_list() == ["ORDER_REFUND_MISSING"]
    parsed = read(refunded, bare_refunds="amount")[1]
    back = parsed.lines.filter(kind="refund").select("line", "net_cents", "moves", "at").rows()
    assert back == [("r-total", -500, False, "2024-03-09T14:02:11Z")]
    assert parsed.orders["refunded_cents"].to_list() == [500, 0]


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("09/03/2024 15:02", "ORDER_DATE_AMBIGUOUS"),
        ("45360", "ORDER_DATE"),
        ("", "ORDER_DATE"),
        ("2024-02-30 10:00", "ORDER_DATE"),
        ("2024-03-10", "ORDER_DATE"),
        ("9999-03-10 08:00", "ORDER_DATE"),
        ("0001-03-10 08:00", "ORDER_DATE"),
    ],
)
def test_a_date_that_may_be_another_or_cannot_be_is_none(date, code):
    parsed = read(FILE.replace("2024-03-10 08:00", date))[1]
    assert parsed.findings.select("value", "code").rows() == [(date, code)]
    assert parsed.orders.height == 1


def test_every_row_of_a_file_is_of_one_order():
    file, parsed = read(FILE)
    assert file.rows.rows() == [(2, 2), (3, 2), (4, 4)]
    assert parsed.findings.is_empty()
    assert on_every_row(parsed.findings, file.rows).height == 0
    assert pl.concat([parsed.orders["line"], parsed.findings["line"]]).n_unique() == parsed.rows.rows_in

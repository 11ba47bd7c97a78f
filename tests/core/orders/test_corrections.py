"""Corrections: only held orders go in again, with the SKUs that people named; a row that names nothing is told."""

import polars as pl
import pytest

from schemas.orders.files import ORDER_CORRECTIONS
from schemas.orders.records import OrderLines, Orders
from schemas.tables import Table
from tasks.core.orders.answers import read_answers
from tasks.core.orders.corrections import Corrected, named_products, read_corrections
from tasks.core.orders.files import on_every_row
from tasks.core.orders.order_parser import read_orders
from tasks.core.orders.rules import OrderRules
from tasks.core.reading.table import Sizes, read_table
from tasks.core.rejects.file import write_rejects
from tests.shop_orders import item, order, page

RULES = OrderRules()
SIZES = Sizes(max_file_bytes=10**6, max_cell_chars=1000, max_columns=50)
SHOP = page(
    order(1, [item(7, sku="OLD"), item(8, product_id=0, sku=None, name="Gone mug")]),
    order(2, [item(9, sku="OLD")]),
    order(3, [item(10, sku="ODD")]),
)
HELD = read_orders(read_answers([SHOP], [], RULES), RULES)


SAID = ("order_key", "line", "sku", "new_sku")


def table_of(rows: str) -> Table:
    text = f"Order,Number,Line,Name,SKU,Why,New SKU,Counterfoil row\n{rows}"
    return read_table(text.encode(), name="held.csv", dialect=ORDER_CORRECTIONS, code_page="cp1252", sizes=SIZES)


def read(rows: str) -> Corrected:
    return read_corrections(table_of(rows), HELD.orders, HELD.lines, source="woocommerce")


def test_the_orders_that_are_named_go_in_again_with_what_was_said_of_their_lines():
    parsed = read(
        "1,1,7,Mug,OLD,unknown,NEW,run1:1\n1,1,8,Gone mug,,deleted,MUG-2,run1:1\n3,3,10,Mug,ODD,unknown,,run1:3\n"
    )
    assert parsed.orders.select("order_key", "line").rows() == [("woocommerce:1", 2), ("woocommerce:3", 4)]
    assert parsed.lines["order_key"].unique(maintain_order=True).to_list() == ["woocommerce:1", "woocommerce:3"]
    assert parsed.corrections.select(*SAID).rows() == [
        ("woocommerce:1", "7", "OLD", "NEW"),
        ("woocommerce:1", "8", "", "MUG-2"),
    ]
    assert (parsed.counts.rows_in, parsed.counts.accepted, parsed.counts.rejected) == (2, 2, 0)


def test_what_goes_in_is_the_order_as_it_was():
    parsed = read("2,,9,,OLD,,NEW,run1:2\n")
    Orders.validate(parsed.orders)
    OrderLines.validate(parsed.lines)
    was = HELD.orders.filter(order_id="2").drop("line")
    assert parsed.orders.drop("line").rows() == was.rows()


def test_a_row_may_be_about_every_line_of_an_order_with_its_sku():
    assert read("1,,,,OLD,,NEW,run1:1\n").corrections.select(*SAID).rows() == [("woocommerce:1", "", "OLD", "NEW")]


def test_a_row_without_order_is_about_every_held_order_that_has_its_sku():
    parsed = read(",,,,OLD,,NEW,run1:1\n")
    assert parsed.orders["order_id"].to_list() == ["1", "2"]
    assert sorted(parsed.corrections.select(*SAID).rows()) == [
        ("woocommerce:1", "", "OLD", "NEW"),
        ("woocommerce:2", "", "OLD", "NEW"),
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [("4,,7,,OLD,,NEW,run1:1", "ORDER_NOT_HELD"), ("2,,7,,OLD,,NEW,run1:2", "ORDER_LINE_UNKNOWN")],
)
def test_what_is_not_held_is_told_and_the_others_go_in(row, code):
    parsed = read(f"{row}\n3,,10,,ODD,,NEW,run1:3\n")
    assert parsed.findings.select("line", "code").rows() == [(2, code)]
    assert parsed.orders["order_id"].to_list() == ["3"]
    assert (parsed.counts.rows_in, parsed.counts.rejected) == (2, 1)


def test_an_order_with_a_wrong_row_comes_back_with_all_its_rows():
    table = table_of("1,1,7,Mug,OLD,,NEW,run1:1\n1,1,99,Mug,OLD,,NEW,run1:1\n")
    parsed = read_corrections(table, HELD.orders, HELD.lines, source="woocommerce")
    findings = on_every_row(parsed.findings, parsed.rows)
    back = write_rejects(table, findings, run_id="run2", dialect=ORDER_CORRECTIONS).decode().splitlines()
    assert [line.rpartition(",")[2] for line in back[1:]] == ['"run2:2"', '"run2:3"']
    assert pl.concat([parsed.orders["line"], parsed.findings["line"]]).n_unique() == parsed.counts.rows_in


def test_a_row_may_name_a_product_by_its_id_in_the_shop():
    text = "Order,Line,SKU,Product ID,Variation ID,New SKU\n,,,77,0,NEW\n"
    table = read_table(text.encode(), name="x.csv", dialect=ORDER_CORRECTIONS, code_page="cp1252", sizes=SIZES)
    named = named_products(table).select("source_product_id", "source_variation_id", "new_sku")
    assert named.rows() == [("77", "", "NEW")]

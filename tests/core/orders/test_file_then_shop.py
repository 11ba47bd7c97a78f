"""Orders that came from a file, and then from the shop: the same orders, of which the shop may tell more."""

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.orders.files import WOO_ORDERS
from schemas.orders.records import SALES
from schemas.stock import Place
from tasks.core.orders.answers import read_answers
from tasks.core.orders.details import details_added
from tasks.core.orders.effects import movements
from tasks.core.orders.files import read_order_table
from tasks.core.orders.matching import NO_CORRECTIONS, match_lines
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.plan import booked_lines, decide_sales
from tasks.core.orders.report_tables import changed_lines
from tasks.core.orders.rules import OrderRules
from tasks.core.orders.sale_changes import book
from tasks.core.reading.table import Sizes, read_table
from tests.examples import costly
from tests.order_lines import till_products
from tests.sales import SCHEMA
from tests.shop_orders import fee, item, order, page, refund, returned, shipping

RULES = OrderRules(time_zone="Europe/Paris", bare_refunds="amount")
TILL = till_products("product_id | sku\nmug | MUG\ncap | CAP")
PLACE = Place(register_id="r", outlet_id="main", stock="deduct")
CUSTOMERS = pl.DataFrame({"email": ["ada@example.test"], "customer_id": ["c1"]})
NO_SALES = pl.DataFrame(schema=SCHEMA)
OPTIONAL = ("order_number", "item_id", "item_product_id", "item_name", "billing_email", "tax_total", "item_total_tax")
OrderJson = dict[str, Any]


def exported(orders: Sequence[OrderJson], without: Sequence[str] = (), seconds: str = ":11") -> bytes:
    """Write orders as an export of one row a line, without some of its columns."""
    rows = [row for each in orders for row in _rows(each, seconds)]
    names = [name for name in rows[0] if name not in without]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _rows(orders: OrderJson, seconds: str) -> list[OrderJson]:
    of_order = {
        "order_id": orders["id"],
        "order_number": orders["number"],
        "status": orders["status"],
        "order_date": orders["date_created"].replace("T", " ").removesuffix(":11") + seconds,
        "order_total": orders["total"],
        "tax_total": orders["total_tax"],
        "shipping_total": _sum(orders["shipping_lines"], "total"),
        "shipping_tax_total": _sum(orders["shipping_lines"], "total_tax"),
        "fee_total": _sum(orders["fee_lines"], "total"),
        "fee_tax_total": _sum(orders["fee_lines"], "total_tax"),
        "refunded_total": str(-sum((Decimal(each["total"]) for each in orders["refunds"]), Decimal())),
        "billing_email": orders["billing"]["email"],
    }
    return [
        of_order
        | {
            "item_id": line["id"],
            "item_product_id": line["product_id"],
            "item_sku": line["sku"],
            "item_name": line["name"],
            "item_quantity": line["quantity"],
            "item_total": line["total"],
            "item_total_tax": line["total_tax"],
        }
        for line in orders["line_items"]
    ]


def _sum(lines: Sequence[Mapping[str, str]], name: str) -> str:
    return str(sum((Decimal(line[name]) for line in lines), Decimal("0.00")))


def of_file(content: bytes) -> OrdersRead:
    sizes = Sizes(max_file_bytes=10**6, max_cell_chars=1000, max_columns=50)
    table = read_table(content, name="orders.csv", dialect=WOO_ORDERS, code_page="cp1252", sizes=sizes)
    return read_orders(read_order_table(table, RULES, None).parsed, RULES)


def of_shop(orders: Sequence[OrderJson], back: Sequence[OrderJson] = ()) -> OrdersRead:
    return read_orders(read_answers([page(*orders)], [page(*back)], RULES), RULES)


def planned(read: OrdersRead, before: pl.DataFrame = NO_SALES) -> tuple[pl.DataFrame, int]:
    assert read.rows.rejected == 0
    matched = match_lines(read.lines, TILL, booked_lines(before), NO_CORRECTIONS, source="woocommerce")
    return decide_sales(book(read.orders, matched, TILL, CUSTOMERS, PLACE, before), before)


def imported(read: OrdersRead) -> pl.DataFrame:
    changes, _ = planned(read)
    assert set(changes["kind"]) <= {"create"}
    return changes.select("order_key", *[pl.col(f"{c}_after").alias(c) for c in SALES.columns])


def mug(line: int, quantity: int = 1, net: str = "10.00", tax: str = "2.00", **fields: Any) -> OrderJson:
    return item(line, quantity, net, tax, **({"product_id": 501, "sku": "MUG", "name": "Mug, blue"} | fields))


AN_ORDER = order(1, [mug(7, 2, "20.00", "4.00"), shipping(8, "4.90", "0.98"), fee(9, "1.00"), fee(10, "-0.50")])


def test_an_order_of_a_full_export_is_the_same_order_when_the_shop_tells_it():
    changes, unchanged = planned(of_shop([AN_ORDER]), imported(of_file(exported([AN_ORDER]))))
    assert (changes.height, unchanged) == (0, 1)


@pytest.mark.parametrize(
    ("without", "added"),
    [
        (["order_number"], ["its number, its lines"]),
        (["billing_email"], ["its buyer, its lines"]),
        (["item_name"], ["its lines"]),
        (["item_id", "item_product_id"], []),
        (["tax_total"], []),
    ],
)
def test_what_the_file_did_not_tell_is_added_and_not_called_a_change(without: list[str], added: list[str]):
    in_shop = [AN_ORDER | {"number": "W-1"}]
    changes, _ = planned(of_shop(in_shop), imported(of_file(exported(in_shop, without))))
    assert movements(changes).is_empty()
    assert changed_lines(changes)[1].is_empty()
    assert details_added(changes)[1]["added"].to_list() == added


def test_seconds_that_a_file_leaves_out_are_no_change():
    changes, unchanged = planned(of_shop([AN_ORDER]), imported(of_file(exported([AN_ORDER], seconds=""))))
    assert (changes.height, unchanged) == (0, 1)


def test_what_went_back_on_the_shelf_comes_back_once_the_shop_tells_it():
    """A file tells the amount alone. That is no detail: the first sync puts the stock right."""
    back = [refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00")])]
    line = mug(7, 2, "20.00", "4.00", meta_data=[{"key": "_restock_refunded_items", "value": 1}])
    in_shop = [order(1, [line], back)]
    changes, _ = planned(of_shop(in_shop, back), imported(of_file(exported(in_shop))))
    assert movements(changes).select("product_id", "quantity_milli").rows() == [("mug", 1000)]
    assert details_added(changes)[1].is_empty()
    assert changed_lines(changes)[1].height > 0


cents = st.integers(0, 10**6).map(lambda n: f"{n // 100}.{n % 100:02}")
PRODUCT_IDS = {"MUG": 501, "cap": 502}
goods = st.tuples(st.integers(1, 9), cents, cents, st.sampled_from(["MUG", "cap"]), st.sampled_from(["A", 'B, "é"']))
extras = st.sampled_from(
    [[], [shipping(60, "4.90", "0.98")], [fee(61, "1.00"), fee(62, "-0.30", "-0.06")], [shipping(63, "0.00")]]
)


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[OrderJson], list[OrderJson]]:
    in_shop, answers = [], []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        some = draw(st.lists(goods, min_size=1, max_size=3))
        lines = [
            mug(number * 100 + at, quantity, net, tax, sku=sku, name=name, product_id=PRODUCT_IDS[sku])
            for at, (quantity, net, tax, sku, name) in enumerate(some)
        ]
        back = draw(st.sampled_from([[], [refund(number * 10, "0.00")]]))
        status = draw(st.sampled_from(["completed", "on-hold", "processing"]))
        in_shop.append(order(number, lines + draw(extras), back, status=status))
        answers += back
    return in_shop, answers


@costly
@given(shops(), st.sets(st.sampled_from(OPTIONAL)), st.sampled_from([":11", "", ":00"]))
def test_whatever_a_file_left_out_the_shop_then_moves_no_stock_and_doubles_no_order(shop, without, seconds):
    in_shop, answers = shop
    taxed = without if "item_total_tax" not in without else without | {"tax_total"}
    if "item_total_tax" in taxed:
        in_shop = [_untaxed(each) for each in in_shop]
    before = imported(of_file(exported(in_shop, sorted(taxed), seconds)))
    changes, unchanged = planned(of_shop(in_shop, answers), before)
    assert set(changes["kind"]) <= {"update"}
    assert changes.height + unchanged == before.height == len(in_shop)
    assert movements(changes).is_empty()
    assert details_added(changes)[1].height == changes.height
    assert changed_lines(changes)[1].is_empty()


def _untaxed(orders: OrderJson) -> OrderJson:
    """Take all taxes off: an export that tells none can be right only where there are none."""
    lists = ("line_items", "shipping_lines", "fee_lines")
    bare = {name: [{**line, "total_tax": "0.00"} for line in orders[name]] for name in lists}
    total = sum((Decimal(line["total"]) for name in lists for line in bare[name]), Decimal())
    return orders | bare | {"total": str(total), "total_tax": "0.00"}

"""Shop and till side by side: what only one of them has, and what they do not say alike."""

import polars as pl
import pytest

from schemas.orders.records import Sales
from schemas.stock import Place
from tasks.core.orders.answers import read_answers
from tasks.core.orders.comparison import compared, different, missing_at_till, summary_line, unseen_sales
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules
from tasks.core.orders.sale_changes import book
from tests.order_lines import PRODUCTS
from tests.sales import SCHEMA
from tests.shop_orders import item, order, page

RULES = OrderRules()
NO_FATES = pl.Series("fate", [], dtype=pl.String)
NO_CUSTOMERS = pl.DataFrame(schema={"email": pl.String, "customer_id": pl.String})
NONE_EDITED = pl.Series(dtype=pl.String)


def imported(*orders: dict[str, object]) -> OrdersRead:
    return read_orders(read_answers([page(*orders)], [], RULES), RULES)


def orders_of(*orders: dict[str, object]) -> pl.DataFrame:
    return imported(*orders).orders


def as_sales(read: OrdersRead) -> pl.DataFrame:
    """The sales that these orders become, at a till whose products are all called nothing."""
    text = {name: pl.lit("") for name in ("product_id", "code", "detail")}
    place = Place(register_id="till-1", outlet_id="main", stock="deduct")
    products, none = pl.DataFrame(schema=PRODUCTS), pl.DataFrame(schema=SCHEMA)
    booked = book(read.orders, read.lines.with_columns(**text), products, NO_CUSTOMERS, place, none)
    return Sales.validate(booked.select(*SCHEMA))


ONE, TWO, VOID = order(1, [item(7)]), order(2, [item(8)]), order(3, [item(9)], status="cancelled")
BOTH = imported(ONE, TWO, VOID)


def differing(now: OrdersRead, sales: pl.DataFrame, edited: pl.Series = NONE_EDITED) -> pl.DataFrame:
    return different(now.orders, now.lines, sales, edited)


def test_what_agrees_is_counted_and_asks_for_nothing():
    sales = as_sales(imported(ONE, TWO))
    gone = sales.clear().with_columns(fate=NO_FATES)
    shown = compared(BOTH.orders, sales, differing(BOTH, sales), gone)
    assert summary_line(shown) == "2 orders agree; 0 missing, 0 different, 0 gone"


def test_an_order_that_came_to_nothing_need_not_be_at_the_till():
    assert missing_at_till(BOTH.orders, as_sales(BOTH).clear())["order_id"].to_list() == ["1", "2"]


def test_what_differs_is_told_by_what_matters_most():
    now = imported(
        order(1, [item(7)], status="cancelled"),
        order(2, [item(8, net="11.00")]),
        order(4, [item(9, name="Cap")]),
        order(5, [item(9)], date_modified_gmt="2030-01-01T00:00:00"),
    )
    before = imported(ONE, TWO, order(4, [item(9, name="Hat")]), order(5, [item(9)]))
    assert differing(now, as_sales(before)).select("order_id", "what", "changed_in").rows() == [
        ("1", "state", "shop"),
        ("2", "worth", "shop"),
        ("4", "content", "shop"),
    ]


@pytest.mark.parametrize(
    ("edits", "found"),
    [
        ({}, []),
        ({"state": "voided"}, [("1", "state", "till")]),
        ({"total_cents": 1}, [("1", "worth", "till")]),
        ({"tax_cents": 1}, [("1", "content", "till")]),
        ({"lines": "[]"}, [("1", "content", "till")]),
        ({"customer_id": "C-1", "register_id": "till-2"}, []),
    ],
)
def test_what_the_till_holds_now_is_compared_and_not_what_was_imported(edits, found):
    """The hash that stands with the sale is still that of the order."""
    edited = as_sales(BOTH).with_columns(
        **{name: pl.when(order_key="woocommerce:1").then(pl.lit(cell)).otherwise(name) for name, cell in edits.items()}
    )
    assert differing(BOTH, edited).select("order_id", "what", "changed_in").rows() == found


def test_lines_that_the_till_keeps_by_themselves_count_too():
    found = differing(BOTH, as_sales(BOTH), pl.Series(["woocommerce:2"]))
    assert found.select("order_id", "what", "changed_in").rows() == [("2", "content", "till")]


def test_what_changed_on_both_sides_is_said_to():
    now = imported(order(1, [item(7, net="11.00")]))
    edited = as_sales(imported(ONE)).with_columns(total_cents=pl.lit(1, pl.Int64))
    assert differing(now, edited).select("what", "changed_in").rows() == [("worth", "both")]


def test_only_sales_of_this_shop_and_of_these_days_are_looked_for():
    sales = as_sales(imported(*[order(n, [item(7)]) for n in range(1, 6)]))
    others = sales.with_columns(
        order_key=pl.Series(["shop:1", "shop:2", "till:3", "shop:4", "shop:5"]),
        sold_at=pl.Series(["2024-03-09T14:02:11Z"] * 3 + ["2024-02-01T00:00:00Z", "2024-03-09T14:02:11Z"]),
        state=pl.Series(["closed"] * 4 + ["voided"]),
    )
    seen = pl.Series(["shop:1"])
    here = unseen_sales(seen, others, source="shop", after="2024-03-01T00:00:00Z", before="2024-04-01T00:00:00Z")
    assert here["order_key"].to_list() == ["shop:2"]

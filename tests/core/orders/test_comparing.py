"""Shop and till side by side: what only one of them has, and what they do not say alike."""

import polars as pl

from schemas.orders import Sales
from tasks.core.orders.answers import read_answers
from tasks.core.orders.comparing import compared, different, missing_at_till, said, unseen_sales
from tasks.core.orders.reading import read_orders
from tasks.core.orders.rules import OrderRules
from tests.shop_orders import item, order, page

RULES = OrderRules()
NO_FATES = pl.Series("fate", [], dtype=pl.String)


def orders_of(*told: dict[str, object]) -> pl.DataFrame:
    return read_orders(read_answers([page(*told)], [], RULES), RULES).orders


def as_sales(orders: pl.DataFrame) -> pl.DataFrame:
    """The sales that these orders become."""
    text = {name: pl.lit("") for name in ("register_id", "outlet_id", "customer_id")}
    sales = orders.with_columns(**text, stock=pl.lit("deduct"), lines=pl.lit("[]"))
    return Sales.validate(sales.select(*Sales.to_schema().columns))


ONE, TWO, VOID = order(1, [item(7)]), order(2, [item(8)]), order(3, [item(9)], status="cancelled")
BOTH = orders_of(ONE, TWO, VOID)


def test_what_agrees_is_counted_and_asks_for_nothing():
    shown = compared(BOTH, as_sales(BOTH.head(2)), as_sales(BOTH).clear().with_columns(fate=NO_FATES))
    assert said(shown) == "2 orders agree; 0 missing, 0 different, 0 gone"


def test_an_order_that_came_to_nothing_need_not_be_at_the_till():
    assert missing_at_till(BOTH, as_sales(BOTH).clear())["order_id"].to_list() == ["1", "2"]


def test_what_differs_is_told_by_what_matters_most():
    now = orders_of(
        order(1, [item(7)], status="cancelled"),
        order(2, [item(8, net="11.00")]),
        order(4, [item(9, name="Cap")]),
        order(5, [item(9)], date_modified_gmt="2030-01-01T00:00:00"),
    )
    before = orders_of(ONE, TWO, order(4, [item(9, name="Hat")]), order(5, [item(9)]))
    assert different(now, as_sales(before)).select("order_id", "what").rows() == [
        ("1", "state"),
        ("2", "worth"),
        ("4", "content"),
    ]


def test_only_sales_of_this_shop_and_of_these_days_are_looked_for():
    sales = as_sales(orders_of(*[order(n, [item(7)]) for n in range(1, 6)]))
    others = sales.with_columns(
        order_key=pl.Series(["shop:1", "shop:2", "till:3", "shop:4", "shop:5"]),
        sold_at=pl.Series(["2024-03-09T14:02:11Z"] * 3 + ["2024-02-01T00:00:00Z", "2024-03-09T14:02:11Z"]),
        state=pl.Series(["closed"] * 4 + ["voided"]),
    )
    seen = pl.Series(["shop:1"])
    here = unseen_sales(seen, others, source="shop", after="2024-03-01T00:00:00Z", before="2024-04-01T00:00:00Z")
    assert here["order_key"].to_list() == ["shop:2"]

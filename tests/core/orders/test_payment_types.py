"""Which payment type sales are paid with: by the shop's words, and of what is there as it is there."""

from dataclasses import replace

import polars as pl
import pytest

from schemas.orders.records import PAID_BY, PAID_ORDERS, SALES
from schemas.orders.steps import PaymentTypes
from schemas.records import Plan
from schemas.stock import Place
from tasks.core.orders.corrections import as_asked_now
from tasks.core.orders.matching import match_lines
from tasks.core.orders.payment_types import payments_by_method, with_payment_types
from tasks.core.orders.plan import booked_lines, decide_sales
from tasks.core.orders.sale_changes import book
from tasks.core.planning.plan_ids import plan_content, plan_id
from tests.core.planning.test_plan_ids import PLAN
from tests.order_lines import CORRECTIONS, drawn_as, order_lines, the_orders, till_products
from tests.sales import SCHEMA

TYPES = PaymentTypes(
    by_method={"stripe": "card", "bank transfer": "bank"},
    others="rest",
    names={"card": "Web card", "bank": "Bank transfer", "rest": "Web shop"},
)
PLACE = Place(register_id="till-1", outlet_id="main", stock="deduct")
NO_CUSTOMERS = pl.DataFrame(schema={"email": pl.String, "customer_id": pl.String})
NO_SALES = pl.DataFrame(schema={**SCHEMA, PAID_BY: pl.String})
LINE = "order_key | sku\nwoocommerce:1 | MUG\nwoocommerce:2 | MUG\nwoocommerce:3 | MUG\nwoocommerce:4 | MUG"
HEAD = "order_key | state | total_cents | payment_method | payment_title | content_sha256\n"
FIVE = """
order_key     | state  | total_cents | payment_method | payment_title
woocommerce:1 | closed | 1200        | Stripe         | Card
woocommerce:2 | closed | 1200        | bacs           | Bank transfer
woocommerce:3 | closed | 1200        | klarna         | Klarna
woocommerce:4 | parked | 1200        | stripe         | Card
woocommerce:5 | closed | 0           | stripe         | Card
woocommerce:6 | closed | 1200        |                |
"""


def booked(orders: pl.DataFrame, before: pl.DataFrame = NO_SALES) -> pl.DataFrame:
    products = till_products("product_id | sku\nmug | MUG")
    lines = order_lines(LINE).filter(pl.col("order_key").is_in(orders["order_key"].implode()))
    matched = match_lines(lines, products, booked_lines(before), drawn_as("", CORRECTIONS), source="woocommerce")
    return book(orders, matched, products, NO_CUSTOMERS, PLACE, before)


def planned(drawn: str, before: pl.DataFrame = NO_SALES, types: PaymentTypes = TYPES) -> tuple[pl.DataFrame, int]:
    orders = the_orders(drawn)
    paid = with_payment_types(booked(orders, before), orders, types)
    return decide_sales(paid, before, resource=PAID_ORDERS.resource)


def written(changes: pl.DataFrame) -> pl.DataFrame:
    after = [pl.col(f"{column}_after").alias(column) for column in PAID_ORDERS.resource.columns]
    return changes.select("order_key", *after)


def test_a_payment_method_is_found_by_the_shops_word_else_by_what_buyers_read_else_it_is_one_of_all_others() -> None:
    changes, _ = planned(FIVE)
    assert dict(changes.select("order_key", f"{PAID_BY}_after").rows()) == {
        "woocommerce:1": "card",
        "woocommerce:2": "bank",
        "woocommerce:3": "rest",
        "woocommerce:4": "",
        "woocommerce:5": "",
        "woocommerce:6": "rest",
    }


def test_what_no_setting_names_is_counted_first() -> None:
    changes, _ = planned(FIVE)
    _, shown = payments_by_method(changes, the_orders(FIVE), TYPES)
    assert shown.rows() == [
        ("", "", "Web shop", "no", 1, 1200, "EUR"),
        ("klarna", "Klarna", "Web shop", "no", 1, 1200, "EUR"),
        ("Stripe", "Card", "Web card", "yes", 1, 1200, "EUR"),
        ("bacs", "Bank transfer", "Bank transfer", "yes", 1, 1200, "EUR"),
    ]


PAID = HEAD + "woocommerce:1 | closed | 1200 | stripe | Card | a"


def test_a_sale_that_waited_is_paid_as_its_order_says_once_it_is() -> None:
    waits = written(planned(HEAD + "woocommerce:1 | parked | 1200 | stripe | Card | z")[0])
    changes, _ = planned(PAID, waits)
    assert changes.select("kind", f"{PAID_BY}_before", f"{PAID_BY}_after").rows() == [("update", "", "card")]


@pytest.mark.parametrize("at_till", ["card", "rest", ""])
def test_a_sale_that_is_there_asks_for_nothing_whatever_it_is_paid_with(at_till: str) -> None:
    """Sales of before there were settings are paid like all others; some were not paid, and some the till changed."""
    there = written(planned(PAID)[0]).with_columns(pl.lit(at_till).alias(PAID_BY))
    for again in (PAID, PAID.replace("stripe", "paypal"), PAID.replace("stripe", "").replace("Card", "")):
        changes, unchanged = planned(again, there)
        assert (changes.height, unchanged) == (0, 1)


@pytest.mark.parametrize("at_till", ["card", "rest", "cash", ""])
def test_what_changes_of_a_sale_leaves_what_it_is_paid_with(at_till: str) -> None:
    there = written(planned(PAID)[0]).with_columns(pl.lit(at_till).alias(PAID_BY))
    changes, _ = planned(PAID.replace("| a", "| b"), there)
    assert changes.select("kind", f"{PAID_BY}_after").rows() == [("update", at_till)]
    assert payments_by_method(changes, the_orders(PAID), TYPES)[1].is_empty()


def test_an_order_that_was_cancelled_is_paid_with_nothing() -> None:
    changes, _ = planned(PAID.replace("closed", "voided").replace("| a", "| b"), written(planned(PAID)[0]))
    assert changes.select("kind", "state_after", f"{PAID_BY}_after").rows() == [("update", "voided", "")]


def test_where_no_setting_names_a_payment_method_the_plan_is_the_one_that_it_was_before_any_could() -> None:
    """The id is that which the release before gave."""
    orders = the_orders("order_key | number | total_cents | payment_method\nwoocommerce:1 | 1042 | 2400 | stripe")
    changes, _ = decide_sales(with_payment_types(booked(orders), orders, None), NO_SALES.select(*SCHEMA))
    plan: Plan = replace(PLAN, domain="orders", target="lightspeed_x_till")
    assert plan_id(plan_content(plan), changes) == "591501996607e4b2"


def test_orders_that_an_earlier_release_stored_tell_nothing_of_how_they_were_paid() -> None:
    orders = the_orders("order_key | payment_method\nwoocommerce:1 | stripe")
    stored = orders.drop("payment_method", "payment_title")
    assert as_asked_now(stored).equals(orders.with_columns(payment_method=pl.lit("")))
    assert as_asked_now(orders).equals(orders)


def test_what_sales_are_paid_with_is_shown_by_name_and_not_by_id() -> None:
    assert PAID_BY in PAID_ORDERS.resource.unshown
    assert PAID_BY not in SALES.columns

"""An import of orders that dies at any moment, and is run again: each order is there once, and stock is the arithmetic.

Before it, some of these orders came in as they were then, and are changed since; while it goes, a mug is sold at the
counter. Its restore leaves what it found, and that sale.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.connectors.sql.target import SqlTarget
from tests.crash.shop import KILLED, Case, Shop, storage_of
from tests.databases import open_database
from tests.examples import spread
from tests.shop_orders import item, order, page, refund, returned
from tests.tills import open_till, rows_of, sales_in, stock_in
from tests.without_prefect_engine import new_flow_run_id, run_id_of

FIRST, FILE = "orders/first.json", "orders/crash.json"
OPENING = {"MUG": 1000.0, "CAP": 1000.0}
KEYS = [f"woocommerce:{n}" for n in range(1, 26)]
PLACE = ["order_key", "product_id"]


def mug(quantity: int) -> dict[str, object]:
    return item(1, quantity, product_id=7, sku="MUG", name="Mug")


def cap(quantity: int) -> dict[str, object]:
    return item(2, quantity, product_id=8, sku="CAP", name="Cap")


def with_new(number: int) -> dict[str, object]:
    """Order what the others do, and a product that the till does not have, which came back and is for sale again."""
    goods = {"product_id": 100 + number % 3, "sku": f"NEW-{number % 3}", "name": f"New {number % 3}"}
    sold = item(3, 1, **goods, meta_data=[{"id": 1, "key": "_restock_refunded_items", "value": "1"}])
    back = refund(900 + number, "12.00", [returned(9, 3, -1, "-10.00", "-2.00", **goods)])
    return order(number, [mug(2), cap(1), sold], [back]) | {"refunds": [back]}


ORDERS_AT_FIRST = [order(n, [mug(1)]) for n in range(1, 5)]
ORDERS = [with_new(n) if n % 5 == 0 else order(n, [mug(2), cap(1)]) for n in range(1, 26)]
LOST = order(99, [item(1, 1, product_id=0, sku=None, name="Gone")])
STOCK_AT_FIRST = OPENING | {"MUG": 1000.0 - 4 - 1}
STOCK = {"MUG": 1000.0 - 50 - 1, "CAP": 1000.0 - 25}


@dataclass(frozen=True, kw_only=True)
class Till:
    """What a till holds, whoever wrote it and when."""

    sales: dict[str, str]
    stock: dict[str, float]
    products: list[str]
    moved: list[tuple[object, ...]]


def look(case: Case) -> Till:
    url = case.target_url
    assert SqlTarget(open_database(url)).uneven_levels().is_empty()
    moved = rows_of(url, "stock_movements").group_by(PLACE).agg(pl.col("quantity_milli").sum()).sort(PLACE)
    stock = {sku: level for sku, level in stock_in(url).items() if level}
    products = sorted(rows_of(url, "products")["sku"])
    return Till(sales=sales_in(url), stock=stock, products=products, moved=moved.rows())


def with_history(shop: Shop, template: str) -> Shop:
    """Return a shop whose cases begin after a first import of orders."""
    store = storage_of(shop.environment)
    store.put(f"inbox/{FIRST}", page(*ORDERS_AT_FIRST))
    store.put(f"inbox/{FILE}", page(*ORDERS, LOST))
    seed = replace(shop, prefix=template).case("set")
    open_till(seed.target_url, OPENING)
    ended = seed.import_orders(FIRST, new_flow_run_id())
    assert ended.out.startswith("Applied"), ended
    seed.discard()
    return replace(shop, prefix=f"{template}case", copy=partial(shop.copy, template=f"{template}{seed_number(seed)}"))


def seed_number(seed: Case) -> str:
    return "".join(filter(str.isdigit, seed.folder.name))


@pytest.fixture(scope="module")
def history(sqlite_shop: Shop) -> Shop:
    return with_history(sqlite_shop, "history")


@lru_cache
def clean(shop_case: Callable[..., Case]) -> tuple[list[str], Till]:
    """Run an import that goes through: the moments it passes, and the till in the end."""
    case = shop_case("set")
    ended = case.import_orders(FILE, new_flow_run_id())
    assert ended.out.startswith("Applied with rejects"), ended
    return case.moments(), look(case)


def die_and_run_again(shop: Shop, fatal: int, *, same_run: bool) -> None:
    case, died = shop.case("set"), new_flow_run_id()
    again = died if same_run else new_flow_run_id()
    assert case.import_orders(FILE, died, fatal).code == KILLED
    ended = case.import_orders(FILE, again)
    assert ended.code == 0, ended.err
    assert look(case) == clean(shop.case)[1]

    for run_id in dict.fromkeys((run_id_of(again), run_id_of(died))):
        restored = case.restore(run_id)
        assert restored.code == 0, restored.err
    expect_as_at_first(look(case))
    case.discard()


def expect_as_at_first(till: Till) -> None:
    assert till.sales == dict.fromkeys(KEYS[:4], "closed") | dict.fromkeys(KEYS[4:], "voided")
    assert till.stock == STOCK_AT_FIRST
    assert till.products == ["CAP", "MUG"]


def test_a_clean_import_leaves_what_the_orders_say(history):
    moments, till = clean(history.case)

    assert till.sales == dict.fromkeys(KEYS, "closed")
    assert till.stock == STOCK
    assert till.products == ["CAP", "MUG", "NEW-0", "NEW-1", "NEW-2"]
    assert sum("outcomes" in moment for moment in moments) == 4


@pytest.mark.thorough
def test_dying_at_the_first_a_middle_or_the_last_moment_leaves_each_order_there_once(history):
    for nth, fatal in enumerate(spread(range(len(clean(history.case)[0])))):
        die_and_run_again(history, fatal, same_run=bool(nth % 2))


@pytest.mark.thorough
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_dying_at_any_moment_leaves_each_order_there_once(history, data):
    fatal = data.draw(st.integers(0, len(clean(history.case)[0]) - 1), label="moment")
    die_and_run_again(history, fatal, same_run=data.draw(st.booleans(), label="same run"))


@pytest.mark.thorough
def test_dying_between_the_products_and_the_sales_leaves_nothing_that_cannot_be_undone(history):
    moments, _ = clean(history.case)
    case, died = history.case("set"), new_flow_run_id()
    made = next(at for at, moment in enumerate(moments) if "products-outcomes" in moment)
    assert case.import_orders(FILE, died, made).code == KILLED
    assert len(look(case).products) == 5

    assert case.restore(run_id_of(died)).code == 0
    till = look(case)
    assert (till.products, till.sales) == (["CAP", "MUG"], dict.fromkeys(KEYS[:4], "closed"))
    case.discard()


@pytest.mark.thorough
def test_two_runs_at_once_on_one_till_double_nothing(history):
    run_two_at_once(history)


def run_two_at_once(shop: Shop) -> None:
    case = shop.case("set")
    runs = [new_flow_run_id() for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(partial(case.import_orders, FILE), runs))
    assert [each.code for each in ended] == [0, 0]
    again = case.import_orders(FILE, new_flow_run_id())

    assert again.code == 0, again.err
    assert look(case) == clean(shop.case)[1]
    for run in runs:
        assert case.restore(run_id_of(run)).code == 0
    expect_as_at_first(look(case))
    case.discard()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_dying_at_every_single_moment_leaves_each_order_there_once(history):
    moments, _ = clean(history.case)
    with ThreadPoolExecutor(2) as pool:
        deaths = {
            fatal: pool.submit(die_and_run_again, history, fatal, same_run=fatal % 4 > 1)
            for fatal in range(len(moments))
        }
    assert {fatal: death.exception() for fatal, death in deaths.items() if death.exception()} == {}


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_on_postgresql_too(postgres_shop):
    shop = with_history(postgres_shop, "history")
    run_two_at_once(shop)
    for fatal in range(0, len(clean(shop.case)[0]), 5):
        die_and_run_again(shop, fatal, same_run=bool(fatal % 2))

"""A sync that dies at any moment, and is run again: each order is at the till once, and the cursor moves at last."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crash.shop import KILLED, Case, Shop
from tests.fakes.woo_orders import a_line, a_shop, an_order
from tests.fakes.woocommerce import Fake, woocommerce
from tests.tills import open_till, sales_in, stock_in
from tests.without_prefect_engine import new_flow_run_id

OPENING = {f"SKU-{n}": 100.0 for n in range(1, 8)}
SALES = {f"woocommerce:{n}": "closed" for n in range(1, 15)}
STOCK = dict.fromkeys(OPENING, 98.0)


@pytest.fixture(scope="module")
def web_shop() -> Iterator[Fake]:
    """A shop that sold each of seven products twice, and one that the till does not have."""
    with woocommerce(Fake(shop=a_shop(14))) as fake:
        fake.shop.put(an_order(15, a_line(150, 9, "SKU-9")))
        yield fake


@pytest.fixture(scope="module")
def opened(sqlite_shop: Shop, web_shop: Fake) -> Callable[[], Case]:
    keys = {"URL": web_shop.url, "KEY": web_shop.keys.key, "SECRET": web_shop.keys.secret}
    environment: Mapping[str, str] = {
        **sqlite_shop.environment,
        **{f"COUNTERFOIL_WOO_{name}": value for name, value in keys.items()},
    }
    shop = replace(sqlite_shop, prefix="sync", environment=environment)

    def case() -> Case:
        new = shop.case("set")
        open_till(new.target_url, OPENING)
        return new

    return case


@pytest.fixture(scope="module")
def moments(opened: Callable[[], Case]) -> list[str]:
    """Name the moments that a sync passes which goes through."""
    case = opened()
    ended = case.sync_orders(new_flow_run_id())
    assert ended.out.startswith("Applied with rejects"), ended
    assert (sales_in(case.target_url), stock_in(case.target_url)) == (SALES, STOCK)
    return case.moments()


def die_and_run_again(case: Case, fatal: int, *, same_run: bool) -> None:
    died = new_flow_run_id()
    assert case.sync_orders(died, fatal).code == KILLED
    again = case.sync_orders(died if same_run else new_flow_run_id())
    assert again.code == 0, again
    assert (sales_in(case.target_url), stock_in(case.target_url)) == (SALES, STOCK)

    last = case.sync_orders(new_flow_run_id(), since="")
    assert "since=" not in last.out, "the cursor is there"
    assert (sales_in(case.target_url), stock_in(case.target_url)) == (SALES, STOCK)
    case.discard()


PLACES = [
    pytest.param("after put runs/*/pages/orders", 0, id="a page is stored"),
    pytest.param("before put runs/*/outcomes", 0, id="all is written, and not yet told"),
    pytest.param("after put runs/*/held-orders", 0, id="the cursor is about to move"),
    pytest.param("after put runs/*/held-orders", 4, id="the cursor has just moved"),
]


@pytest.mark.parametrize("same_run", [True, pytest.param(False, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(("named", "later"), PLACES)
def test_dying_in_the_middle_costs_nothing(opened, moments, named, later, same_run):
    start, _, place = named.partition("*")
    at = next(at for at, moment in enumerate(moments) if moment.startswith(start) and place in moment)
    die_and_run_again(opened(), at + later, same_run=same_run)


def test_dying_at_the_first_moment_and_coming_back_as_another_run_costs_nothing(opened):
    die_and_run_again(opened(), 0, same_run=False)


@pytest.mark.thorough
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_dying_at_any_moment_leaves_each_order_there_once(opened, moments, data):
    fatal = data.draw(st.integers(0, len(moments) - 1), label="moment")
    die_and_run_again(opened(), fatal, same_run=data.draw(st.booleans(), label="same run"))

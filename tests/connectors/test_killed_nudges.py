"""However often a nudge of orders is killed, and wherever: each order gets one note and one mark.

A nudge that died is taken up again with its own plan, or followed by another with a plan of its own; answers get lost.
"""

import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

import polars as pl
import pytest

from infra.connectors.woocommerce.orders import WebOrdersTarget, note_of
from schemas.records import BatchName
from tasks.core.planning.changes import AS_WANTED
from tests.connectors.lightspeed_crash import Killed, Moments
from tests.connectors.test_web_orders import MARK, RESOURCE, nudges, target_at
from tests.fakes.woo_orders import a_shop
from tests.fakes.woo_shop import Shop, Thing
from tests.fakes.woocommerce import Fake, Kind, Trouble, woocommerce

NUDGED = (2, 4)
MOMENTS = 10
"""Before and after each note and each mark of two orders, and two to spare."""
TROUBLES: list[Kind] = ["drop", "drop after", "error", "error after", "cut", "web page", "notice", "busy seconds"]


@dataclass
class CountingShop(Shop):
    """Counts how often each order was marked."""

    marked: Counter[int] = field(default_factory=Counter)

    def put_order(self, order_id: int, body: Thing) -> Thing:
        self.marked[order_id] += 1
        return super().put_order(order_id, body)


@pytest.fixture
def shop() -> CountingShop:
    return CountingShop(orders=a_shop(5).orders)


@pytest.fixture
def fake(shop: CountingShop) -> Iterator[Fake]:
    with woocommerce(Fake(shop=shop)) as fake:
        yield fake


def watched(fake: Fake, moments: Moments) -> WebOrdersTarget:
    target = target_at(fake)
    moments.surround(target._shop, "add_note", "mark")
    return target


def planned(fake: Fake) -> pl.DataFrame:
    """Plan the nudges of orders that do not bear the mark."""
    asked = nudges(*NUDGED)
    held = target_at(fake).read(RESOURCE, asked["order_id"]).filter(mark="")
    return asked.filter(pl.col("order_id").is_in(held["order_id"].implode()))


def run_until_done(fake: Fake, fatal: list[int], dice: random.Random) -> set[str]:
    """Begin a nudge again after each end, until nothing is left open; return all outcomes that there were."""
    plan, seen = planned(fake), set[str]()
    for number, moment in enumerate([*fatal, *[-1] * 9]):
        plan = planned(fake) if dice.random() < 0.5 else plan
        name = BatchName(plan_id="plan", number=1, run_id=f"run{number}")
        try:
            outcomes = set(watched(fake, Moments(moment)).write(RESOURCE, plan, name))
        except Killed:
            continue
        seen |= outcomes
        if outcomes <= set(AS_WANTED):
            return seen
    raise AssertionError(f"It does not end: {seen}")


def expect_once(shop: CountingShop, before: dict[int, Thing], repeated: int = 0) -> None:
    """Expect one note for nobody but the shop, and one mark; a mark may be *repeated* where its answer was lost."""
    noted = {n: [(note["note"], note["customer_note"]) for note in notes] for n, notes in shop.notes.items()}
    assert noted == {n: [(note_of(MARK), False)] for n in NUDGED}
    assert set(shop.marked) == set(NUDGED)
    assert shop.marked.total() <= len(NUDGED) + repeated
    changed = [n for n, order in shop.orders.items() if order != before[n]]
    assert changed == list(NUDGED)
    moved = {name for n in NUDGED for name, value in shop.orders[n].items() if value != before[n][name]}
    assert moved == {"meta_data", "date_modified", "date_modified_gmt"}


def test_a_nudge_of_two_orders_has_that_many_moments(fake: Fake) -> None:
    moments = Moments(-1)

    watched(fake, moments).write(RESOURCE, planned(fake), BatchName(plan_id="plan", number=1, run_id="run"))

    assert len(moments.passed) == MOMENTS - 2
    assert moments.passed[:4] == ["before add_note", "after add_note", "before mark", "after mark"]


@pytest.mark.parametrize("fatal", range(MOMENTS))
def test_a_nudge_that_is_killed_once_and_run_again_nudges_each_order_once(
    fake: Fake, shop: CountingShop, fatal: int
) -> None:
    before = deepcopy(shop.orders)

    assert run_until_done(fake, [fatal], random.Random(fatal)) <= set(AS_WANTED)

    expect_once(shop, before)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_nudges_that_are_killed_anywhere_while_answers_are_lost_nudge_each_order_once(
    fake: Fake, shop: CountingShop, seed: int
) -> None:
    dice, before = random.Random(seed), deepcopy(shop.orders)
    methods = [dice.choice(["POST", "PUT", "GET"]) for _ in range(dice.randrange(4))]
    fake.trouble = [Trouble(dice.choice(TROUBLES), method=method, path=".+/.+") for method in methods]

    seen = run_until_done(fake, [dice.randrange(MOMENTS) for _ in range(dice.randrange(1, 4))], dice)

    assert seen <= {"written", "unchanged", "unknown"}
    expect_once(shop, before, repeated=methods.count("PUT"))

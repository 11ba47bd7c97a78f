"""However often a push of products is killed, and wherever: the web shop takes each change once, or it is parked.

A push that died is taken up again with its own plan, or followed by another with a plan of its own; answers get lost,
and buyers buy meanwhile. What they bought must not be put back by a change that had landed before.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from infra.connectors.woocommerce.products import WebProductsTarget
from schemas.records import BatchName
from tests.connectors.dying_customers import Killed, Paper, dying
from tests.connectors.test_web_products import RESOURCE, changes, target_at
from tests.fakes.woo_orders import a_product, a_variation
from tests.fakes.woo_shop import Shop, Thing
from tests.fakes.woocommerce import Fake, Kind, Trouble, woocommerce

MOMENTS = 8
"""Before and after: what is begun is noted, products are sent, variations are sent, what became of it is noted."""
LOST: list[Kind] = ["drop after", "error after", "cut", "reset"]
FAILED: list[Kind] = ["drop", "error", "busy seconds"]
COUNTED = {"manage_stock": True, "stock_quantity": 5}
BEFORE, AFTER = 5, 17
ONCE = {1: 1, 2: 1, 30: 1}


@dataclass
class CountingShop(Shop):
    """Counts how often each product was changed by a batch, and sells."""

    changed: Counter[int] = field(default_factory=Counter)
    sold: Counter[str] = field(default_factory=Counter)

    def batch(self, parent_id: int | None, body: Thing) -> Thing:
        answer = super().batch(parent_id, body)
        self.changed.update(each["id"] for each in answer["update"] if "error" not in each)
        return answer

    def stocked(self) -> dict[str, Thing]:
        return {"p1": self.products[1], "v3_30": self.variations[3][30]}

    def sell(self, name: str) -> None:
        self.stocked()[name]["stock_quantity"] -= 1
        self.sold[name] += 1


@pytest.fixture
def shop() -> CountingShop:
    shop = CountingShop()
    shop.products = {
        1: a_product(1, "MUG", **COUNTED),
        2: a_product(2, "CAP", regular_price="8.44"),
        3: a_product(3, "SHIRT", type="variable", regular_price=""),
        4: a_product(4, "TEA", **COUNTED),
    }
    shop.variations = {3: {30: a_variation(30, 3, "S", **COUNTED), 31: a_variation(31, 3, "M", **COUNTED)}}
    return shop


@pytest.fixture
def fake(shop: CountingShop) -> Iterator[Fake]:
    with woocommerce(Fake(shop=shop)) as fake:
        yield fake


@dataclass
class Pushes:
    """Pushes to one shop, each of which may die, and what each said of its changes."""

    fake: Fake
    shop: CountingShop
    paper: Paper
    plans: list[pl.DataFrame] = field(default_factory=list)
    done: set[tuple[int, str]] = field(default_factory=set)

    def run(self, fatal: int, *, anew: bool) -> None:
        """Write the plan of the push before, or one that is made *anew*, and die at the moment *fatal*."""
        target = target_at(self.fake, self.paper)
        if anew or not self.plans:
            self.plans.append(self._planned(target))
        with suppress(Killed), dying(fatal):
            target.write(RESOURCE, self.plans[-1], self._name(len(self.plans)))
        self._expect_nothing_put_back()
        self._expect_done_stays_done()

    def _planned(self, target: WebProductsTarget) -> pl.DataFrame:
        """Plan what the till, which knows of all that was sold, wants changed."""
        stock = {name: {"stock": str(AFTER - self.shop.sold[name])} for name in self.shop.stocked()}
        all_of_it = changes(target, p2={"regular_price": "9.90", "name": "Hat"}, **stock)
        same = [pl.col(f"{column}_before") == pl.col(f"{column}_after") for column in RESOURCE.columns]
        return all_of_it.filter(~pl.all_horizontal(same))

    def _name(self, number: int) -> BatchName:
        return BatchName(plan_id=f"plan{number}", number=number, run_id=f"run{number}")

    def _expect_nothing_put_back(self) -> None:
        for name, thing in self.shop.stocked().items():
            assert thing["stock_quantity"] + self.shop.sold[name] in (BEFORE, AFTER)

    def _expect_done_stays_done(self) -> None:
        told = set(self.told("done"))
        assert told >= self.done
        assert len(told) == len({key for _, key in told}), "one change is done by one push"
        self.done = told

    def told(self, *outcomes: str) -> list[tuple[int, str]]:
        """Return the pushes and keys of changes of which one of these outcomes is told."""
        found = []
        for number, plan in enumerate(self.plans, start=1):
            then = target_at(self.fake, self.paper).outcomes(self._name(number))
            pairs = zip(plan["web_id"], [] if then is None else then, strict=then is not None)
            found += [(number, key) for key, outcome in pairs if outcome in outcomes]
        return found

    def expect_once(self) -> None:
        """See that each change had its effect once and is told of, and that nothing else moved."""
        assert self.shop.changed == ONCE
        for name, thing in self.shop.stocked().items():
            assert thing["stock_quantity"] == AFTER - self.shop.sold[name]
        assert (self.shop.products[2]["regular_price"], self.shop.products[2]["name"]) == ("9.90", "Hat")
        untouched = [self.shop.products[4], self.shop.variations[3][31]]
        assert untouched == [a_product(4, "TEA", **COUNTED), a_variation(31, 3, "M", **COUNTED)]
        assert {key for _, key in self.told("done", "unknown", "conflict")} == {"1", "2", "3/30"}


@pytest.fixture
def pushes(fake: Fake, shop: CountingShop, tmp_path: Path) -> Pushes:
    return Pushes(fake, shop, Paper(tmp_path))


def after_kills(pushes: Pushes, fatal: list[int], dice: random.Random) -> None:
    """Push until nobody kills it, while they buy; then once more by a plan of its own, and undisturbed."""
    for moment in [*fatal, -1]:
        pushes.run(moment, anew=dice.random() < 0.5)
        if dice.random() < 0.5:
            pushes.shop.sell(dice.choice(list(pushes.shop.stocked())))
    pushes.fake.trouble.clear()
    pushes.run(-1, anew=True)
    pushes.expect_once()


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("fatal", range(MOMENTS))
def test_a_push_that_is_killed_once_and_run_again_changes_each_product_once(
    pushes: Pushes, fatal: int, anew: bool
) -> None:
    pushes.run(fatal, anew=True)
    pushes.run(-1, anew=anew)

    pushes.expect_once()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_pushes_that_are_killed_anywhere_while_answers_are_lost_change_each_product_once(
    pushes: Pushes, seed: int
) -> None:
    dice = random.Random(seed)
    kinds: list[Any] = [dice.choice([*LOST, *FAILED]) for _ in range(dice.randrange(3))]
    pushes.fake.trouble = [
        Trouble(kind, method="POST", path=dice.choice([".*", ".*variations/batch"])) for kind in kinds
    ]

    after_kills(pushes, [dice.randrange(MOMENTS) for _ in range(dice.randrange(1, 4))], dice)

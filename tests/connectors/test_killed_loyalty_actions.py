"""However often a sweep is killed while it acts in Astro, and wherever: each action takes effect once, or it is parked.

A sweep that died is taken up again with its own plan, or followed by another with a plan of its own; requests and
answers get lost, and pet owners go on buying.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from infra.connectors.astro.target import Astro as AstroTarget
from schemas.records import BatchName
from tasks.core.loyalty.action_keys import owner_key, purchase_key, reward_key
from tests.connectors.dying_customers import Killed, Paper, dying
from tests.connectors.test_astro import BOUGHT, PURCHASE, REDEEMED, RESOURCE, REWARD, UPC, api, change, full_card
from tests.fakes.astro import Astro, open_astro
from tests.fakes.astro_books import Asked, Books, Program, Reply

OWNER, WRONG, HALF = owner_key("P-77"), purchase_key("P-77", "S-7-1"), reward_key("P-77", "1990368")
LIVES = {"standing": "known", "email": "john@example.com", "address": "1 High Street", "city": "Ghent"}
AFTER: dict[str, dict[str, Any]] = {
    OWNER: LIVES,
    PURCHASE: BOUGHT | {"quantity": 2},
    WRONG: {},
    REWARD: REDEEMED,
    HALF: REDEEMED,
}
"""What a sweep wants: an address, a purchase that is missing, one away, a reward, and one whose redemption is half."""
ONCE = {
    ("addTransaction", "S-9001-1"): 1,
    ("removeTransaction", "S-7-1"): 1,
    ("addRedemption", "1990367"): 1,
    ("removeRedemption", "1990368"): 1,
    ("addRedemption", "1990368"): 1,
}
LOSABLE = ["updateCustomer", "addTransaction", "removeTransaction", "addRedemption", "removeRedemption"]
MOMENTS = 56
"""Before and after each request and entry of these five actions, and two to spare."""


class CountingBooks(Books):
    """Counts how often each purchase and each reward was moved by what was asked; contact data may be set twice."""

    def __init__(self) -> None:
        super().__init__()
        self.done: Counter[tuple[str, str]] = Counter()

    def answer(self, endpoint: str, said: Asked) -> Reply:
        reply = super().answer(endpoint, said)
        if reply[0] == 100 and endpoint.endswith(("Transaction", "Redemption")):
            self.done[endpoint, said.get("transactionID") or said["astro_reward_id"]] += 1
        return reply

    def sell(self, transaction_id: str) -> None:
        """Enter a purchase, as the till does by itself."""
        bought = {"item_code": UPC, "item_qty": 1, "item_transaction_date": "2026-11-20"}
        super().answer("addTransaction", {"customerID": "P-77", "transactionID": transaction_id} | bought)

    def purchases(self) -> Counter[str]:
        cards = [card for owner in self.owners.values() for card in owner.cards]
        return Counter(bought["imported_transaction_id"] for card in cards for bought in card.purchases)


@pytest.fixture
def books() -> CountingBooks:
    """Two pet owners, one of whom nobody asks anything about."""
    books = CountingBooks()
    books.programs.append(Program(program_id="331", title="Buy 3 get 1", items={UPC: "Food"}, needs=("address",)))
    books.add_owner("P-77", first_name="John", last_name="Demo", email_address="john@example.com")
    books.add_owner("P-78", first_name="Ann", last_name="Other", email_address="ann@example.com")
    for customer_id, number, half in (("P-77", "5", "1990368"), ("P-78", "6", "1990369")):
        bought = {"item_code": UPC, "item_description": "Food", "purchase_date": "2026-11-01"}
        purchases = [bought | {"imported_transaction_id": f"S-{number}-1"}]
        card = {"purchases": purchases, "reward_id": half, "free_item": UPC, "redeemed_on": ""}
        books.add_card(customer_id, books.programs[0], **card)
    books.sell("S-7-1")
    return books


@pytest.fixture
def astro(books: CountingBooks) -> Iterator[Astro]:
    with open_astro() as astro:
        astro.books = books
        full_card(astro)
        yield astro


@dataclass
class Sweeps:
    """Sweeps over one Astro, each of which may die, and what each said of its actions."""

    astro: Astro
    books: CountingBooks
    paper: Paper
    plans: list[pl.DataFrame] = field(default_factory=list)
    done: set[tuple[int, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.other, self.bought = deepcopy(self.books.owners["P-78"]), self.books.purchases()

    def target(self) -> AstroTarget:
        return AstroTarget(api(self.astro), self.paper)

    def run(self, fatal: int, *, anew: bool) -> None:
        """Act by the plan of the sweep before, or by one that is made *anew*, and die at the moment *fatal*."""
        if anew or not self.plans:
            self._plan()
        number = len(self.plans)
        if self.plans[-1].height:
            with suppress(Killed), dying(fatal):
                self.target().write(RESOURCE, self.plans[-1], _name(number))
        told = set(self.told("done"))
        assert told >= self.done, "what was done stays done"
        assert len(told) == len({key for _, key in told}), "one action is done by one sweep"
        self.done = told

    def _plan(self) -> None:
        """Plan what is not as wanted."""
        held = self.target().read(RESOURCE, pl.Series(list(AFTER)))
        now = held.rows_by_key(RESOURCE.key, named=True, unique=True)
        due = [_due(key, now.get(key, {}), after) for key, after in AFTER.items()]
        self.plans.append(pl.concat([each for each in due if each is not None] or [pl.DataFrame()]))

    def told(self, *outcomes: str) -> list[tuple[int, str]]:
        """Return the sweeps and keys of actions of which one of these outcomes is told."""
        found = []
        for number, plan in enumerate(self.plans, start=1):
            if (then := self.target().outcomes(_name(number))) is not None:
                pairs = zip(plan[RESOURCE.key], then, strict=False)  # whoever died has not come to all of them
                found += [(number, key) for key, outcome in pairs if outcome in outcomes]
        return found

    def buy(self) -> None:
        """Let the owner buy something that no sweep knows of."""
        transaction_id = f"S-8-{len(self.bought)}"
        self.books.sell(transaction_id)
        self.bought[transaction_id] += 1

    def expect_once(self) -> None:
        """See that each action took effect once and is told of, and that nothing else moved."""
        assert self.books.done == ONCE
        assert self.books.owners["P-78"] == self.other
        assert self.books.purchases() == self.bought - Counter(["S-7-1"]) + Counter({"S-9001-1": 2})
        self._plan()
        assert self.plans.pop().is_empty(), "all is as wanted"
        assert {key for _, key in self.told("done", "unknown")} == set(AFTER)
        assert self.told("conflict") == [], "nobody else moved any of it"


def _name(number: int) -> BatchName:
    return BatchName(plan_id=f"plan{number}", number=number, run_id=f"run{number}")


def _due(key: str, now: Mapping[str, Any], after: Mapping[str, Any]) -> pl.DataFrame | None:
    """Return the change of one record, where one is due."""
    empty = dict.fromkeys(RESOURCE.columns, "") | {"quantity": 0}
    return (
        None if dict(now) == (empty | after if after else {}) else change(key, dict(now) or None, dict(after) or None)
    )


@pytest.fixture
def sweeps(astro: Astro, books: CountingBooks, tmp_path: Path) -> Sweeps:
    return Sweeps(astro, books, Paper(tmp_path))


def after_kills(sweeps: Sweeps, fatal: list[int], dice: random.Random) -> None:
    """Sweep until nobody kills it, while they buy; then once more by a plan of its own, and undisturbed."""
    for moment in [*fatal, -1]:
        sweeps.run(moment, anew=dice.random() < 0.5)
        if dice.random() < 0.5:
            sweeps.buy()
    sweeps.astro.drops, sweeps.astro.loses = [], []
    sweeps.run(-1, anew=True)
    sweeps.expect_once()


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("fatal", range(0, MOMENTS, 9))
def test_a_sweep_that_is_killed_once_and_run_again_does_each_action_once(
    sweeps: Sweeps, fatal: int, anew: bool
) -> None:
    sweeps.run(fatal, anew=True)
    sweeps.run(-1, anew=anew)

    sweeps.expect_once()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_sweeps_that_are_killed_anywhere_while_answers_are_lost_do_each_action_once(sweeps: Sweeps, seed: int) -> None:
    dice = random.Random(seed)
    sweeps.astro.drops = dice.sample(LOSABLE, dice.randrange(3))
    sweeps.astro.loses = dice.sample(LOSABLE, dice.randrange(3))

    after_kills(sweeps, [dice.randrange(MOMENTS) for _ in range(dice.randrange(1, 4))], dice)

"""However often a run is killed while it books orders at a till on a database, and wherever: stock moves once for each.

Sales, their lines, their movements and the levels land together. A run that died is taken up again with its own plan,
or followed by another with a plan of its own; at the till they sell on meanwhile.
"""

import gc
import random
from contextlib import suppress
from dataclasses import dataclass, field

import polars as pl
import pytest
import sqlalchemy as sa

from infra.connectors.sql.target import SqlTarget
from schemas.domain import Resource
from schemas.orders.records import SALES
from schemas.records import BatchName
from schemas.stock import LEVELS
from tests import sales
from tests.connectors.dying_databases import dying
from tests.connectors.lightspeed_crash import Killed
from tests.connectors.own_tables import Notes
from tests.connectors.shop import changes, held, level, open_shop, stock, write
from tests.connectors.till_sales import sell

HEAD = "kind | order_key | before | after\n"
BEFORE = """
    create | w:1 | null | closed 1xmug
    create | w:2 | null | closed 2xcap -1xtea
    create | w:9 | null | closed @web 1xtea
"""
FIRST = """
    create | w:3 | null         | closed 2xmug 1xcap 1x-
    create | w:4 | null         | closed neutral 3xtea
    update | w:1 | closed 1xmug | closed 3xmug
"""
SECOND = """
    create | w:5 | null               | closed @web 0.5xtea -1xtea
    update | w:2 | closed 2xcap -1xtea | voided 2xcap -1xtea
"""
BOOKED = {
    "w:1": "closed 300",
    "w:2": "voided 100",
    "w:3": "closed 400",
    "w:4": "closed 300",
    "w:5": "closed -50",
    "w:9": "closed 100",
}
THEN = {"cap@main": 9.0, "mug@main": 5.0, "mug@web": 4.0, "tea@main": 10.0, "tea@web": -0.5}
MOVED = [
    ("", "mug", "web", "opening", 4000),
    ("w:1", "mug", "main", "sale", -2000),
    ("w:2", "cap", "main", "sale", 2000),
    ("w:2", "tea", "main", "sale", -1000),
    ("w:3", "cap", "main", "sale", -1000),
    ("w:3", "mug", "main", "sale", -2000),
    ("w:4", "tea", "main", "neutral", 3000),
    ("w:4", "tea", "main", "sale", -3000),
    ("w:5", "tea", "web", "sale", 500),
]
MOMENTS = 160
"""Before and after each statement and commit of these three batches in SQLite, and a few to spare."""
Batch = tuple[Resource, pl.DataFrame]


def planned(till: SqlTarget) -> list[Batch]:
    """Plan what is still to be done: orders in two batches, and the opening of a level in a third."""
    there = held(till)
    wanted = [sales.changes(HEAD + drawn) for drawn in (FIRST, SECOND)]
    due = [orders.filter(_shown("after") != pl.col("order_key").replace(there)) for orders in wanted]
    opening = [] if "mug@web" in stock(till) else [(LEVELS, changes(LEVELS, [(None, level("mug@web", 4_000))]))]
    return [*((SALES, orders) for orders in due if orders.height), *opening]


def _shown(side: str) -> pl.Expr:
    return pl.format("{} {}", f"state_{side}", f"total_cents_{side}")


@dataclass
class Runs:
    """Runs over one till, each of which may die, and all they were going to write."""

    engine: sa.Engine
    told: dict[BatchName, int] = field(default_factory=dict)
    plan: list[Batch] = field(default_factory=list)
    number: int = 0

    def run(self, fatal: int, *, anew: bool) -> list[str]:
        """Write the plan of the run before, or one that is made *anew*; die at the moment *fatal*; name all moments."""
        till = SqlTarget(self.engine)
        if anew or not self.plan:
            self.plan, self.number = planned(till), self.number + 1
        with suppress(Killed), dying(self.engine, Notes(), fatal) as moments:
            self._write(till)
        gc.collect(1)  # young frames of whoever died hold cursors that have not been read to their end
        self.engine.dispose()
        return moments.passed

    def _write(self, till: SqlTarget) -> None:
        for place, (resource, due) in enumerate(self.plan, start=1):
            name = BatchName(plan_id=f"plan{self.number}", number=place, run_id=f"run{self.number}")
            self.told[name] = due.height
            till.write(resource, due, name)

    def expect_once(self, sold: int) -> None:
        """See that the till is as wanted, each change moved its stock once, and all of it is known as ours."""
        till = SqlTarget(self.engine)
        assert held(till) == BOOKED
        assert stock(till) == THEN | {"mug@main": THEN["mug@main"] - sold}
        assert till.edited_lines(pl.Series(list(BOOKED))).is_empty()
        ours = [till.movements(f"run{number}") for number in range(1, self.number + 1)]
        moved = pl.concat(ours).drop("plan_id").with_columns(pl.col("order_key").fill_null(""))
        assert sorted(moved.rows()) == MOVED
        known = {name: then for name in self.told if (then := till.outcomes(name)) is not None}
        assert {name: then.len() for name, then in known.items()} == {name: self.told[name] for name in known}
        assert [outcome for then in known.values() for outcome in then] == ["done"] * 6


def opened(engine: sa.Engine) -> Runs:
    """Return runs over a till that has sold before."""
    open_shop(SqlTarget(engine))
    write(SqlTarget(engine), HEAD + BEFORE, "before")
    return Runs(engine)


def after_kills(engine: sa.Engine, fatal: list[int], dice: random.Random) -> None:
    """Run until nobody kills it; in between the till sells a mug, or not."""
    runs, sold = opened(engine), 0
    for moment in [*fatal, -1]:
        runs.run(moment, anew=dice.random() < 0.5)
        if dice.random() < 0.5:
            sell(engine, "mug")
            sold += 1
    runs.expect_once(sold)


def test_a_run_has_that_many_moments(sqlite: sa.Engine) -> None:
    runs = opened(sqlite)

    assert len(runs.run(-1, anew=True)) in range(MOMENTS - 10, MOMENTS)
    runs.expect_once(sold=0)


@pytest.mark.parametrize("moment", [0, 40, 80, 120, 155])
def test_orders_are_booked_once_by_a_run_that_is_killed_once(sqlite: sa.Engine, moment: int) -> None:
    after_kills(sqlite, [moment], random.Random(moment))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_orders_are_booked_once_by_runs_that_are_killed_anywhere(database: sa.Engine, seed: int) -> None:
    dice = random.Random(seed)
    fatal = [dice.randrange(MOMENTS) for _ in range(dice.randrange(1, 4))]

    after_kills(database, fatal, dice)

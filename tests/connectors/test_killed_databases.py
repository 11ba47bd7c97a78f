"""However often an import into a database is killed, and wherever: every change lands once, and is known to be ours."""

import gc
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from infra.connectors import Connector
from infra.connectors.record_hashes import hash_of
from infra.connectors.sql.target import SqlTarget
from schemas.records import BatchName
from tasks.core.gift_cards.changes import decide_changes, operation_ids
from tasks.core.planning.changes import writable
from tests.connectors.drawn import CARDS, fill, held
from tests.connectors.dying_databases import dying
from tests.connectors.lightspeed_crash import Killed, wanted
from tests.connectors.own_tables import JournalKind, Notes, own_database

MOST_MOMENTS = 110
"""More than an import of three cards has in any database."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A database that outlives the processes which write to it; each *connect* is another of these."""

    engine: sa.Engine
    connect: Callable[[Notes], Connector]
    policies: tuple[Any, ...] = ("set", "top_up")


@pytest.fixture
def sql(database: sa.Engine) -> Place:
    return Place(engine=database, connect=lambda _: SqlTarget(database))


@pytest.fixture(params=["database", "bucket"])
def own(request: pytest.FixtureRequest, own_engine: sa.Engine) -> Place:
    """A journal that lies elsewhere remembers no top-ups: they are refused before anything is planned."""
    kind: JournalKind = request.param
    known = ("set", "top_up") if kind == "database" else ("set",)
    return Place(engine=own_engine, connect=lambda notes: own_database(own_engine, kind, notes), policies=known)


def import_cards(target: Connector, rows: pl.DataFrame, policy: Any, run: str) -> Iterator[BatchName]:
    """Do what a run does: read, plan, and write under the plan's own name, which is told before."""
    added = target.operations(operation_ids(rows, run)).filter(state="applied")["operation_id"]
    changes, _ = decide_changes(
        rows, target.read(CARDS, rows["number"]), CARDS, existing_cards=policy, reference=run, added=added
    )
    due = writable(changes)
    if due.height:
        name = BatchName(plan_id=hash_of(*due.rows())[:16], number=1, run_id=run)
        yield name
        target.write(CARDS, due, name)


def after_kills(place: Place, policy: Any, run: str, fatal: list[int]) -> None:
    """Import three cards, begun again after each death, and see that each is as wanted, once, and ours."""
    notes, file = Notes(), {f"{run}A": 500, f"{run}B": 1500, f"{run}C": 250}
    fill(place.connect(notes), f"number | card\n{run}B | EUR 1000 ACTIVE\n{run}C | EUR 1000 ACTIVE")
    names: list[BatchName] = []
    for moment in [*fatal, -1]:
        with suppress(Killed), dying(place.engine, notes, moment):
            names.extend(import_cards(place.connect(notes), wanted(file), policy, run))
        gc.collect(
            1
        )  # young frames of whoever died hold cursors that have not been read to their end, and those a lock
        place.engine.dispose()

    target = place.connect(notes)
    then = {"set": (500, 1500, 250), "top_up": (500, 2500, 1250)}[policy]
    assert held(target, *file) == [f"{card} EUR {cents} ACTIVE" for card, cents in zip(file, then, strict=True)]
    known = [outcomes for name in dict.fromkeys(names) if (outcomes := target.outcomes(name)) is not None]
    assert [each for outcomes in known for each in outcomes] == ["done"] * 3


def thrown(place: Place, seed: int) -> None:
    """Kill an import at moments thrown by dice, up to three times."""
    dice = random.Random(seed)
    fatal = [dice.randrange(MOST_MOMENTS) for _ in range(dice.randrange(1, 4))]
    after_kills(place, dice.choice(place.policies), f"S{seed}x", fatal)


@pytest.mark.parametrize("moment", [0, 5, 10, 15, 20])
def test_an_import_that_is_killed_once_lands_once(sql: Place, moment: int) -> None:
    after_kills(sql, "top_up", f"M{moment}x", [moment])


@pytest.mark.thorough
@pytest.mark.parametrize("moment", [0, 5, 10, 15, 20])
def test_so_does_one_into_a_database_of_the_users_own(own: Place, moment: int) -> None:
    after_kills(own, own.policies[-1], f"M{moment}x", [moment])


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_import_that_is_killed_anywhere_lands_once(sql: Place) -> None:
    for seed in range(200):
        thrown(sql, seed)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_so_does_one_into_a_database_of_the_users_own_that_is_killed_anywhere(own: Place) -> None:
    for seed in range(200):
        thrown(own, seed)

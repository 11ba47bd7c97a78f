"""A run that was killed: whoever comes next finds it, ends it as interrupted, and tells what it wrote."""

import json
from functools import lru_cache
from typing import Any

import pytest
import sqlalchemy as sa

from infra.databases.database import reading
from infra.ledger.tables import BATCHES, PLANS, RUNS
from tests.children import Ended, run_warm
from tests.crash.driver import LEFT_CENTS, SOLD
from tests.crash.shop import EXISTING, FILE, KILLED, Case
from tests.databases import open_database
from tests.desk import command
from tests.without_prefect_engine import new_flow_run_id, run_id_of


def state_after(case: Case, *arguments: str) -> Ended:
    output = case.folder / f"told-{next(case.numbers)}"
    return run_warm(command, case.environment, output, str(case.folder), list(arguments))


def under_way(case: Case) -> list[str]:
    """Return what the ledger takes to be going on just now."""
    queries = [
        sa.select(RUNS.c.outcome).where(RUNS.c.outcome == "running"),
        sa.select(PLANS.c.state).where(PLANS.c.state == "started"),
        sa.select(BATCHES.c.state).where(BATCHES.c.state == "started"),
    ]
    with reading(open_database(case.ledger_url)) as connection:
        return [state for query in queries for state in connection.scalars(query)]


@lru_cache
def moments(shop_case: Any) -> list[str]:
    case = shop_case("set")
    assert case.import_file(new_flow_run_id()).code == 0
    return case.moments()


def written(case: Case) -> int:
    """Count the cards that are not as they were at first; what was sold meanwhile was nobody's import."""
    return sum(cents != 1500 for number, (cents, _) in case.till().cards.items() if number != SOLD)


@pytest.mark.parametrize(
    ("back", "shop"),
    [
        (2, "sqlite_shop"),
        (6, "postgres_shop"),
        (30, "sqlite_shop"),
        *(pytest.param(back, "sqlite_shop", marks=pytest.mark.thorough) for back in (6, 10, 16)),
        *(pytest.param(back, "postgres_shop", marks=pytest.mark.thorough) for back in (2, 10, 16, 30)),
    ],
)
def test_a_killed_run_is_told_of_by_the_next_command_with_what_it_wrote(
    request: pytest.FixtureRequest, shop: str, back: int
):
    chosen = request.getfixturevalue(shop)
    case, died = chosen.case("set"), new_flow_run_id()
    stored = next(at for at, moment in enumerate(moments(chosen.case)) if "outcomes" in moment)
    assert case.import_file(died, stored - back).code == KILLED

    shown = state_after(case, "show", run_id_of(died), "--json")

    document = json.loads(shown.out)
    assert (shown.code, document["outcome"]) == (0, "interrupted"), shown
    changes = document["changes"]
    assert changes["created"] + changes["updated"] == written(case)
    assert under_way(case) == []
    assert state_after(case, "verify-run", run_id_of(died)).code == 0
    journal, _, finished = case.batches()
    assert finished == journal

    again = case.import_file(died)
    sold_meanwhile = "1 in conflict" in again.out
    assert again.out.startswith("Partly applied" if sold_meanwhile else "Applied with rejects"), again
    assert under_way(case) == []
    assert case.restore(run_id_of(died)).code == 0
    assert case.till().cards == dict.fromkeys(EXISTING, (1500, "ACTIVE")) | {SOLD: (LEFT_CENTS, "ACTIVE")}
    case.discard()


@pytest.mark.thorough
def test_the_next_run_ends_it_too(sqlite_shop):
    case, died = sqlite_shop.case("set"), new_flow_run_id()
    stored = next(at for at, moment in enumerate(moments(sqlite_shop.case)) if "outcomes" in moment)
    case.import_file(died, stored - 6)
    assert "running" in under_way(case)
    assert case.import_file(new_flow_run_id()).code == 0
    assert under_way(case) == []
    case.discard()


def test_a_run_killed_before_it_had_read_its_file_has_a_report_too(sqlite_shop):
    case, died = sqlite_shop.case("set"), new_flow_run_id()
    assert case.import_file(died, 4).code == KILLED
    document = json.loads(state_after(case, "show", run_id_of(died), "--json").out)
    assert document["outcome"] == "interrupted"
    assert "before anything was to be written" in document["says"]
    assert "report.html" in document["artifacts"], document
    assert state_after(case, "run", "gift-cards", FILE, "--mode", "apply", "--existing-cards", "set").code == 4
    case.discard()


@lru_cache
def second_attempt(shop_case: Any, fatal: int) -> list[str]:
    """Name the moments of an attempt that follows one which died at the moment *fatal*."""
    case, died = shop_case("set"), new_flow_run_id()
    case.import_file(died, fatal)
    assert "changed" in case.import_file(died).out
    return case.moments(1)


@pytest.mark.thorough
@pytest.mark.parametrize("after", [0, 1, 2])
def test_the_evidence_of_a_run_killed_as_its_second_attempt_stored_its_plan_is_found_intact(sqlite_shop, after: int):
    case, died = sqlite_shop.case("set"), new_flow_run_id()
    fatal = next(at for at, moment in enumerate(moments(sqlite_shop.case)) if "outcomes" in moment) - 10
    second = second_attempt(sqlite_shop.case, fatal)
    stored = next(at for at, moment in enumerate(second) if moment.startswith("after") and "/plan-" in moment)
    assert case.import_file(died, fatal).code == KILLED
    assert case.import_file(died, stored + after).code == KILLED

    verified = state_after(case, "verify-run", run_id_of(died))

    assert verified.code == 0, verified
    assert "follows from them" in verified.out
    case.discard()

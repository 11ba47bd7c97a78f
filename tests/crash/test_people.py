"""An import of customers that dies at any moment, and is run again: nobody is lost, nobody is there twice."""

from collections.abc import Callable
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crash.shop import KILLED, PEOPLE_AT_FIRST, Case, Scenario, Shop
from tests.examples import spread
from tests.without_prefect_engine import new_flow_run_id, run_id_of

EVERYBODY = sorted((f"person{n}@example.se", "Lund") for n in range(1, 31))
AT_FIRST = sorted((str(person["email"]), str(person["city"])) for person in PEOPLE_AT_FIRST)


@lru_cache
def moments(shop_case: Callable[[Scenario], Case]) -> list[str]:
    """Name the moments that a clean import passes, and see that it does what the file says."""
    case = shop_case("set")
    ended = case.import_people(new_flow_run_id())
    assert ended.out.startswith("Applied with rejects"), ended
    assert case.people() == EVERYBODY
    return case.moments()


def die_and_run_again(shop: Shop, fatal: int, *, same_run: bool) -> None:
    case, died = shop.case("set"), new_flow_run_id()
    again = died if same_run else new_flow_run_id()
    assert case.import_people(died, fatal).code == KILLED
    ended = case.import_people(again)
    assert ended.code == 0, ended.err
    assert case.people() == EVERYBODY

    for run_id in dict.fromkeys((run_id_of(again), run_id_of(died))):
        assert case.restore(run_id).code == 0
    assert case.people() == AT_FIRST
    case.discard()


def test_dying_at_the_first_a_middle_or_the_last_moment_leaves_everybody_there_once(sqlite_shop):
    for nth, fatal in enumerate(spread(range(len(moments(sqlite_shop.case))))):
        die_and_run_again(sqlite_shop, fatal, same_run=bool(nth % 2))


@pytest.mark.thorough
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_dying_at_any_moment_leaves_everybody_there_once(sqlite_shop, data):
    fatal = data.draw(st.integers(0, len(moments(sqlite_shop.case)) - 1), label="moment")
    die_and_run_again(sqlite_shop, fatal, same_run=data.draw(st.booleans(), label="same run"))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_dying_at_every_third_moment_leaves_everybody_there_once(sqlite_shop):
    for fatal in range(0, len(moments(sqlite_shop.case)), 3):
        die_and_run_again(sqlite_shop, fatal, same_run=bool(fatal % 2))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_on_postgresql_too(postgres_shop):
    for fatal in range(0, len(moments(postgres_shop.case)), 7):
        die_and_run_again(postgres_shop, fatal, same_run=bool(fatal % 2))

"""An import that dies at any moment, and is run again: nothing is lost, nothing is done twice, and it can be undone."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.crash.driver import LEFT_CENTS, SOLD
from tests.crash.shop import EXISTING, KILLED, Case, Scenario, Shop, Till
from tests.examples import spread
from tests.without_prefect_engine import new_flow_run_id, run_id_of

SCENARIOS: tuple[Scenario, ...] = ("set", "top_up")
NEW = {f"NEW{n:02}": (1000, "ACTIVE") for n in range(1, 22)}
EXIT_WITH_REJECTS = 4
MOMENTS_OF_ONE_BATCH = 6
AT_FIRST = dict.fromkeys(EXISTING, (1500, "ACTIVE")) | {SOLD: (LEFT_CENTS, "ACTIVE")}


@dataclass(frozen=True, kw_only=True)
class Clean:
    """An import that goes through, run twice: the moments it passes, and the till in the end."""

    moments: list[str]
    till: Till


@lru_cache
def clean(shop_case: Callable[[Scenario], Case], scenario: Scenario) -> Clean:
    case = shop_case(scenario)
    for _ in range(2):
        ended = case.import_file(new_flow_run_id())
        assert ended.code == 0, ended.err
    return Clean(moments=case.moments(), till=case.till())


def die_and_run_again(shop: Shop, scenario: Scenario, fatal: int, *, same_run: bool) -> None:
    """Kill one import at a moment, run it again (as a new run, or the same one retried), and undo what was done."""
    case, died = shop.case(scenario), new_flow_run_id()
    again = died if same_run else new_flow_run_id()
    assert case.import_file(died, fatal).code == KILLED
    case.sell()
    ended = case.import_file(again)
    assert ended.out.startswith("Applied with rejects"), ended
    assert case.till() == clean(shop.case, scenario).till
    expect_agreement(case)

    for run_id in dict.fromkeys((run_id_of(again), run_id_of(died))):
        restored = case.restore(run_id)
        assert restored.code == 0, restored.err
    undone = case.till()
    assert undone.cards == AT_FIRST
    assert set(undone.additions.values()) <= {"reversed"}
    case.discard()


def expect_agreement(case: Case) -> None:
    """Whatever the target has, the ledger knows of; whatever the ledger calls finished, the target has."""
    journal, begun, finished = case.batches()
    assert finished <= journal <= begun


@pytest.mark.thorough
def test_a_clean_import_passes_as_many_moments_as_it_writes(sqlite_shop):
    moments = clean(sqlite_shop.case, "set").moments
    assert len(moments) % 2 == 0
    assert sum("outcomes" in moment for moment in moments) == 2


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_clean_import_leaves_what_the_file_says(sqlite_shop, scenario):
    cards = clean(sqlite_shop.case, scenario).till.cards
    if scenario == "set":
        wanted = dict.fromkeys(EXISTING[:12], (2000, "ACTIVE")) | dict.fromkeys(EXISTING[12:], (1500, "ACTIVE"))
    else:
        wanted = dict.fromkeys(EXISTING[:12], (3500, "ACTIVE")) | dict.fromkeys(EXISTING[12:], (3000, "ACTIVE"))
        wanted[SOLD] = (LEFT_CENTS + 2000, "ACTIVE")
    assert cards == wanted | NEW


@pytest.mark.thorough
@pytest.mark.parametrize(("scenario", "nth", "same_run"), [("set", 0, False), ("top_up", 1, True), ("set", 2, True)])
def test_dying_at_the_first_a_middle_or_the_last_moment_does_no_harm(sqlite_shop, scenario, nth, same_run):
    fatal = spread(range(len(clean(sqlite_shop.case, scenario).moments)))[nth]
    die_and_run_again(sqlite_shop, scenario, fatal, same_run=same_run)


@pytest.mark.thorough
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_dying_at_any_moment_does_no_harm(sqlite_shop, data):
    scenario = data.draw(st.sampled_from(SCENARIOS), label="scenario")
    moments = clean(sqlite_shop.case, scenario).moments
    fatal = data.draw(st.integers(0, len(moments) - 1), label="moment")
    die_and_run_again(sqlite_shop, scenario, fatal, same_run=data.draw(st.booleans(), label="same run"))


@pytest.mark.thorough
def test_dying_within_a_batch_of_a_run_in_prefect_does_no_harm(sqlite_shop):
    moments = clean(sqlite_shop.case, "top_up").moments
    stored = next(at for at, moment in enumerate(moments) if "outcomes" in moment)
    case = sqlite_shop.case("top_up")
    assert case.type_import(fatal=stored - MOMENTS_OF_ONE_BATCH).code == KILLED
    journal, begun, _ = case.batches()
    assert 0 < len(journal) <= len(begun) <= 4

    assert case.type_import().code == EXIT_WITH_REJECTS
    topped_up = {number: (3500 if number in EXISTING[:12] else 3000, "ACTIVE") for number in EXISTING}
    assert case.till().cards == topped_up | NEW
    expect_agreement(case)
    case.discard()


@pytest.mark.thorough
def test_a_run_that_had_written_all_when_it_died_says_so_after_its_retry(sqlite_shop):
    moments = clean(sqlite_shop.case, "set").moments
    stored = next(at for at, moment in enumerate(moments) if "outcomes" in moment)
    case, run = sqlite_shop.case("set"), new_flow_run_id()
    assert case.import_file(run, stored).code == KILLED
    ended = case.import_file(run)
    assert ended.out.startswith("Applied with rejects\n1 changed, 36 unchanged, 3 rejected")
    assert "; an earlier attempt of this run wrote: 21 new, 11 changed\n" in ended.out
    case.discard()


@pytest.mark.thorough
def test_undoing_an_interrupted_run_leaves_alone_what_a_later_run_did_of_the_same_file(sqlite_shop):
    moments = clean(sqlite_shop.case, "set").moments
    stored = next(at for at, moment in enumerate(moments) if "outcomes" in moment)
    case, died = sqlite_shop.case("set"), new_flow_run_id()
    case.import_file(died, stored - MOMENTS_OF_ONE_BATCH)
    halfway = case.till().cards
    case.import_file(new_flow_run_id())
    case.restore(run_id_of(died))

    by_the_first = {number for number in halfway if halfway[number] != AT_FIRST.get(number)}
    left = case.till().cards
    assert by_the_first
    assert {number: left.get(number) for number in by_the_first} == {n: AT_FIRST.get(n) for n in by_the_first}
    by_the_second = clean(sqlite_shop.case, "set").till.cards.items() - halfway.items()
    assert by_the_second and by_the_second <= left.items()
    case.discard()


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("shop", "scenario"), [("sqlite_shop", "set"), ("sqlite_shop", "top_up"), ("postgres_shop", "top_up")]
)
def test_dying_at_every_single_moment_does_no_harm(request, shop, scenario):
    chosen = request.getfixturevalue(shop)
    count = len(clean(chosen.case, scenario).moments)
    with ThreadPoolExecutor(2) as pool:
        deaths = {
            fatal: pool.submit(die_and_run_again, chosen, scenario, fatal, same_run=fatal % 4 > 1)
            for fatal in range(count)
        }
    harm = {fatal: death.exception() for fatal, death in deaths.items() if death.exception()}
    assert harm == {}

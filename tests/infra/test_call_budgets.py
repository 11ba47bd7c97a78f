"""A budget of calls that all processes of an installation share, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from infra.ledger import Ledger
from infra.ledger.call_budgets import CallBudget

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
WINDOW = timedelta(minutes=5)


@pytest.fixture
def budget(ledger: Ledger) -> CallBudget:
    """Ten calls in five minutes."""
    return CallBudget(ledger.engine, "shop", 10, WINDOW)


def seconds(number: float) -> datetime:
    return NOON + timedelta(seconds=number)


def spend(budget: CallBudget, calls: int, at: datetime) -> None:
    for _ in range(calls):
        assert budget.reserve(at) == at


def test_as_many_calls_go_as_there_are_and_then_none_until_the_first_is_old(budget: CallBudget) -> None:
    spend(budget, 4, seconds(0))
    spend(budget, 6, seconds(60))

    assert budget.calls_left(seconds(60)) == 0
    assert budget.reserve(seconds(60)) == seconds(301)
    assert budget.reserve(seconds(300)) == seconds(301)
    spend(budget, 4, seconds(301))
    assert budget.reserve(seconds(301)) == seconds(361)


def test_a_reservation_that_does_not_fit_takes_nothing(budget: CallBudget) -> None:
    spend(budget, 8, seconds(0))

    assert budget.reserve(seconds(1), calls=3) == seconds(301)
    assert budget.calls_left(seconds(1)) == 2


def test_who_asks_for_so_many_calls_hears_when_they_can_be_made(budget: CallBudget) -> None:
    spend(budget, 3, seconds(0))
    spend(budget, 3, seconds(100))

    assert [budget.reserve(seconds(200), calls) for calls in (99, 10, 8, 7, 5, 4)] == [
        seconds(401),
        seconds(401),
        seconds(401),
        seconds(301),
        seconds(301),
        seconds(200),
    ]


def test_processes_at_once_never_spend_more_than_there_is(budget: CallBudget) -> None:
    with ThreadPoolExecutor(8) as several:
        went = list(several.map(lambda n: budget.reserve(seconds(n % 3)) == seconds(n % 3), range(40)))

    assert sum(went) == 10


def test_what_others_spent_of_it_is_taken_from_what_the_system_says(budget: CallBudget) -> None:
    spend(budget, 2, seconds(0))

    budget.observe(limit=10, remaining=3, at=seconds(10))

    assert budget.calls_left(seconds(10)) == 3
    assert budget.reserve(seconds(10), 4) == seconds(301)


def test_calls_that_are_still_on_their_way_are_not_counted_twice(budget: CallBudget) -> None:
    spend(budget, 5, seconds(0))

    budget.observe(limit=10, remaining=8, at=seconds(1))

    assert budget.calls_left(seconds(1)) == 5


def test_the_system_says_how_many_it_allows(budget: CallBudget) -> None:
    budget.observe(limit=650, remaining=649, at=seconds(0))

    assert budget.calls_left(seconds(0)) == 649


def test_a_system_that_asks_to_be_left_alone_is_left_alone(budget: CallBudget) -> None:
    budget.close(seconds(90))

    assert (budget.calls_left(seconds(0)), budget.reserve(seconds(0))) == (0, seconds(90))
    assert budget.reserve(seconds(89)) == seconds(90)
    assert budget.reserve(seconds(90)) == seconds(90)


def test_systems_have_budgets_of_their_own(budget: CallBudget) -> None:
    spend(budget, 10, seconds(0))

    assert CallBudget(budget.engine, "another", 10, WINDOW).calls_left(seconds(0)) == 10

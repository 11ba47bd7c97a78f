"""How long writing takes in a system that takes so many calls in a time, and when a person is asked about it."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.capabilities import CallCosts, CallWindow
from schemas.gift_cards import GIFT_CARDS
from tasks.core.planning.call_budgets import concern_of_effort, estimate_effort, seconds_for
from tasks.core.wording.durations import duration_text

ONE_REGISTER = CallWindow(calls=350, seconds=300, left=350)
ECOM_5_MINUTES = CallWindow(calls=300, seconds=300, left=300)
ECOM_DAY = CallWindow(calls=12_000, seconds=86_400, left=12_000)


def changes(**kinds: int) -> pl.DataFrame:
    return pl.DataFrame({"kind": [kind for kind, count in kinds.items() for _ in range(count)]})


@pytest.mark.parametrize(
    ("calls", "windows", "said"),
    [
        (0, [ONE_REGISTER], "0 s"),
        (100, [ONE_REGISTER], "30 s"),
        (350, [ONE_REGISTER], "2 min"),
        (351, [ONE_REGISTER], "10 min"),
        (10_000, [ONE_REGISTER], "2 h 25 min"),
        (12_000, [ECOM_5_MINUTES, ECOM_DAY], "3 h 20 min"),
        (30_000, [ECOM_5_MINUTES, ECOM_DAY], "3 days"),
        (30_000, [], "2 h 30 min"),
    ],
)
def test_writing_takes_as_long_as_the_narrowest_window_lets_it(calls: int, windows: list[CallWindow], said: str):
    assert duration_text(seconds_for(calls, windows)) == said


def test_what_undoing_takes_is_the_cost_of_each_change_the_other_way_round():
    costs = CallCosts(create=1, update=3, remove=2)
    effort = estimate_effort(changes(create=10, update=5, remove=1), costs, [ONE_REGISTER])
    assert (effort.calls, effort.undo_calls) == (10 * 1 + 5 * 3 + 1 * 2, 10 * 2 + 5 * 3 + 1 * 1)


def test_nobody_is_asked_about_a_plan_that_is_written_within_the_usual_time():
    costs = CallCosts(create=1, update=1, remove=1)
    assert concern_of_effort(None, GIFT_CARDS.limits) == ()
    quick = estimate_effort(changes(create=350), costs, [ONE_REGISTER])
    assert concern_of_effort(quick, GIFT_CARDS.limits) == ()


@given(st.integers(0, 50_000), st.integers(0, 350))
def test_the_override_that_a_concern_names_lets_the_plan_pass_and_one_minute_less_does_not(created: int, left: int):
    window = CallWindow(calls=350, seconds=300, left=left)
    effort = estimate_effort(changes(create=created), CallCosts(create=1, update=1, remove=1), [window])
    for concern in concern_of_effort(effort, GIFT_CARDS.limits):
        minutes = int(concern.override.removeprefix("max_minutes="))
        assert concern_of_effort(effort, GIFT_CARDS.limits.raised(minutes=minutes)) == ()
        assert concern_of_effort(effort, GIFT_CARDS.limits.raised(minutes=minutes - 1)) != ()


@given(st.integers(0, 100_000), st.integers(0, 1_000), st.integers(0, 350))
def test_more_calls_never_take_less_time(calls: int, more: int, left: int):
    windows = [CallWindow(calls=350, seconds=300, left=left), ECOM_DAY]
    assert seconds_for(calls, windows) <= seconds_for(calls + more, windows)

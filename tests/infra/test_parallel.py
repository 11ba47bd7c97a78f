"""Parts that this process works on beside each other: in order, few at a time, and seen to the end."""

from collections.abc import Iterator
from threading import Barrier, Event, Lock

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.context import opened, settings
from infra.parallel import on_all_cores
from infra.settings import Settings
from infra.systems import systems_of
from schemas.gift_cards import GiftCards
from schemas.problems import Refused
from tasks.core.checking.pandera_checks import judge


@pytest.fixture(autouse=True)
def _alone() -> Iterator[None]:
    with opened(systems_of(Settings(shop="main"))):
        yield


@given(numbers=st.lists(st.integers()))
def test_answers_come_in_the_order_of_what_was_asked(numbers: list[int]):
    assert list(on_all_cores(str, iter(numbers), len(numbers))) == [str(number) for number in numbers]


def test_two_parts_are_worked_on_at_once():
    both = Barrier(2, timeout=30)

    assert len(list(on_all_cores(lambda _: both.wait(), range(4), 4))) == 4


def test_no_more_than_two_parts_are_held_at_once():
    taken, given_back = 0, 0

    def parts() -> Iterator[int]:
        nonlocal taken
        for number in range(10):
            taken += 1
            assert taken - given_back <= 2
            yield number

    for _ in on_all_cores(str, parts(), 10):
        given_back += 1

    assert (taken, given_back) == (10, 10)


def test_the_first_part_that_fails_ends_the_work_and_what_is_under_way_is_waited_for():
    begun, done, lock = Event(), list[int](), Lock()

    def work(number: int) -> None:
        if number == 0:
            begun.wait(30)
            raise Refused("no")
        begun.set()
        with lock:
            done.append(number)

    with pytest.raises(Refused):
        list(on_all_cores(work, range(9), 9))

    assert done == [1]


def test_rows_are_judged_beside_each_other_as_one_by_one():
    """Pandera keeps what it judges by in the context of each thread: a part must not end the judging of another."""
    parts = [pl.DataFrame({"line": [1, 2], "number": ["GC1", wrong]}) for wrong in ["", "GC 2"] * 100]
    typed = [
        part.cast({"line": pl.UInt32}).with_columns(currency=pl.lit("EUR"), balance_cents=pl.lit(1, pl.Int64))
        for part in parts
    ]

    def found(part: pl.DataFrame) -> list[tuple[int, str]]:
        return list(judge(GiftCards, part).select("line", "code").iter_rows())

    beside = list(on_all_cores(found, typed, len(typed)))

    assert beside == [found(part) for part in typed]
    assert all(found == [(2, "GIFT_NUMBER_CHARS")] for found in beside)


def test_parts_see_the_systems_that_are_open_here():
    assert list(on_all_cores(lambda _: settings().shop, range(2), 2)) == ["main", "main"]

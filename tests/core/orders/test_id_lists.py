"""The ids of a list that moves: what stays in it is seen, and the reading ends."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.orders import id_lists
from tasks.core.orders.id_lists import Place, read_on

PART = 6
MOST_PARTS = 400


@pytest.fixture(autouse=True, scope="module")
def small_parts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(id_lists, "PER_PART", PART)
        patch.setattr(id_lists, "_OVERLAP", 2)
        yield


def read(steady: set[int], moving: list[set[int]], unreadable: set[int], *, counted: bool) -> set[int]:
    """Read a list of the *steady* ids and, at each part, of those that are in it just then."""
    seen, place, parts = set[int](), Place(), 0
    there = steady
    while place is not None:
        parts += 1
        assert parts < MOST_PARTS, "the reading does not end"
        there = steady | moving[parts - 1] if parts <= len(moving) else there
        ids = [each for each in sorted(there)[place.offset : place.offset + PART] if each not in unreadable]
        seen |= {*ids}
        following = read_on(place, ids, len(there) if counted and (ids or not place.offset) else None)
        assert following is None or following.offset >= 0
        place = following  # type: ignore[assignment]
    return seen


steady_ids = st.sets(st.integers(1, 60).map(lambda n: 2 * n), max_size=40)
moving_ids = st.lists(st.sets(st.integers(0, 60).map(lambda n: 2 * n + 1), max_size=30), max_size=40)


@given(steady=steady_ids, moving=moving_ids, counted=st.booleans())
def test_whatever_enters_and_leaves_between_two_parts_what_stays_is_seen(
    steady: set[int], moving: list[set[int]], *, counted: bool
):
    settled = [*moving, set[int]()]
    assert steady <= read(steady, settled, set(), counted=counted)


@given(steady_ids, st.sets(st.integers(1, 60).map(lambda n: 2 * n)))
def test_what_a_shop_counts_and_cannot_show_ends_no_reading(steady: set[int], unreadable: set[int]):
    assert read(steady, [], unreadable, counted=True) == steady - unreadable


@given(st.integers(0, 100))
def test_a_list_that_stands_still_is_read_in_few_parts(count: int):
    asked: list[int] = []
    place: Place | None = Place()
    while place:
        asked.append(place.offset)
        place = read_on(place, [*range(count)][place.offset : place.offset + PART], count)
    assert len(asked) <= 1 + count // (PART - 2)

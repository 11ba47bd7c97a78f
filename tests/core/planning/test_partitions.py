"""Cutting frames into parts."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.planning.partitions import ROWS_AT_ONCE, parted, parts_for

KEYS = st.lists(st.text("abAB1", min_size=1, max_size=3), max_size=40)


def cards(numbers: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"number": numbers, "row": range(len(numbers))}, schema={"number": pl.String, "row": pl.Int64})


@given(KEYS, st.integers(1, 5))
def test_every_row_is_in_exactly_one_part(numbers: list[str], parts: int):
    together = pl.concat(list(parted(cards(numbers), "number", parts)))

    assert together.sort("row").equals(cards(numbers))


@given(KEYS, KEYS, st.integers(2, 5))
def test_one_key_of_two_frames_is_in_the_same_part_in_any_letter_case(left: list[str], right: list[str], parts: int):
    pairs = zip(parted(cards(left), "number", parts), parted(cards(right), "number", parts), strict=True)
    places = [(set(a["number"].str.to_lowercase()), set(b["number"].str.to_lowercase())) for a, b in pairs]

    elsewhere = [a & others for n, (a, _) in enumerate(places) for m, (_, others) in enumerate(places) if n != m]
    assert not any(elsewhere)


def test_frames_are_cut_only_when_they_are_large():
    assert [parts_for(rows) for rows in (0, 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 5 * ROWS_AT_ONCE)] == [1, 1, 1, 2, 5]

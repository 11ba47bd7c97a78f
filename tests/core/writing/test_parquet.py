"""Rows that are packed while they are made."""

import io
from collections.abc import Iterator

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.problems import Unavailable
from tasks.core.writing.parquet import pack_coming, pack_parts, pack_rows, sizes_of

NOTHING = pl.DataFrame(schema={"number": pl.String, "cents": pl.Int64})


def rows(first: int, height: int) -> pl.DataFrame:
    numbers = range(first, first + height)
    return pl.DataFrame({"number": [f"GC{n}" for n in numbers], "cents": list(numbers)}, schema=NOTHING.schema)


@given(heights=st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_parts_are_read_as_they_came_and_their_sizes_are_known(heights: list[int]) -> None:
    parts = [rows(10 * at, height) for at, height in enumerate(heights)]

    packed = pack_parts(iter(parts))

    assert sizes_of(packed) == heights
    assert pl.read_parquet(io.BytesIO(packed)).equals(pl.concat(parts))


@given(heights=st.lists(st.integers(0, 5), min_size=1, max_size=8))
def test_how_rows_were_cut_into_parts_is_not_seen_in_the_file(heights: list[int]) -> None:
    parts = [rows(10 * at, height) for at, height in enumerate(heights)]

    assert pack_coming(iter(parts)) == pack_rows(pl.concat(parts).lazy())


@pytest.mark.parametrize("pack", [pack_parts, pack_coming])
def test_what_goes_wrong_in_making_a_part_is_raised_as_it_is(pack) -> None:
    def parts() -> Iterator[pl.DataFrame]:
        yield NOTHING
        yield rows(1, 3)
        raise Unavailable("The database did not answer.")

    with pytest.raises(Unavailable, match="did not answer"):
        pack(parts())

"""A rejected row of one of several files is known by its place, as the ledger knows only lines."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.loyalty.reject_places import kind_of, named_by, place_of, places_of

KINDS = st.sampled_from(["redemption", "transaction", "answer"])
LINES = st.integers(1, 9_999_999)
ROWS = st.tuples(st.integers(1, 20), KINDS, LINES)


@given(rows=st.sets(ROWS, max_size=20))
def test_no_two_rows_have_one_place_and_each_place_tells_its_kind(rows: set[tuple[int, str, int]]):
    places = [place_of(*row) for row in rows]  # type: ignore[arg-type]  # drawn from the kinds

    assert len(set(places)) == len(rows)
    assert [kind_of(place) for place in places] == [kind for _, kind, _ in rows]


@given(row=ROWS, others=st.sets(ROWS, max_size=10))
def test_a_row_that_comes_back_is_found_unless_two_could_be_meant(
    row: tuple[int, str, int], others: set[tuple[int, str, int]]
):
    number, kind, line = row
    places = {place_of(*each) for each in (row, *others)}  # type: ignore[arg-type]  # drawn from the kinds
    alike = {each for each in (row, *others) if each[1:] == (kind, line)}

    assert named_by([(line, kind)], places) == ((place_of(*row),) if len(alike) == 1 else ())  # type: ignore[arg-type]
    assert number >= 1


def test_the_rows_of_the_first_report_of_redemptions_stand_where_its_lines_do():
    findings = pl.DataFrame({"line": [3, 3, 7], "code": ["B", "A", "A"]})

    assert places_of(1, "redemption", findings).rows() == [(3, "A B", ""), (7, "A", "")]
    assert places_of(2, "transaction", findings)["line"].to_list() == [40_000_003, 40_000_007]

"""Which lines a run is told: those that were chosen of those that change something, and no others."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.chosen_rows import lines_chosen
from schemas.problems import FileNeedsFixing, Refused
from tasks.core.planning.chosen_lines import is_chosen

CHANGING = [2, 3, 5, 6, 7, 40]


@pytest.mark.parametrize(
    ("ticked", "named", "first", "lines"),
    [
        ([3, 2], "", 0, "2-3"),
        ([2, 4], "", 0, "2"),
        ([], "5-99", 0, "5-7, 40"),
        ([], "", 3, "2-5"),
        ([40], "6", 2, "2-3, 6, 40"),
        ([], "", 99, "2-40"),
    ],
)
def test_lines_are_those_ticked_those_named_and_the_first(ticked: list[int], named: str, first: int, lines: str):
    assert lines_chosen(CHANGING, ticked=ticked, named=named, first=first) == lines


@pytest.mark.parametrize(("named", "problem"), [("", Refused), ("900", Refused), ("some", FileNeedsFixing)])
def test_choosing_none_is_said(named: str, problem: type[Exception]):
    with pytest.raises(problem):
        lines_chosen(CHANGING, ticked=[], named=named, first=0)


LINES = st.sets(st.integers(2, 60), min_size=1).map(sorted)


@given(changing=LINES, ticked=LINES, first=st.integers(0, 70))
def test_a_run_carries_out_what_was_chosen_and_nothing_else_that_would_change(
    changing: list[int], ticked: list[int], first: int
):
    wanted = {*changing[:first], *(set(changing) & set(ticked))}
    if not wanted:
        return
    text = lines_chosen(changing, ticked=ticked, named="", first=first)
    assert set(pl.DataFrame({"line": changing}).filter(is_chosen(text))["line"]) == wanted

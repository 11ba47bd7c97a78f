"""A run that is to carry out some lines of a file holds the others."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.problems import FileNeedsFixing
from tasks.core.planning.changes import WRITTEN, writable
from tasks.core.planning.chosen_lines import NOT_CHOSEN, hold_other_lines
from tests.tables import frame

SHAPE = {"line": pl.UInt32, "kind": pl.String, "code": pl.String}
CHANGES = """
    line | kind     | code
    -----+----------+------------
    2    | create   |
    3    | held     | GIFT_VOIDED
    4    | update   |
    57   | remove   |
    null | create   |
    """


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ("", [2, 4, 57, None]),
        ("2", [2]),
        ("2-4", [2, 4]),
        ("3-56, 57", [4, 57]),
        ("2,57-60", [2, 57]),
        ("5-56", []),
        ("1-999999999", [2, 4, 57]),
        ("4-2", []),
    ],
)
def test_only_the_changes_of_chosen_lines_are_written(lines, written):
    assert writable(hold_other_lines(frame(CHANGES, SHAPE), lines))["line"].to_list() == written


def test_what_was_held_before_keeps_its_own_reason():
    held = hold_other_lines(frame(CHANGES, SHAPE), "2").filter(kind="held")
    assert held.select("line", "code").rows() == [
        (3, "GIFT_VOIDED"),
        (4, NOT_CHOSEN),
        (57, NOT_CHOSEN),
        (None, NOT_CHOSEN),
    ]


@pytest.mark.parametrize("lines", ["two", "2-", "-3", "2;3", "2,", "2-3-4", "9" * 10, "²"])
def test_what_names_no_lines_is_refused_with_what_would(lines):
    with pytest.raises(FileNeedsFixing, match="Write them like 2-40, 57"):
        hold_other_lines(frame(CHANGES, SHAPE), lines)


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from([*WRITTEN, "held", "conflict"])), max_size=30), st.data())
def test_chosen_lines_and_the_rest_of_them_are_all_changes_once(drawn, data):
    changes = pl.DataFrame([(line, kind, "") for line, kind in drawn], schema=SHAPE, orient="row")
    until = data.draw(st.integers(1, 60))
    first, rest = (writable(hold_other_lines(changes, lines)) for lines in (f"1-{until}", f"{until + 1}-60"))
    assert sorted(pl.concat([first, rest]).rows()) == sorted(writable(changes).rows())
    assert hold_other_lines(changes, f"1-{until}").height == changes.height

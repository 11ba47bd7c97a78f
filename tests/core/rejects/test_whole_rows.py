"""Rows of a file that are given back without being taken apart."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.reading.original_rows import splitter
from tasks.core.rejects.whole_rows import all_neutral, stand_as_they_are
from tasks.core.writing.files import neutral

SHARDS = ["a", "1", ";", '"', '"a"', '"";', "=", "+", "'", " ", "\n", "\t"]
records = st.lists(st.lists(st.sampled_from(SHARDS), max_size=9).map("".join), min_size=1, max_size=20)


@given(records, st.sampled_from([";", "\t"]), st.integers(1, 4))
def test_a_row_that_stands_as_it_is_would_come_out_the_same_cell_by_cell(rows, separator, width):
    column = pl.Series(rows, dtype=pl.String)
    found = zip(rows, stand_as_they_are(column, separator, width), all_neutral(column, separator), strict=True)

    for row, written in [(row, written) for row, stands, written in found if stands]:
        cells = splitter(separator)(row)
        assert len(cells) == width
        assert written == separator.join(map(neutral, cells))


def test_rows_with_cells_in_quotes_are_given_back_as_they_are():
    found = {
        'a;"b;c";d': True,
        '"a";"say ""b""";+46 70': True,
        ';"";""': True,
        "a;b": False,  # too narrow
        '"a;b': False,  # a quote that is never closed
        'a"b;c"d;e': False,  # a letter, not a quote
        '"a;=b";c;d': False,  # what looks like a cell that a spreadsheet runs, and is a part of one
    }
    assert stand_as_they_are(pl.Series(list(found)), ";", 3).to_list() == list(found.values())

"""Which rows say nothing new, told by hashes first and cell by cell where these differ."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.planning.unchanged_rows import says_nothing_new

COLUMNS = ("first", "last")
HELD = pl.DataFrame({"id": ["1", "2", "3"], "first": ["Åsa", "Nils", ""], "last": ["Ek", "Ny", ""]})


def judged(*rows: tuple[str | None, ...], held: pl.DataFrame = HELD) -> list[bool]:
    frame = pl.DataFrame(list(rows), schema=dict.fromkeys(("id", *COLUMNS), pl.String), orient="row")
    keys, same = says_nothing_new(frame.lazy(), held.lazy(), "id", COLUMNS)
    assert keys.to_list() == [row[0] for row in rows]
    return same.to_list()


@pytest.mark.parametrize(
    ("row", "same"),
    [
        (("1", "Åsa", "Ek"), True),
        (("1", "Åsa", "Ek "), False),
        (("1", "Ek", "Åsa"), False),
        (("1", None, "Ek"), True),
        (("1", None, None), True),
        (("1", "", "Ek"), False),
        (("3", None, ""), True),
        (("3", None, "Ek"), False),
        (("9", "Åsa", "Ek"), False),
        (("", "Åsa", "Ek"), False),
    ],
)
def test_a_row_says_nothing_new_if_every_cell_that_it_gives_stands_there_just_so(row, same):
    assert judged(row) == [same]


def test_each_row_is_told_by_itself():
    assert judged(("2", "Nils", "Ny"), ("1", "Nils", "Ny"), ("1", "Åsa", None)) == [True, False, True]


def test_in_an_empty_register_all_is_new():
    assert judged(("1", "Åsa", "Ek"), held=HELD.clear()) == [False]


cells = st.sampled_from([None, "", "a", "b", "ab"])


@given(st.lists(st.tuples(st.sampled_from("123456"), cells, cells), max_size=8), st.permutations("12345"), st.data())
def test_it_is_the_same_as_looking_at_every_cell(rows, ids, data):
    texts = st.sampled_from(["", "a", "b", "ab"])
    there = {number: (data.draw(texts), data.draw(texts)) for number in ids}
    held = pl.DataFrame([(n, *names) for n, names in there.items()], schema=["id", *COLUMNS], orient="row")
    expected = [
        number in there and all(said in (None, held) for said, held in zip(names, there[number], strict=True))
        for number, *names in rows
    ]
    assert judged(*rows, held=held) == expected

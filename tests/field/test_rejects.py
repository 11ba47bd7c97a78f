"""Files from the field about rejects: those that were only opened and saved, and those that ended in a fault."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.customers import TIXLY
from schemas.domain import Dialect
from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from tasks.core.reading.table import read_table
from tasks.core.rejects.lineage import followed_run, read_references, reading_lines
from tests.core.rejects.test_returned_rows import SIZES, again, first

HERE = Path(__file__).parent


def test_a_row_that_was_too_wide_does_not_go_in_when_its_rejects_file_was_only_saved() -> None:
    came = first((HERE / "R-wide-row.csv").read_bytes())
    assert came.accepted["number"].to_list() == ["GC2"]
    saved = (HERE / "R-wide-row-rejects-resaved.csv").read_bytes()
    assert again(saved, came).accepted.is_empty()
    assert again(came.rejects, came).accepted.is_empty()


def test_a_row_cut_short_does_not_go_in_filled_up() -> None:
    came = first((HERE / "R-cut-short.csv").read_bytes(), TIXLY)
    assert came.accepted["email"].to_list() == ["anna@kund.se"]
    assert again(came.rejects, came, TIXLY).accepted.is_empty()
    right = again(came.rejects.replace(b";Lu;", b";Lund;"), came, TIXLY)
    assert right.accepted["city"].to_list() == ["Lund"]


@pytest.mark.parametrize("name", ["R-sep-point.csv", "R-sep-e.csv"])
def test_a_separator_that_cannot_be_one_is_told_in_words(name: str) -> None:
    with pytest.raises(FileNeedsFixing, match="declares") as raised:
        first((HERE / name).read_bytes())
    assert raised.value.code == "FILE_DELIMITER"


piece = st.one_of(
    st.sampled_from(
        ["sep=", "Number", "Balance", "Nummer", "Saldo", "Error", "Counterfoil row", "Counterfoil surplus"]
    ),
    st.sampled_from(
        ["CustomerID", "Email", ",", ";", "\t", "|", "\n", "\r\n", '"', "GC1", "1,5", "ab12:2", ":²", "a:9" * 9]
    ),
    st.text(max_size=3),
)


@pytest.mark.thorough
@given(st.lists(piece, max_size=25).map("".join), st.sampled_from([LIGHTSPEED_X, TIXLY]), st.booleans())
def test_whatever_a_file_begins_with_it_is_read_or_turned_away_in_words(
    text: str, dialect: Dialect, whole: bool
) -> None:
    start = (
        "Number,Balance,Error,Counterfoil row,Counterfoil surplus\n"
        if dialect is LIGHTSPEED_X
        else "CustomerID;Email\n"
    )
    content = ((start if whole else "") + text).encode(errors="replace")
    try:
        table = read_table(content, name="file", dialect=dialect, code_page="windows-1252", sizes=SIZES)
    except FileNeedsFixing:
        return
    assert reading_lines(table)
    followed_run(read_references(table.references))
    came = first(content, dialect)
    if came.rejects:
        assert again(came.rejects, came, dialect).accepted.is_empty()

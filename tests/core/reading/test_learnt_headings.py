"""Headings that a shop has and nobody else: learnt, corrected, and read by."""

import pytest

from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.reading.learnt_headings import learn, learn_from, with_headings
from tasks.core.reading.table import read_table
from tests.registers import SIZES


def read(text: str, dialect: Dialect) -> Table:
    return read_table(text.encode(), name="sample", dialect=dialect, code_page="windows-1252", sizes=SIZES)


def test_what_is_known_is_learnt_and_what_is_told_wins():
    headings = ("CustomerID", "Förnamn", "Email", "E-post 2", "Shoe size")
    assert learn(headings, TIXLY, {"E-post 2": "email"}) == {
        "CustomerID": "customer_id",
        "Förnamn": "first_name",
        "E-post 2": "email",
    }


@pytest.mark.parametrize(
    ("meanings", "says"),
    [
        ({"Kundnr": "email"}, "The file has no heading 'Kundnr'. It has: CustomerID, Email."),
        ({"Email": "mail"}, "There is no column 'mail' in tixly. There are: customer_id, first_name"),
    ],
)
def test_what_is_told_must_fit_the_file_and_the_dialect(meanings, says):
    with pytest.raises(FileNeedsFixing, match=says):
        learn(("CustomerID", "Email"), TIXLY, meanings)


def test_a_file_with_unusual_headings_is_read_by_what_was_told():
    text = "Kundnr;Namn;Mejl;Ort\n7;Åsa;asa@example.se;Lund\n"
    meanings = {"Kundnr": "customer_id", "Namn": "first_name", "Mejl": "email"}
    own = with_headings(TIXLY, learn_from(read(text, with_headings(TIXLY, meanings)), TIXLY, meanings).columns)
    assert read(text, own).cells.rows() == [(2, "7", "Åsa", "asa@example.se", "Lund")]
    assert dict(read(text, own).headings) == {
        "customer_id": "Kundnr",
        "first_name": "Namn",
        "email": "Mejl",
        "city": "Ort",
    }


def test_a_heading_that_usually_means_the_same_column_is_then_one_we_do_not_know():
    text = "CustomerID;Email;Email 2\n7;old@example.se;new@example.se\n"
    table = read(text, with_headings(TIXLY, {"Email 2": "email"}))
    assert table.cells.rows(named=True) == [
        {"line": 2, "customer_id": "7", "email": "new@example.se", "Email": "old@example.se"}
    ]


def test_two_headings_can_change_places():
    text = "CustomerID;Mobile;Phone\n7;1;2\n"
    table = read(text, with_headings(TIXLY, {"Mobile": "phone", "Phone": "mobile"}))
    assert (table.cells["phone"].to_list(), table.cells["mobile"].to_list()) == (["1"], ["2"])


def test_every_heading_is_accounted_for():
    tixly = learn_from(read("CustomerID;Email;Level\n7;a@example.se;1\n", TIXLY), TIXLY, {})
    assert (tixly.passed, tixly.unread) == (("Level",), ())
    assert tixly.says == "2 headings known, 1 pass through, 0 not read"
    ecom = read("Firstname,Lastname,E-mail,Level\nA,B,a@example.se,1\n", LIGHTSPEED_ECOM)
    assert learn_from(ecom, LIGHTSPEED_ECOM, {}).unread == ("Level",)

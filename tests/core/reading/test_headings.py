"""Finding the heading row and telling its columns apart."""

import pytest

from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from tasks.core.reading.headings import Headings, Row, find_headings, no_headings


def rows(*lines: str) -> list[Row]:
    return [Row(line=line, cells=text.split(",")) for line, text in enumerate(lines, 1)]


def find(*lines: str) -> Headings | None:
    return find_headings(rows(*lines), LIGHTSPEED_X, name="cards.csv")


@pytest.mark.parametrize(
    ("line", "columns", "language"),
    [
        ("Number,Balance", {"number": 0, "balance": 1}, "en"),
        ("balance, NUMBER ", {"balance": 0, "number": 1}, "en"),
        ("Numéro,Solde", {"number": 0, "balance": 1}, "fr"),
        ("NUME\u0301RO,solde", {"number": 0, "balance": 1}, "fr"),
        ("Nummer,Saldo", {"number": 0, "balance": 1}, "sv"),
        ("Shop,Kortnummer,,Balance", {"number": 1, "balance": 3}, "sv"),
        ("\u00a0Number\u200b,\ufeffBalance", {"number": 0, "balance": 1}, "en"),
        ("Number,Balance,Fel", {"number": 0, "balance": 1}, "sv"),
    ],
)
def test_headings_are_known_in_any_order_case_language_and_dress(
    line: str, columns: dict[str, int], language: str
) -> None:
    found = find(line)
    assert found is not None
    assert (dict(found.columns), found.language) == (columns, language)


def test_the_first_row_with_all_headings_is_the_heading_row() -> None:
    found = find("Gift cards of 2024", "", "Number of cards,Balance", "Number,Balance", "Number,Balance")
    assert found is not None
    assert found.line == 4


@pytest.mark.parametrize(
    ("line", "error", "reference", "strays"),
    [
        ("Number,Balance,Error,Counterfoil row", 2, 3, ()),
        ("Erreur,Number,Balance,Note,", 0, None, ("Note", "")),
        ("Number,Balance,What was wrong,Counterfoil row", 2, 3, ()),
        ("Number,Balance,Note", None, None, ("Note",)),
        ("Number,Balance,Note,Shop,Counterfoil row", None, 4, ("Note", "Shop")),
    ],
)
def test_the_columns_of_an_earlier_rejects_file_are_told_from_strays(
    line: str, error: int | None, reference: int | None, strays: tuple[str, ...]
) -> None:
    found = find(line)
    assert found is not None
    assert (found.error, found.reference, found.strays) == (error, reference, strays)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("Number,Balance,balance ", "line 1: 'Balance' and 'balance' are headings of the same column"),
        ("Number,Kortnummer,Balance", "line 1: 'Number' and 'Kortnummer' are headings of the same column"),
    ],
)
def test_a_heading_that_stands_twice_is_named(line: str, says: str) -> None:
    with pytest.raises(FileNeedsFixing, match=says):
        find(line)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["Number,Balence"], "cards.csv, line 1: 'Balence' is not a heading we know; did you mean 'Balance'?"),
        (["", "Numbr,Balence"], "line 2: 'Numbr' is not a heading we know; did you mean 'Number'?; 'Balence' is not"),
        (["Number,Amount"], "cards.csv, line 1: the heading 'Balance' is missing. Correct it and run again."),
        (["GC1234,12.50", "GC1235,10"], "cards.csv: there is no heading row. One of the first 20 lines must hold"),
        ([], "cards.csv: there is no heading row."),
    ],
)
def test_a_file_without_headings_says_which_are_missing_and_what_was_meant(lines: list[str], says: str) -> None:
    assert find(*lines) is None
    assert says in str(no_headings(rows(*lines), LIGHTSPEED_X, name="cards.csv"))


def test_data_is_never_quoted_for_want_of_headings() -> None:
    assert "1234" not in str(no_headings(rows("GC1234,12.50"), LIGHTSPEED_X, name="cards.csv"))

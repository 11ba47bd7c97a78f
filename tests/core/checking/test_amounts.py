"""Amounts as exact integers."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.domain import NumberFormat
from tasks.core.checking.amounts import read_cents
from tasks.core.checking.number_formats import NUMBER_FORMAT_CHOICES, Concluded, conclude_format, named_format

POINT = NumberFormat(decimal=".", thousands="")
FORMATS = [known for name in NUMBER_FORMAT_CHOICES if (known := named_format(name))]


def read(cell: str, number_format: NumberFormat = POINT, exponent: int = 2, how: str = "chosen"):
    """Return the value of one cell, or its code."""
    concluded = Concluded(format=number_format, how=how, says="")
    read_column = read_cents(pl.Series([cell]), concluded, exponent)
    codes = read_column.rejects["code"].to_list()
    assert (read_column.values[0] is None) == (len(codes) == 1)
    return codes[0] if codes else read_column.values[0]


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("5", 500),
        ("5.", 500),
        (".5", 50),
        ("05.00", 500),
        ("12.5", 1250),
        ("12.50", 1250),
        ("0", 0),
        ("999999999999.99", 99_999_999_999_999),
    ],
)
def test_an_amount_is_read_exactly(cell, cents) -> None:
    assert read(cell) == cents


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "CELL_EMPTY"),
        ("12,5o", "AMOUNT_NOT_A_NUMBER"),
        ("12.5O", "AMOUNT_NOT_A_NUMBER"),
        ("+5", "AMOUNT_NOT_A_NUMBER"),
        (".", "AMOUNT_NOT_A_NUMBER"),
        ("-", "AMOUNT_NOT_A_NUMBER"),
        ("1..5", "AMOUNT_NOT_A_NUMBER"),
        ("१२", "AMOUNT_NOT_A_NUMBER"),
        ("$5", "AMOUNT_CURRENCY"),
        ("5 €", "AMOUNT_CURRENCY"),
        ("5\u00a0€", "AMOUNT_CURRENCY"),
        ("5,00 kr", "AMOUNT_CURRENCY"),
        ("EUR 5", "AMOUNT_CURRENCY"),
        ("5 SEK", "AMOUNT_CURRENCY"),
        ("US$5", "AMOUNT_CURRENCY"),
        ("100:-", "AMOUNT_CURRENCY"),
        ("-5", "AMOUNT_NEGATIVE"),
        ("5-", "AMOUNT_NEGATIVE"),
        ("(5)", "AMOUNT_NEGATIVE"),
        ("\u22125", "AMOUNT_NEGATIVE"),
        ("-5,00 €", "AMOUNT_NEGATIVE"),
        ("12.345", "AMOUNT_PRECISION"),
        ("12.500", "AMOUNT_PRECISION"),
        ("1,234", "AMOUNT_THOUSANDS"),
        ("1,23,456", "AMOUNT_THOUSANDS"),
        ("12 34", "AMOUNT_THOUSANDS"),
        ("1 234.50", "AMOUNT_THOUSANDS"),
        ("12,5", "AMOUNT_DECIMAL_COMMA"),
        ("1.234,50", "AMOUNT_DECIMAL_COMMA"),
        ("1e5", "CELL_SCI_NOTATION"),
        ("1.23E+15", "CELL_SCI_NOTATION"),
        ("=A1", "CELL_FORMULA"),
        ("12/03/2024", "CELL_DATE"),
        ("12.03.2024", "CELL_DATE"),
        ("01-Mar", "CELL_DATE"),
        ("12:30", "CELL_DATE"),
        ("TRUE", "CELL_BOOLEAN"),
        ("#REF!", "CELL_ERROR"),
        ("1\x075", "CELL_CONTROL"),
        ("1000000000000", "AMOUNT_TOO_LARGE"),
        ("9" * 400, "AMOUNT_TOO_LARGE"),
    ],
)
def test_what_is_no_amount_is_named(cell, code) -> None:
    assert read(cell) == code


@pytest.mark.parametrize(
    ("name", "cell", "result"),
    [
        ("1,234.56", "1,234.50", 123_450),
        ("1,234.56", "1234.50", 123_450),
        ("1,234.56", "1,234,567", 123_456_700),
        ("1,234.56", "1,23,456", "AMOUNT_THOUSANDS"),
        ("1,234.56", "12,34", "AMOUNT_DECIMAL_COMMA"),
        ("1,234.56", "0,500", "AMOUNT_DECIMAL_COMMA"),
        ("1 234,56", "1\u00a0234,50", 123_450),
        ("1 234,56", "1\u202f234,50", 123_450),
        ("1 234,56", "1.234,50", "AMOUNT_THOUSANDS"),
        ("1 234,56", "12.50", "AMOUNT_DECIMAL_COMMA"),
        ("1'234.56", "1’234.50", 123_450),
        ("1234,56", "1,234", "AMOUNT_PRECISION"),
    ],
)
def test_a_cell_is_read_under_the_format_of_its_column_alone(name, cell, result) -> None:
    assert read(cell, named_format(name)) == result


@pytest.mark.parametrize(
    ("cell", "exponent", "result"),
    [
        ("5", 0, 5),
        ("5.0", 0, "AMOUNT_PRECISION"),
        (".5", 0, "AMOUNT_PRECISION"),
        ("12.345", 3, 12_345),
        ("5", 3, 5_000),
    ],
)
def test_the_currency_decides_how_many_decimals_there_are(cell, exponent, result) -> None:
    assert read(cell, exponent=exponent) == result


@pytest.mark.parametrize("cell", ["1,234", "1.234"])
@pytest.mark.parametrize("exponent", [0, 2, 3])
def test_a_cell_that_can_be_read_two_ways_is_not_read(cell, exponent) -> None:
    assert read(cell, exponent=exponent, how="declared") == "AMOUNT_AMBIGUOUS"


def test_an_ambiguous_cell_is_shown_both_ways() -> None:
    concluded = conclude_format(pl.Series(["1,234"]), POINT, None)
    assert read_cents(pl.Series(["1,234"]), concluded, 2).rejects.rows() == [
        (0, "AMOUNT_AMBIGUOUS", "1,234 may be 1234 or 1.234")
    ]


def test_zero_is_an_amount_unless_the_run_says_otherwise() -> None:
    concluded = Concluded(format=POINT, how="chosen", says="")
    kept, turned_away = (read_cents(pl.Series(["0.00", "1"]), concluded, 2, policy) for policy in ("keep", "reject"))
    assert (kept.values.to_list(), kept.rejects.rows()) == ([0, 100], [])
    assert (turned_away.values.to_list(), turned_away.rejects.rows()) == ([None, 100], [(0, "AMOUNT_ZERO", "")])


def written(cents: int, number_format: NumberFormat, exponent: int) -> str:
    whole, part = divmod(cents, 10**exponent)
    grouped = f"{whole:,}".replace(",", number_format.thousands)
    return grouped + (f"{number_format.decimal}{part:0{exponent}d}" if exponent else "")


@given(st.lists(st.integers(0, 999_999_999_999), min_size=1), st.sampled_from(FORMATS), st.sampled_from([0, 2, 3]))
def test_any_amount_written_in_any_format_is_read_back(amounts, number_format, exponent) -> None:
    cells = pl.Series([written(cents, number_format, exponent) for cents in amounts])
    concluded = Concluded(format=number_format, how="chosen", says="")
    assert read_cents(cells, concluded, exponent).values.to_list() == amounts


@given(st.lists(st.integers(0, 999_999_999_999), min_size=1), st.sampled_from(FORMATS))
def test_cents_are_read_back_without_naming_the_format(amounts, number_format) -> None:
    cells = pl.Series([written(cents, number_format, 2) for cents in amounts])
    assert read_cents(cells, conclude_format(cells, POINT, None), 2).values.to_list() == amounts


@given(st.lists(st.text(alphabet="0123456789.,' -+€eE()o\u00a0", max_size=9)), st.sampled_from(["chosen", "declared"]))
def test_a_cell_has_either_a_value_or_one_code(cells, how) -> None:
    read_column = read_cents(pl.Series(cells, dtype=pl.String), Concluded(format=POINT, how=how, says=""), 2)
    unread = [at for at, value in enumerate(read_column.values) if value is None]
    assert sorted(read_column.rejects["index"]) == unread

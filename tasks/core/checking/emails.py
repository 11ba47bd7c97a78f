"""Reading e-mail addresses, and saying which two of them are one.

Whether mail arrives is not asked: that needs the network, and changes from day to day.
"""

from collections.abc import Mapping

import polars as pl
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.distinct_values import Reading, Unreadable, known_where, read_unread

PLAIN_LENGTH = 64
"""No part of a shorter address can be too long: a label has 63 characters at most."""

_WORD = "[A-Za-z0-9_+'-]+"
_LABEL = "[a-z0-9]+(?:-[a-z0-9]+)*"
PLAIN_ADDRESS = rf"^{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+[a-z]{{2,}}$"
_SPECIAL = rf"^(?i:{'|'.join(CASE_INSENSITIVE_MAILBOX_NAMES)})@|[@.](?:{'|'.join(SPECIAL_USE_DOMAIN_NAMES)})$"
"""Addresses that look plain and are not: the library turns them to lower case, or away."""

_WORDS: Mapping[str, str] = {
    "must have an @-sign": "it has no @",
    "at-sign": "its @ is not the usual one",
    "something before": "nothing stands before the @",
    "something after": "nothing stands after the @",
    "should have a period": "the part after the @ has no point",
    "two periods in a row": "two points stand side by side",
    "with a period": "a point stands first or last",
    "have a period immediately": "a point stands beside the @",
    "special-use": "the name after the @ is reserved, mail cannot reach it",
    "top-level domain": "the part after the @ ends in no name such as .com",
    "too long": "it is too long",
    "so many characters": "it is too long",
    "display name": "a name or angle brackets stand beside it",
    "characters before": "a character before the @ does not belong there",
    "after the @-sign": "the part after the @ is wrong",
}
"""What the library's sentences hold, and what we say for it: theirs may quote the address."""


def read_emails(cells: pl.Series) -> ReadColumn:
    """Read e-mail addresses as email-validator writes them: the part after the @ in lower case.

    *cells* is trimmed text without nulls. Unreadable cells are CUST_EMAIL_INVALID.
    """
    addresses = _lower_domain(cells)
    plain = addresses.str.contains(PLAIN_ADDRESS) & (addresses.str.len_bytes() <= PLAIN_LENGTH)
    known = known_where(addresses, (plain & ~addresses.str.contains(_SPECIAL)) | (cells == ""))
    return read_unread(cells, known, _read)


def email_identity(values: pl.Series, *, ignore_dots: bool, ignore_plus: bool) -> pl.Series:
    """Return the text by which two addresses that were read count as one; null and "" stay.

    Letter case never tells two people apart. Dots and ``+tags`` before the @ may, as the policy says.
    """
    address = values.str.to_lowercase()
    if ignore_plus:
        address = address.str.replace(r"^([^@+]+)\+[^@]*@", "${1}@")
    if ignore_dots:
        local = address.str.extract("^([^@]*)@").str.replace_all(".", "", literal=True)
        domain = address.str.extract("(@.*)$")
        address = (local + domain).zip_with(domain.is_not_null(), address)
    return address


def _lower_domain(cells: pl.Series) -> pl.Series:
    if not cells.str.contains("@.*[A-Z]").any():
        return cells
    local, domains = cells.str.extract("^([^@]*)@"), cells.str.extract("(@.*)$")
    return (local + domains.str.to_lowercase()).zip_with(domains.is_not_null(), cells)


def _read(cell: str) -> Reading:
    try:
        return validate_email(cell, check_deliverability=False).normalized
    except EmailNotValidError as error:
        return Unreadable(code="CUST_EMAIL_INVALID", detail=_plain_words(cell, str(error)))


def _plain_words(cell: str, sentence: str) -> str:
    if cell.count("@") > 1:
        return "it has more than one @"
    if " " in cell:
        return "a blank stands in it"
    lower = sentence.lower()
    return next((words for part, words in _WORDS.items() if part in lower), "it is not written as name@example.com")


def mail_address(text: str) -> str:
    """Return *text* as an address that every mail server takes (ASCII), or nothing where it is none.

    Letters such as å may stand behind the @ (they are written as the internet does), not before it:
    few servers take them there.
    """
    try:
        return validate_email(text.strip(), check_deliverability=False).ascii_email or ""
    except EmailNotValidError:
        return ""

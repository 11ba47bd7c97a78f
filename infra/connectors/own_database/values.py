"""Values as somebody's column stores them, and as our records hold them. Exact both ways, or an error: never a guess.

An error says what is wrong and never what the value was.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from infra.connectors.own_database.mapping import ColumnMapping, StoredAs

Stored = str | int | bool | Decimal | date | datetime | None
"""What a driver takes and gives; SQLite gives a decimal as a float."""


class Unmapped(ValueError):  # noqa: N818 - the field says what is wrong, not error
    """The mapping has no way to say this value."""


def read_value(stored: object, mapping: ColumnMapping, digits: int) -> str | int:
    """Return a stored value as our record holds it; *digits* is how many decimals amounts have.

    Raises:
        Unmapped: It cannot be said exactly.
    """
    if mapping.stored_as in ("decimal", "minor_units"):
        return _read_cents(stored, digits if mapping.stored_as == "decimal" else 0)
    return "" if stored is None else _READ[mapping.stored_as](stored, mapping)


def store_value(value: object, mapping: ColumnMapping, digits: int) -> Stored:
    """Return a value of our record as the column stores it.

    Raises:
        Unmapped: The column cannot hold it.
    """
    if mapping.stored_as == "minor_units":
        return int(str(value))
    if mapping.stored_as == "decimal":
        return Decimal(int(str(value))).scaleb(-digits)
    text = str(value)
    if text or mapping.stored_as == "words":
        return _STORE[mapping.stored_as](text, mapping)
    return "" if mapping.stored_as == "text" and mapping.blank == "empty" else None


def _read_cents(stored: object, digits: int) -> int:
    if stored is None or isinstance(stored, bool):
        raise Unmapped("an amount that is missing")
    try:
        cents = Decimal(str(stored)).scaleb(digits)
    except InvalidOperation:
        raise Unmapped("an amount that is no number") from None
    if not cents.is_finite() or cents != cents.to_integral_value():
        raise Unmapped("an amount with more decimals than its currency has")
    return int(cents)


def _read_text(stored: object, _: ColumnMapping) -> str:
    if not isinstance(stored, str | int):
        raise Unmapped("a value that is no text")
    return str(stored)


def _read_number(stored: object, _: ColumnMapping) -> str:
    if isinstance(stored, bool) or not isinstance(stored, int):
        raise Unmapped("a value that is no whole number")
    return str(stored)


def _read_word(stored: object, mapping: ColumnMapping) -> str:
    for ours, theirs in mapping.words.items():
        if stored == theirs and isinstance(stored, str) == isinstance(theirs, str):
            return ours
    raise Unmapped("a word that is not among those of the mapping")


def _read_date(stored: object, _: ColumnMapping) -> str:
    try:
        day = date.fromisoformat(stored) if isinstance(stored, str) else stored
    except ValueError:
        raise Unmapped("a date that is none") from None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise Unmapped("a date that is none")
    return day.isoformat()


def _read_moment(stored: object, mapping: ColumnMapping) -> str:
    try:
        moment = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    except ValueError:
        raise Unmapped("a moment that is none") from None
    if not isinstance(moment, datetime):
        raise Unmapped("a moment that is none")
    local = moment.astimezone(ZoneInfo(mapping.time_zone)).replace(tzinfo=None) if moment.tzinfo else moment
    return local.isoformat(sep=" ")


def _store_text(text: str, _: ColumnMapping) -> Stored:
    if "\0" in text:
        raise Unmapped("it has a character that databases do not hold")
    return text


def _store_number(text: str, _: ColumnMapping) -> Stored:
    if not text.removeprefix("-").isascii() or not text.removeprefix("-").isdigit() or str(int(text)) != text:
        raise Unmapped("its column holds whole numbers only")
    return int(text)


def _store_word(text: str, mapping: ColumnMapping) -> Stored:
    if text in mapping.words:
        return mapping.words[text]
    if text == "":
        return None
    raise Unmapped("the mapping has no word for it")


def _store_date(text: str, _: ColumnMapping) -> Stored:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Unmapped("its column holds dates only, such as 1988-04-02") from None


def _store_moment(text: str, mapping: ColumnMapping) -> Stored:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(mapping.time_zone))
    except ValueError:
        raise Unmapped("its column holds moments only, such as 2026-11-22 10:30:00") from None


_READ: Mapping[StoredAs, Callable[[object, ColumnMapping], str]] = {
    "text": _read_text,
    "whole_number": _read_number,
    "words": _read_word,
    "date": _read_date,
    "moment": _read_moment,
}
_STORE: Mapping[StoredAs, Callable[[str, ColumnMapping], Stored]] = {
    "text": _store_text,
    "whole_number": _store_number,
    "words": _store_word,
    "date": _store_date,
    "moment": _store_moment,
}

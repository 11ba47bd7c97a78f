"""A customer as Lightspeed X-Series writes one, and as we do: its names of our columns, and what is sent of it.

Our address is its physical one, that for parcels its postal one (assumed). What has no column here (loyalty, credit,
group, custom fields, notes, suburbs) is never changed, and is sent back as it was where a whole customer is sent.
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from infra.connectors.json_values import as_text
from infra.connectors.lightspeed_x.lists import Row
from infra.connectors.web_customers.register import Record
from schemas.customer_columns import CUSTOMER_NUMBER
from schemas.customer_rows import CUSTOMER_COLUMNS

_ADDRESS = {
    "street": "address_1",
    "address_2": "address_2",
    "city": "city",
    "postcode": "postcode",
    "region": "state",
    "country": "country_id",
}
_TEXTS: Mapping[str, str] = {
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email",
    "phone": "phone",
    "mobile": "mobile",
    "born_on": "date_of_birth",
    "gender": "gender",
    "company": "company_name",
    "vat_number": "tax_id",
    **{ours: f"physical_{theirs}" for ours, theirs in _ADDRESS.items()},
    **{f"shipping_{ours}": f"postal_{theirs}" for ours, theirs in _ADDRESS.items()},
}
_GENDERS = {"male": "M", "female": "F"}
_WORDS = {theirs: ours for ours, theirs in _GENDERS.items()}
_NEVER_NULL = ("customer_code", "customer_group_id", "date_of_birth")
"""Of these a request leaves out what is not known."""
_ALWAYS = ("first_name", "last_name")
"""Without these keys nothing is taken, though they may say nothing."""
_KEPT = (
    *(*_NEVER_NULL, "fax", "twitter", "website", "note", "do_not_email", "enable_promotional_sms", "enable_loyalty"),
    *("on_account_limit", "physical_suburb", "postal_suburb", *(f"custom_field_{n}" for n in range(1, 5))),
)
"""What a request may name, and no column of ours does."""
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)T.*")


def code_of(row: Row) -> str:
    """Return the code of a customer where it is a number, as files have one; else nothing."""
    code = as_text(row.get("customer_code"))
    return code if re.fullmatch(CUSTOMER_NUMBER, code) else ""


def record_of(row: Row, key: str) -> Record:
    """Return a customer in our columns, under a key."""
    texts = {ours: _read(ours, as_text(row.get(theirs))) for ours, theirs in _TEXTS.items()}
    return {"customer_id": key, **dict.fromkeys(CUSTOMER_COLUMNS, ""), **texts}


def new_customer(wanted: Mapping[str, str], *, do_not_email: bool) -> dict[str, object]:
    """Return what Lightspeed is sent of a new customer, who gets no text messages."""
    filled = {column: text for column, text in wanted.items() if text}
    consent = {"do_not_email": do_not_email, "enable_promotional_sms": False}
    return dict.fromkeys(_ALWAYS, None) | _sent(filled) | consent


def changed_customer(row: Row, changed: Mapping[str, str], *, whole: bool) -> dict[str, object]:
    """Return what Lightspeed is sent of a customer, who is there as *row*, in place of what is *changed*.

    *whole*: all that may be sent of a customer, so that nothing is lost where a write replaces what it does not name.
    """
    names = {*_KEPT, *_TEXTS.values()} if whole else _ALWAYS
    there = {name: _as_json(row.get(name)) for name in sorted(names) if name in row or name in _ALWAYS}
    kept = {name: value for name, value in there.items() if value is not None or name not in _NEVER_NULL}
    return kept | _sent(changed)


def _sent(columns: Mapping[str, str]) -> dict[str, object]:
    """Return columns as they are written: an empty text is null, where null is taken."""
    texts = {_TEXTS[column]: _GENDERS.get(text, text) for column, text in columns.items() if column in _TEXTS}
    return {name: text if text or name in _NEVER_NULL else None for name, text in texts.items()}


def _as_json(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _read(column: str, text: str) -> str:
    if column == "gender":
        return _WORDS.get(text.upper(), "")
    if column == "born_on":
        return _DAY.sub(r"\1", text)
    return text.upper() if column.endswith("country") else text

"""A customer as eCom writes one, and as we do: its names of our columns, and how each is read and written."""

from collections.abc import Mapping

from infra.connectors.json_values import as_text
from infra.connectors.lightspeed_ecom.lists import Row
from infra.connectors.web_customers.register import Record
from schemas.customer_rows import CUSTOMER_COLUMNS

SILENT: Mapping[str, object] = {"doNotifyRegistered": False, "doNotifyConfirmed": False, "doNotifyPassword": False}
"""Goes with every write: nobody is mailed because a record changed."""

_BILLING = {
    "attention": "Name",
    "street": "Street",
    "address_2": "Street2",
    "house_number": "Number",
    "house_extension": "Extension",
    "postcode": "Zipcode",
    "city": "City",
    "region": "Region",
    "country": "Country",
}
_TEXTS = {
    "first_name": "firstname",
    "name_prefix": "middlename",
    "last_name": "lastname",
    "email": "email",
    "phone": "phone",
    "mobile": "mobile",
    "born_on": "birthDate",
    "gender": "gender",
    "language": "language",
    "company": "companyName",
    "company_number": "companyCoCNumber",
    "vat_number": "companyVatNumber",
    "shipping_company": "addressShippingCompany",
    **{ours: f"addressBilling{theirs}" for ours, theirs in _BILLING.items()},
    **{f"shipping_{ours}": f"addressShipping{theirs}" for ours, theirs in _BILLING.items()},
}
"""That ``middlename`` is what stands before the last name is assumed."""
_TRUTHS = {"confirmed": ("isConfirmed", "Yes", "No"), "customer_type": ("isCompany", "company", "private")}
_UPPER = {"country", "shipping_country"}


def record_of(row: Row, groups: str) -> Record:
    """Return a customer in our columns; *groups* are kept apart from it there."""
    empty = dict.fromkeys(CUSTOMER_COLUMNS, "")
    texts = {ours: _read(ours, row.get(theirs)) for ours, theirs in _TEXTS.items()}
    truths = {ours: yes if _is_true(row.get(theirs)) else no for ours, (theirs, yes, no) in _TRUTHS.items()}
    return {"customer_id": str(row["id"]), **empty, **texts, **truths, "groups": groups}


def fields_of(changed: Mapping[str, str]) -> dict[str, object]:
    """Return what eCom is sent of the columns that are *changed*: never without saying that nobody is to be mailed."""
    texts = {theirs: _written(ours, changed[ours]) for ours, theirs in _TEXTS.items() if ours in changed}
    truths = {theirs: changed[ours] == yes for ours, (theirs, yes, _) in _TRUTHS.items() if ours in changed}
    return {**texts, **truths, **SILENT}


def _read(column: str, value: object) -> str:
    """Read a text: ``false`` is empty, and a country or language is a thing with a code."""
    text = as_text(value.get("code") if isinstance(value, dict) else None if isinstance(value, bool) else value)
    return text.upper() if column in _UPPER else text


def _written(column: str, text: str) -> str:
    return text.lower() if column in _UPPER else text


def _is_true(value: object) -> bool:
    return value is True or as_text(value).lower() in ("1", "true", "yes")

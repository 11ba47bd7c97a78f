"""The kinds of columns that customers have: how the cells of each are read, and what its values must look like."""

from functools import partial
from typing import Any

import pandera.polars as pa

from schemas.characters import UNSEEN
from schemas.columns import Heading, Reading, column, heading

CUSTOMER_NUMBER = r"^([1-9][0-9]{0,17})?$"
_VISIBLE = f"^[^{UNSEEN}]*$"
LIKE_A_NUMBER = (
    r"^(?:(?:kund|klant|client|customer|cust|member|medlem|membre|lid|adherent|person|people|contact|konto|account|kort"
    r"|kaart|carte|card|guest|gast|abonne|loyalty|user|register|tixly)s? ?"
    r"(?:nr|no|n|num|number|nummer|numero|id|key|ref|reference|code|kod)"
    r"|(?:n|no|nr|num|numero|number|nummer|id|ref|code) (?:du |de |d |of |l )?"
    r"(?:kund|klant|client|customer|member|medlem|membre|adherent|compte|carte|account)"
    r"|n|nr|no|id|uid|uuid|external id|lopnr|lopnummer|volgnummer)$"
)
"""Headings that look as if they were a customer's number, without accents and marks, in lower case."""

optional = partial(heading, required=False)
"""Of a column that files may leave out."""


def personal(
    reads: Reading | None,
    description: str,
    headings: dict[str, Heading],
    *,
    codes: dict[str, str] | None = None,
    country_in: str = "",
    **checks: Any,
) -> Any:
    """Declare a column about a person; a file may lack it, and null means: leave as it is."""
    declared = column(reads, private=True, codes=codes, country_in=country_in, **headings)
    return pa.Field(nullable=True, description=description, metadata=declared, **checks)


def _visible(reads: Reading, description: str, headings: dict[str, Heading]) -> Any:
    """Declare a column of text that can be seen: no control characters, nothing invisible."""
    return personal(reads, description, headings, codes={"str_matches": "CELL_CONTROL"}, str_matches=_VISIBLE)


def text(description: str, **headings: Heading) -> Any:
    """Declare text on one line."""
    return _visible("text", description, headings)


def code(description: str, **headings: Heading) -> Any:
    """Declare a code that an authority gave."""
    return _visible("code", description, headings)


def instant(description: str, **headings: Heading) -> Any:
    """Declare a moment as the register writes it."""
    return _visible("instant", description, headings)


def email(description: str, **headings: Heading) -> Any:
    """Declare an e-mail address."""
    lower_domain = r"^([^@\s]+@[^@\sA-Z]+)?$"
    return personal(
        "email", description, headings, codes={"str_matches": "CUST_EMAIL_INVALID"}, str_matches=lower_domain
    )


def phone(description: str, **headings: Heading) -> Any:
    """Declare a telephone number."""
    e164 = r"^(\+[1-9][0-9]{3,17}(;ext=[0-9]+)?)?$"
    codes = {"str_matches": "CUST_PHONE_INVALID"}
    return personal("phone", description, headings, codes=codes, country_in="country", str_matches=e164)


def birth_day(description: str, **headings: Heading) -> Any:
    """Declare a date of birth."""
    iso = r"^([0-9]{4}-[01][0-9]-[0-3][0-9])?$"
    return personal("birth_day", description, headings, codes={"str_matches": "CUST_DATE"}, str_matches=iso)


def letters(reads: Reading, description: str, pattern: str, **headings: Heading) -> Any:
    """Declare a code of some letters."""
    return personal(reads, description, headings, codes={"str_matches": "CUST_ENUM"}, str_matches=pattern)


def country(description: str, **headings: Heading) -> Any:
    """Declare a country."""
    return letters("country", description, r"^([A-Z]{2})?$", **headings)


def choice(reads: Reading, description: str, *words: str, **headings: Heading) -> Any:
    """Declare a column that holds one of a few *words*."""
    return personal(reads, description, headings, codes={"isin": "CUST_ENUM"}, isin=["", *words])


def postcode(country_in: str, **headings: Heading) -> Any:
    """Declare a postcode; the column *country_in* says of which country."""
    says = "as its country writes it; as it stands where we know no rule"
    return personal("postcode", says, headings, country_in=country_in)

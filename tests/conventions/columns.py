"""Writes docs/columns.md: what every file looks like, from the declarations of its columns."""

from collections.abc import Iterator, Mapping

from schemas.columns import Declaration, Reading, columns_in_files
from schemas.domain import Column, Dialect, Domain
from schemas.domains import DOMAINS

READ_AS: Mapping[Reading, str] = {
    "text": "text",
    "sku": "a code of the shop",
    "code": "a code of an authority",
    "card_number": "a card number",
    "customer_number": "a customer number",
    "money": "an amount",
    "quantity": "a quantity",
    "day": "a day",
    "birth_day": "a date of birth",
    "instant": "a moment, as it is written",
    "email": "an e-mail address",
    "phone": "a telephone number",
    "postcode": "a postcode",
    "country": "a country",
    "language": "a language",
    "gender": "a gender",
    "truth": "yes or no",
    "currency": "the shop's currency",
}
_BY_CONTENT = {"money": "an amount", "quantity": "a quantity", "truth": "yes or no"}

Row = tuple[str, ...]
HEADER: Row = ("Heading", "Also", "What belongs there", "Read as", "Needed", "Checked in the row")


def dialects() -> Iterator[tuple[str, list[Row]]]:
    """Yield the title of every dialect and a row for each of its columns."""
    for domain in DOMAINS.values():
        for dialect in domain.dialects:
            yield f"{domain.title}: {dialect.name}", [_row(domain, dialect, column) for column in dialect.columns]


def _row(domain: Domain, dialect: Dialect, column: Column) -> Row:
    declared = _declared(domain, dialect, column)
    codes = dict.fromkeys(declared.codes.values())
    return (
        f"`{column.heading}`",
        ", ".join(f"`{alias}` ({language})" for alias, language in column.aliases.items()),
        column.description,
        READ_AS[declared.reads] if declared.reads else _by_content(column),
        "yes" if column.required else "",
        ", ".join(f"`{code}`" for code in codes),
    )


def _declared(domain: Domain, dialect: Dialect, column: Column) -> Declaration:
    """Return what a row model declares of a column; nothing where files are taken apart before there are rows."""
    found = [columns_in_files(model).get(column.name, Declaration()) for model in domain.rows]
    return next((each for each in found if dialect.name in each.headings), Declaration())


def _by_content(column: Column) -> str:
    return "a date" if column.dates else _BY_CONTENT.get(column.holds, "text")

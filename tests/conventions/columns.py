"""Writes docs/columns.md: what every file looks like, from the declarations of its columns."""

from collections.abc import Iterator, Mapping

from schemas.columns import Declaration, Reading, columns_in_files
from schemas.domain import Column
from schemas.inbox_folders import INBOX_FOLDERS

READ_AS: Mapping[Reading, str] = {
    "text": "text",
    "label": "text",
    "link": "an address of a page",
    "sku": "a code of the shop",
    "code": "a code of an authority",
    "id": "a number or code of another system",
    "reference": "a number or code of another system, which may begin with zeros",
    "item_code": "a UPC or EAN",
    "card_number": "a card number",
    "customer_number": "a customer number",
    "money": "an amount",
    "signed_money": "an amount; below zero: given back",
    "decimal": "an amount",
    "quantity": "a quantity",
    "pieces": "a quantity",
    "signed_pieces": "a quantity; below zero: brought back",
    "decimal_quantity": "a quantity",
    "day": "a day",
    "birth_day": "a date of birth",
    "instant": "a moment, as it is written",
    "shop_time": "a day, with or without a time",
    "export_time": "a day and time",
    "email": "an e-mail address",
    "mail_address": "an address that a mail can be sent to",
    "mail_name": "text, on one line",
    "mail_language": "a language that there are mails in",
    "phone": "a telephone number",
    "postcode": "a postcode",
    "country": "a country",
    "language": "a language",
    "gender": "a gender",
    "truth": "yes or no",
    "currency": "the shop's currency",
    "decision": "a decision",
    "failure_key": "the key of a failure",
}

Row = tuple[str, ...]
HEADER: Row = ("Heading", "Also", "What belongs there", "Read as", "Needed", "About a person", "Checked in the row")


def dialects() -> Iterator[tuple[str, list[Row]]]:
    """Yield the title of every dialect and a row for each of its columns."""
    for folder in INBOX_FOLDERS.values():
        declared = [each for model in folder.rows for each in columns_in_files(model).items()]
        for dialect in folder.dialects:
            own = {name: each for name, each in declared if dialect.name in each.headings}
            yield f"{folder.title}: {dialect.name}", [_row(column, own[column.name]) for column in dialect.columns]


def _row(column: Column, declared: Declaration) -> Row:
    return (
        f"`{column.heading}`",
        ", ".join(f"`{alias}` ({language})" for alias, language in column.aliases.items()),
        column.description,
        READ_AS[declared.reads or "text"],
        "yes" if column.required else "",
        "yes" if declared.private else "",
        ", ".join(f"`{code}`" for code in dict.fromkeys(declared.codes.values())),
    )

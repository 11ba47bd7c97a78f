"""What happens to files on their way: one damage each, on a sheet that was right.

A damage leaves some trace of what the cell said, so that a careful reader can tell. ``None``: it cannot befall this
sheet. Whether what is read afterwards is right is judged in ``test_metamorphic``.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from openpyxl.worksheet.worksheet import Worksheet

from tests.metamorphic.sheets import Cell, Role, Sheet, Typed, as_text

Damage = Callable[[Sheet], Sheet | None]
ROW = 1
"""The row that is damaged where one is: neither the first nor the last, or the last of two."""


def _one(change: Callable[[str], Cell], *roles: Role, where: Callable[[str], bool] = bool) -> Damage:
    """Damage the first cell of these roles that is as *where* says."""

    def damage(sheet: Sheet) -> Sheet | None:
        for at in sheet.places(*roles):
            for row, cells in enumerate(sheet.rows):
                if where(_plain(cells[at])):
                    return sheet.with_cell(row, at, change(_plain(cells[at])))
        return None

    return damage


def _all(change: Callable[[str], Cell], *roles: Role, where: Callable[[str], bool] = bool) -> Damage:
    """Damage every cell of the columns of these roles."""

    def damage(sheet: Sheet) -> Sheet | None:
        places = [at for at in sheet.places(*roles) if any(where(_plain(row[at])) for row in sheet.rows)]
        for at in places:
            sheet = sheet.with_column(at, lambda cell: change(_plain(cell)) if where(_plain(cell)) else cell)
        return sheet if places else None

    return damage


def _plain(cell: Cell) -> str:
    """Return an amount with its cents, whatever it is typed as."""
    if isinstance(cell, Typed) and cell.number_format == "0.00":
        return f"{cell.value:.2f}"
    return as_text(cell)


def _file(**fields: object) -> Damage:
    return lambda sheet: replace(sheet, **fields)  # type: ignore[arg-type]


def _csv(damage: Damage) -> Damage:
    return lambda sheet: damage(sheet) if sheet.kind == "csv" else None


def _xlsx(damage: Damage) -> Damage:
    return lambda sheet: damage(sheet) if sheet.kind == "xlsx" else None


def _thousands(text: str) -> bool:
    return "." in text and float(text) >= 1000


def _zeros(text: str) -> bool:
    return text.isdigit() and text.startswith("0")


def _long(text: str) -> bool:
    return text.isdigit() and len(text) >= 12


def _grouped(mark: str, sign: str) -> Callable[[str], str]:
    return lambda text: f"{float(text):,.2f}".replace(",", "\x00").replace(".", sign).replace("\x00", mark)


def _all_but_one(damage: Callable[[str], Cell], *roles: Role, where: Callable[[str], bool]) -> Damage:
    """Damage the cells of the columns of these roles, but the last that could be: it shows what the others were."""

    def damaged(sheet: Sheet) -> Sheet | None:
        hit = False
        for at in sheet.places(*roles):
            rows = [row for row, cells in enumerate(sheet.rows) if where(_plain(cells[at]))]
            for row in rows[:-1]:
                sheet, hit = sheet.with_cell(row, at, damage(_plain(sheet.rows[row][at]))), True
        return sheet if hit else None

    return damaged


def _as_day_first(text: str) -> str:
    day, _, rest = text.partition(" ")
    return f"{datetime.strptime(day, '%Y-%m-%d'):%d/%m/%Y} {rest}".strip()


def _as_month_first(text: str) -> str:
    day, _, rest = text.partition(" ")
    return f"{datetime.strptime(day, '%Y-%m-%d'):%m/%d/%Y} {rest}".strip()


def _as_instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _cut_short(sheet: Sheet) -> Sheet | None:
    """Lose the last cells of a row that hold something."""
    cut = sheet.rows[ROW][: len(sheet.headings) // 2 or 1]
    return replace(sheet, rows=(*sheet.rows[:ROW], cut, *sheet.rows[ROW + 1 :]))


def _widened(sheet: Sheet) -> Sheet | None:
    """Fall apart at a separator that stood in a cell, without quotes."""
    at = sheet.places("amount")[0] if sheet.places("amount") else sheet.places("name")[0]
    row = sheet.rows[ROW]
    wide = (*row[:at], "1", _plain(row[at]), *row[at + 1 :])
    return replace(sheet, rows=(*sheet.rows[:ROW], wide, *sheet.rows[ROW + 1 :]))


def _shifted(sheet: Sheet) -> Sheet | None:
    """Lose the first cell of a row, so that the others move to the left."""
    row = (*sheet.rows[ROW][1:], "")
    return replace(sheet, rows=(*sheet.rows[:ROW], row, *sheet.rows[ROW + 1 :]))


def _subtotal(word: str) -> Damage:
    def damage(sheet: Sheet) -> Sheet | None:
        amounts = sheet.places("amount")
        if not amounts:
            return None
        cells: list[Cell] = [""] * len(sheet.headings)
        cells[sheet.key], cells[amounts[0]] = word, "1262.50"
        return replace(sheet, rows=(*sheet.rows[:2], tuple(cells), *sheet.rows[2:]))

    return damage


def _headings_again(sheet: Sheet) -> Sheet | None:
    return replace(sheet, rows=(*sheet.rows[:2], sheet.headings, *sheet.rows[2:]))


def _twice(sheet: Sheet) -> Sheet | None:
    return replace(sheet, rows=(*sheet.rows, sheet.rows[ROW]))


def _twice_otherwise(sheet: Sheet) -> Sheet | None:
    """Repeat a row with another amount."""
    if not sheet.places("amount"):
        return None
    at = sheet.places("amount")[0]
    again = replace(sheet, rows=(*sheet.rows, sheet.rows[ROW]))
    return again.with_cell(len(again.rows) - 1, at, "77.00")


def _beside(heading: str, cell: str, roles: tuple[Role, ...] = ("amount",)) -> Damage:
    """Add a column in which one row says something that changes what its amount is."""

    def damage(sheet: Sheet) -> Sheet | None:
        known = {text.casefold() for text in sheet.headings}
        if not sheet.places(*roles) or heading.casefold() in known:
            return None
        return sheet.with_added(heading, [cell if row == ROW else "" for row in range(len(sheet.rows))])

    return damage


def _money_heading(text: str, *, always: bool = True) -> Damage:
    """Rename the heading of an amount; unless *always*, only one without which no file is read."""

    def damage(sheet: Sheet) -> Sheet | None:
        places = [at for at in sheet.places("amount") if always or at not in sheet.optional]
        if not places:
            return None
        at = places[0]
        headings = (*sheet.headings[:at], text.format(sheet.headings[at]), *sheet.headings[at + 1 :])
        return replace(sheet, headings=headings)

    return damage


def _key_heading_twice(sheet: Sheet) -> Sheet | None:
    return sheet.with_added(sheet.headings[sheet.key], [row[sheet.key] for row in reversed(sheet.rows)])


def _reversed_columns(sheet: Sheet) -> Sheet | None:
    return replace(
        sheet,
        headings=sheet.headings[::-1],
        roles=sheet.roles[::-1],
        rows=tuple(row[::-1] for row in sheet.rows),
        key=len(sheet.headings) - 1 - sheet.key,
    )


def _reversed_rows(sheet: Sheet) -> Sheet | None:
    return replace(sheet, rows=sheet.rows[::-1])


def _blank_rows(sheet: Sheet) -> Sheet | None:
    blank: tuple[Cell, ...] = ("",) * len(sheet.headings)
    return replace(sheet, rows=tuple(line for row in sheet.rows for line in (row, blank)))


def _on_bytes(corrupt: Callable[[bytes], bytes]) -> Damage:
    return _csv(lambda sheet: replace(sheet, corrupt=corrupt))


def _mojibake(text: str) -> str:
    return text.encode().decode("windows-1252", errors="replace")


def _without_letters(text: str) -> str:
    return text.encode("ascii", errors="replace").decode()


def _accented(text: str) -> bool:
    return not text.isascii()


def _decimal_comma(sheet: Sheet) -> Sheet | None:
    """Write all numbers with a comma, as most of Europe does, and separate by semicolons."""
    if sheet.kind != "csv" or not sheet.places("amount"):
        return None
    for at in sheet.places("amount", "quantity"):
        sheet = sheet.with_column(at, lambda cell: as_text(cell).replace(".", ","))
    return replace(sheet, separator=";")


def _numbers_as_text(sheet: Sheet) -> Sheet | None:
    for at in sheet.places("amount", "quantity"):
        sheet = sheet.with_column(at, lambda cell: _plain(cell).replace(".", ","))
    return sheet if sheet.kind == "xlsx" and sheet.places("amount") else None


def _dressed(dress: Callable[[Worksheet], object]) -> Damage:
    return _xlsx(_file(dress=dress))


def _hide_a_row(page: Worksheet) -> None:
    page.row_dimensions[3].hidden = True


def _merge_cells(page: Worksheet) -> None:
    page.merge_cells("A2:A3")


_OPTIONAL_WORDS = ("NULL", "N/A", "-", "nan", "None", "#N/A")


def _nothing(word: str) -> Damage:
    """Write a word for nothing where a cell may be blank, in all rows but one."""

    def damage(sheet: Sheet) -> Sheet | None:
        places = sorted(sheet.optional)
        for at in places:
            for row in range(len(sheet.rows) - 1):
                sheet = sheet.with_cell(row, at, word)
        return sheet if places else None

    return damage


HONEST: Mapping[str, frozenset[str]] = {
    "half an emoji in a name": frozenset({"answers"}),
    "a quantity below zero": frozenset({"sales"}),
    "a typographic minus before an amount": frozenset({"sales"}),
    "a row that stands twice": frozenset({"sales"}),
    "a row that stands twice with another amount": frozenset({"sales"}),
}
"""What is damage elsewhere, and in these files says just what it says: goods that came back, two lines of a sale,
half an emoji that is shown as the mark for one."""

DAMAGES: Mapping[str, Damage] = {
    # how a file is written, and nothing of what it says
    "columns in another order": _reversed_columns,
    "rows in another order": _reversed_rows,
    "a byte-order mark": _csv(_file(encoding="utf-8-sig")),
    "UTF-16": _csv(_file(encoding="utf-16")),
    "windows-1252": _csv(_file(encoding="windows-1252")),
    "semicolons between cells": _csv(_file(separator=";")),
    "tabs between cells": _csv(_file(separator="\t")),
    "bars between cells": _csv(_file(separator="|")),
    "every cell quoted": _csv(_file(quoting=csv.QUOTE_ALL)),
    "line ends of Windows": _csv(_file(newline="\r\n")),
    "a title above": _file(above=(("Export of 28 November",),)),
    "blank rows between": _blank_rows,
    "a line that names the separator": _csv(
        lambda sheet: replace(sheet, corrupt=lambda content: f"sep={sheet.separator}\n".encode() + content)
    ),
    "separators behind every row": _csv(
        lambda sheet: replace(sheet, corrupt=lambda text: text.replace(b"\n", sheet.separator.encode() * 3 + b"\n"))
    ),
    "headings in capitals": lambda sheet: replace(sheet, headings=tuple(text.upper() for text in sheet.headings)),
    "blanks around headings": lambda sheet: replace(sheet, headings=tuple(f" {text} " for text in sheet.headings)),
    "a column that nobody reads": lambda sheet: sheet.with_added("Memo", ["x"] * len(sheet.rows)),
    "the row of headings repeated": _headings_again,
    # blanks and marks in cells
    "blanks around a code": _one(lambda text: f"  {text} ", "code"),
    "a no-break space behind an amount": _one(lambda text: f"{text}\u00a0", "amount"),
    "a zero-width mark in a code": _one(lambda text: f"{text[:2]}\u200b{text[2:]}", "code"),
    "an apostrophe before a code": _one(lambda text: f"'{text}", "code"),
    "a code as a formula": _one(lambda text: f'="{text}"', "code", where=str.isdigit),
    "digits of full width in a code": _one(
        lambda text: text.translate({ord("0") + n: 0xFF10 + n for n in range(10)}), "code", where=str.isdigit
    ),
    "a line feed in a name": _one(lambda text: text.replace(" ", "\n", 1), "name", where=lambda text: " " in text),
    "a control character in a name": _csv(_one(lambda text: f"{text}\x07", "name")),
    # codes that a spreadsheet took for numbers
    "zeros lost in all codes but one": _all_but_one(lambda text: text.lstrip("0"), "code", where=_zeros),
    "a code in scientific notation": _one(lambda text: f"{float(text):.5E}", "code", where=_long),
    "a code in scientific notation with a comma": _one(
        lambda text: f"{float(text):.5E}".replace(".", ","), "code", where=_long
    ),
    "a code with a point and a zero": _one(lambda text: f"{text}.0", "code", where=str.isdigit),
    "a code with thousands marks": _one(lambda text: f"{int(text):,}", "code", where=_long),
    "a code that became a date": _one(lambda text: "01-Mar", "code", where=lambda text: text == "MAR1"),
    "a telephone number as a number": _one(lambda text: text.removeprefix("+"), "phone"),
    "a telephone number in scientific notation": _one(lambda text: f"{float(text):.5E}", "phone"),
    "zeros of a postcode lost": _one(lambda text: text.lstrip("0"), "postcode", where=lambda text: text[:1] == "0"),
    "a code padded by its cell format": _xlsx(
        _one(lambda text: Typed(value=int(text), number_format="0" * len(text)), "code", where=_zeros)
    ),
    "every code padded by its cell format": _xlsx(
        _all(lambda text: Typed(value=int(text), number_format="0" * len(text)), "code", where=_zeros)
    ),
    "a code with a word in its cell format": _xlsx(
        _one(
            lambda text: Typed(value=int(text[2:]), number_format=f'"{text[:2]}"' + "0" * len(text[2:])),
            "code",
            where=_zeros,
        )
    ),
    "a code as a bare number": _xlsx(_one(lambda text: Typed(value=int(text)), "code", where=_zeros)),
    "a code as a date cell": _xlsx(_one(lambda text: Typed(value=date(2026, 3, 1), number_format="mmm-yy"), "code")),
    "a code as yes or no": _xlsx(_one(lambda text: Typed(value=True), "code")),
    "a code as an error": _one(lambda text: "#REF!", "code"),
    # amounts
    "decimal commas throughout": _decimal_comma,
    "thousands commas throughout": _all(_grouped(",", "."), "amount", where=_thousands),
    "a thousands comma in one amount": _one(_grouped(",", "."), "amount", where=_thousands),
    "a thousands point and a decimal comma in one amount": _one(_grouped(".", ","), "amount", where=_thousands),
    "a thousands blank in one amount": _one(_grouped(" ", "."), "amount", where=_thousands),
    "a thousands apostrophe in one amount": _one(_grouped("'", "."), "amount", where=_thousands),
    "thousands marks of the wrong groups": _one(lambda text: f"{text[:2]},{text[2:]}", "amount", where=_thousands),
    "a decimal comma in one amount": _one(lambda text: text.replace(".", ","), "amount"),
    "three decimals in one amount": _one(lambda text: f"{text}5", "amount", where=lambda text: "." in text),
    "the letter O in an amount": _one(lambda text: text.replace("0", "O"), "amount", where=lambda text: "0" in text),
    "a minus behind an amount": _one(lambda text: f"{text}-", "amount"),
    "an amount in brackets": _one(lambda text: f"({text})", "amount"),
    "a typographic minus before an amount": _one(lambda text: f"\u2212{text}", "amount"),
    "the shop's currency behind an amount": _one(lambda text: f"{text} €", "amount"),
    "another currency behind an amount": _one(lambda text: f"{text} USD", "amount"),
    "a dollar before an amount": _one(lambda text: f"${text}", "amount"),
    "another currency behind every amount": _all(lambda text: f"{text} SEK", "amount"),
    "an amount in scientific notation": _one(lambda text: f"{float(text):.4E}", "amount", where=_thousands),
    "an amount in percent": _one(lambda text: f"{text} %", "amount"),
    "an amount that became a date": _one(lambda text: "12-May", "amount"),
    "an amount of nothing": _one(lambda text: "NULL", "amount"),
    "amounts as text with a comma": _xlsx(_numbers_as_text),
    "one amount as text with a comma": _xlsx(_one(lambda text: text.replace(".", ","), "amount")),
    "an amount scaled by its cell format": _xlsx(
        _one(lambda text: Typed(value=float(text) * 1000, number_format="0.00,"), "amount")
    ),
    "an amount in percent by its cell format": _xlsx(
        _one(lambda text: Typed(value=float(text) / 100, number_format="0%"), "amount")
    ),
    "an amount in dollars by its cell format": _xlsx(
        _one(lambda text: Typed(value=float(text), number_format="[$USD] #,##0.00"), "amount")
    ),
    "an amount as a date cell": _xlsx(
        _one(lambda text: Typed(value=date(2026, 5, 12), number_format="d-mmm"), "amount")
    ),
    "an amount as a duration": _xlsx(
        _one(lambda text: Typed(value=timedelta(hours=12, minutes=50), number_format="[h]:mm"), "amount")
    ),
    "an amount as yes or no": _xlsx(_one(lambda text: Typed(value=True), "amount")),
    "an amount as an error": _one(lambda text: "#VALUE!", "amount"),
    "an amount without its end": _xlsx(_one(lambda text: Typed(value=float(text), number_format="#,##0.00"), "amount")),
    # quantities
    "a decimal comma in one quantity": _one(
        lambda text: text.replace(".", ","), "quantity", where=lambda text: "." in text
    ),
    "a quantity with a unit": _one(lambda text: f"{text} kg", "quantity"),
    "a quantity below zero": _one(lambda text: f"-{text}", "quantity"),
    "a quantity of nothing": _one(lambda text: "N/A", "quantity"),
    "a quantity in percent by its cell format": _xlsx(
        _one(lambda text: Typed(value=float(text) / 100, number_format="0%"), "quantity")
    ),
    # dates
    "days before months throughout": _all(_as_day_first, "date", "birth"),
    "months before days throughout": _all(_as_month_first, "date", "birth"),
    "days and months that can be told either way": _one(
        lambda text: "05/04/2026" + text[10:], "date", where=lambda text: len(text) > 10
    ),
    "dates as cells of their own": _xlsx(
        _all(lambda text: Typed(value=_as_instant(text), number_format="yyyy-mm-dd hh:mm:ss"), "date")
    ),
    "birth dates as cells of their own": _xlsx(
        _all(lambda text: Typed(value=date.fromisoformat(text), number_format="dd/mm/yyyy"), "birth")
    ),
    "a date as a bare number": _one(lambda text: "45291", "date", "birth"),
    "a date as a time of day": _xlsx(
        _one(lambda text: Typed(value=time(17, 45), number_format="hh:mm"), "date", "birth")
    ),
    "a date of zeros": _one(lambda text: "0000-00-00", "birth"),
    "a date of zeros in a spreadsheet": _one(lambda text: "00/01/1900", "birth"),
    "a year of two digits": _one(lambda text: text[2:], "date", "birth"),
    "a day that is none": _one(
        lambda text: text[:8] + "31" + text[10:] if text[5:7] != "02" else text,
        "date",
        where=lambda text: text[5:7] == "11",
    ),
    "a year far ahead": _one(lambda text: "9999" + text[4:], "date", "birth"),
    # words for nothing
    **{f"{word} where a cell may be blank": _nothing(word) for word in _OPTIONAL_WORDS},
    "a code of nothing": _one(lambda text: "NULL", "code"),
    "a name of nothing": _one(lambda text: "N/A", "name"),
    # rows
    "a row cut short": _csv(_cut_short),
    "a row with a cell too many": _csv(_widened),
    "a row moved to the left": _shifted,
    "a subtotal between rows": _subtotal("Subtotal"),
    "a Swedish subtotal between rows": _subtotal("Delsumma"),
    "a sum between rows": _subtotal("Summa"),
    "a row that stands twice": _twice,
    "a row that stands twice with another amount": _twice_otherwise,
    "an opened quote in a name": _on_bytes(
        lambda content: content.replace("Å".encode(), '"Å'.encode(), 1).replace(b"Tasse", b'"Tasse', 1)
    ),
    "a row that a spreadsheet hides": _dressed(_hide_a_row),
    "cells that are one": _dressed(_merge_cells),
    # headings and columns
    "a heading that stands twice": _key_heading_twice,
    "a currency in the heading of an amount": _money_heading("{} (USD)"),
    "the shop's currency in the heading of an amount": _money_heading("{} (EUR)"),
    "the heading of an amount without its column": _money_heading("Unknown {}", always=False),
    "a column that says another currency": _beside("Currency", "USD"),
    "a column that says the shop's currency": _beside("Currency", "EUR"),
    "a column that says disabled": _beside("Status", "disabled"),
    "a column that says expired": _beside("Expires", "2020-01-01"),
    "a column that says deleted": _beside("Deleted", "yes", ("name", "amount")),
    "a column that says thousands": _beside("Unit", "x 1000"),
    # letters
    "letters decoded twice": _csv(_all(_mojibake, "name", where=_accented)),
    "letters decoded twice in a workbook": _xlsx(_all(_mojibake, "name", where=_accented)),
    "letters lost as question marks": _all(_without_letters, "name", where=_accented),
    "letters lost as replacement marks": _all(
        lambda text: text.encode("ascii", "replace").decode().replace("?", "\ufffd"), "name", where=_accented
    ),
    "a letter lost as a replacement mark in a code": _one(lambda text: f"{text[:-1]}\ufffd", "code"),
    "half of a UTF-8 letter": _on_bytes(lambda content: content.replace("é".encode(), "é".encode()[:1], 1)),
}

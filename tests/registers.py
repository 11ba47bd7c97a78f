"""Customers as people would sketch them: files drawn as tables, and registers to compare them with."""

from datetime import date
from typing import Literal

import polars as pl

from schemas.customers import CUSTOMER_COLUMNS, CUSTOMERS, LIGHTSPEED_ECOM, TIXLY
from schemas.domain import Dialect
from tasks.core.customers.changes import decide_customer_changes
from tasks.core.customers.checks import BlankCells, CheckedCustomers, check_customers
from tasks.core.customers.values import Register
from tasks.core.reading.parts import Parts, read_parts
from tasks.core.reading.sizes import Sizes

PEOPLE = CUSTOMERS.resource
SWEDEN = Register(default_country="SE", today=date(2026, 11, 22))
SIZES = Sizes(max_file_bytes=10**7, max_cell_chars=32_767, max_columns=200)
DialectName = Literal["tixly", "lightspeed_ecom"]
_DIALECTS: dict[DialectName, Dialect] = {"tixly": TIXLY, "lightspeed_ecom": LIGHTSPEED_ECOM}


def drawn_file(text: str, dialect: Dialect) -> bytes:
    """Write a file that is drawn with bars between its cells."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not set(line.strip()) <= set("-+")]
    rows = [dialect.separator.join(cell.strip() for cell in line.split("|")) for line in lines]
    return "\n".join([*rows, ""]).encode()


def parts_of(content: bytes, dialect: Dialect, rows_at_once: int = 2) -> Parts:
    """Read a file as large ones are: some rows at a time, here no more than two, unless more are asked for."""
    return read_parts(
        content, name="drawn", dialect=dialect, code_page="windows-1252", sizes=SIZES, rows_at_once=rows_at_once
    )


def check(
    text: str, name: DialectName = "lightspeed_ecom", blank_cells: BlankCells = "keep", register: Register = SWEDEN
) -> CheckedCustomers:
    dialect = _DIALECTS[name]
    return check_customers(parts_of(drawn_file(text, dialect), dialect), register, blank_cells=blank_cells)


def found(checked: CheckedCustomers) -> list[str]:
    """Say each finding: ``3 E-Mail CUST_EMAIL_INVALID``."""
    return [f"{line} {heading} {code}" for line, heading, _, code, _ in checked.findings.iter_rows()]


def register_of(text: str) -> pl.DataFrame:
    """Draw what a register holds; columns that are not drawn are empty."""
    heading, *rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    drawn = pl.DataFrame(rows, schema=dict.fromkeys(heading, pl.String), orient="row")
    missing = [pl.lit("").alias(name) for name in CUSTOMER_COLUMNS if name not in heading]
    return drawn.with_columns(missing).select("customer_id", *CUSTOMER_COLUMNS)


def plan(
    text: str,
    before: pl.DataFrame,
    name: DialectName = "lightspeed_ecom",
    blank_cells: BlankCells = "keep",
    register: Register = SWEDEN,
) -> tuple[pl.DataFrame, int]:
    checked = check(text, name, blank_cells, register)
    assert found(checked) == []
    by_email = not _DIALECTS[name].numbers_by_zero
    return decide_customer_changes(checked.accepted, before.lazy(), PEOPLE, register, updates_by_email=by_email)


def in_short(changes: pl.DataFrame) -> list[str]:
    """Say each change: ``update 1 city Malmö -> Lund``, ``held 7 TIXLY_CUSTOMER_ID_UNKNOWN customer 2``."""
    return [_told(change) for change in changes.sort("line").iter_rows(named=True)]


def _told(change: dict[str, str]) -> str:
    start = f"{change['kind']} {change['customer_id']}"
    if change["code"]:
        return " ".join(filter(None, [start, change["code"], change["detail"]]))
    moved = [
        f"{column} {change[f'{column}_before'] or '(empty)'} -> {change[f'{column}_after'] or '(empty)'}"
        for column in CUSTOMER_COLUMNS
        if change["kind"] == "update" and change[f"{column}_before"] != change[f"{column}_after"]
    ]
    return ", ".join([start, *moved]) if change["kind"] != "update" else f"{start} {', '.join(moved)}"

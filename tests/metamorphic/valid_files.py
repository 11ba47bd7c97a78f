"""Valid files of every dialect, and what each of them says: the records that would go to a target.

Persons are invented. Numbers begin with zeros, names have accents, and amounts have cents, so that damage shows.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import polars as pl

from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from schemas.domain import Dialect
from schemas.gift_cards import LIGHTSPEED_X
from schemas.loyalty.pos_sales import POS_SALES
from schemas.loyalty.records import Section
from schemas.loyalty.reports import REPORT_DIALECTS
from schemas.orders.files import WOO_ORDERS
from schemas.problems import FileNeedsFixing
from schemas.stock import STOCK_LIST
from schemas.tables import Concern, Table
from tasks.core.checking.spreadsheet_codes import without_damage
from tasks.core.customers.checks import check_customers
from tasks.core.customers.values import Register
from tasks.core.gift_cards.checks import check_gift_cards
from tasks.core.loyalty.evidence.sale_files import check_sales
from tasks.core.loyalty.failures import check_failures
from tasks.core.loyalty.times import Clock
from tasks.core.orders.answers import read_answers
from tasks.core.orders.files import read_order_table
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules
from tasks.core.reading.dialects import recognise
from tasks.core.reading.parts import read_parts
from tasks.core.reading.sizes import Sizes
from tasks.core.reading.table import read_rows, read_table
from tasks.core.stock.checks import check_stock
from tests.metamorphic.sheets import Kind, Role, Sheet, in_numbers

TODAY = date(2026, 11, 28)
SIZES = Sizes(max_file_bytes=10**7, max_cell_chars=32_767, max_columns=200)
REGISTER = Register(default_country="SE", today=TODAY)
CLOCK = Clock(zone="Europe/Paris", today=TODAY)
RULES = OrderRules(time_zone="Europe/Paris", today=TODAY)

Record = tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a file: what would go to a target, by key, and what a person is told instead.

    ``refused`` says that the whole file goes back; ``rejected`` counts rows that do, ``repairs`` what was put right,
    ``notes`` what is said of how the file was read.
    A ``fault`` is one of our own: there must be none.
    """

    records: Mapping[str, Record]
    rejected: int = 0
    concerns: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    repairs: int = 0
    notes: frozenset[str] = frozenset()
    refused: str = ""
    fault: str = ""


def _outcome(
    frame: pl.DataFrame, key: str, findings: pl.DataFrame, concerns: tuple[Concern, ...], table: Table | None = None
) -> Outcome:
    columns = sorted(name for name in frame.columns if name not in ("line", key))
    rows: dict[str, list[Record]] = {}
    for row in frame.iter_rows(named=True):
        rows.setdefault(str(row[key]), []).append(tuple(row[name] for name in columns))
    return Outcome(
        records={
            name: tuple(value for row in sorted(found, key=repr) for value in row) for name, found in rows.items()
        },
        rejected=findings["line"].n_unique(),
        concerns=tuple(sorted({concern.code for concern in concerns})),
        codes=tuple(sorted(set(findings["code"]))),
        repairs=sum(table.repairs.values()) if table else 0,
        notes=frozenset(table.notes) if table else frozenset(),
    )


def _table(content: bytes, dialect: Dialect) -> Table:
    table = read_table(content, name="file", dialect=dialect, code_page="windows-1252", sizes=SIZES)
    return without_damage(table, dialect)


def _gift_cards(content: bytes) -> Outcome:
    table = _table(content, LIGHTSPEED_X)
    checked = check_gift_cards(
        table, currency="EUR", exponent=2, format_choice=None, zero_balances="reject", today=TODAY
    )
    cards = checked.accepted.with_columns(pl.col("number").str.to_lowercase())
    return _outcome(cards, "number", checked.findings, checked.concerns, checked.file)


def _customers(content: bytes) -> Outcome:
    dialects = (TIXLY, LIGHTSPEED_ECOM)
    dialect = recognise(content, dialects, name="file", code_page="windows-1252", sizes=SIZES)
    parts = read_parts(content, name="file", dialect=dialect, code_page="windows-1252", sizes=SIZES)
    checked = check_customers(parts, REGISTER, blank_cells="keep")
    people = checked.accepted.collect()
    known_by = pl.when(pl.col("customer_id") != "").then("customer_id").otherwise("email")
    keyed = people.with_columns(known_by=known_by).drop("same_as", "extra", strict=False)
    return _outcome(keyed, "known_by", checked.findings, checked.file.concerns, checked.file)


def _stock(content: bytes) -> Outcome:
    table = _table(content, STOCK_LIST)
    checked = check_stock(table, currency="EUR", exponent=2, format_choice=None, today=TODAY)
    named = checked.accepted.with_columns(pl.when(pl.col("name") != pl.col("sku")).then("name").alias("name"))
    return _outcome(named, "sku", checked.findings, checked.file.concerns, checked.file)


def _orders(content: bytes) -> Outcome:
    table = _table(content, WOO_ORDERS)
    read = read_orders(read_order_table(table, RULES, None).parsed, RULES)
    return _outcome(_of_orders(read), "order_id", read.findings, (*table.concerns, *read.concerns), table)


def _answers(content: bytes) -> Outcome:
    read = read_orders(read_answers([content], [], RULES), RULES)
    return _outcome(_of_orders(read), "order_id", read.findings, read.concerns)


def _of_orders(read: OrdersRead) -> pl.DataFrame:
    """Return orders and their lines as one frame, a row each."""
    heads = read.orders.select("order_id", "state", "sold_at", "currency", "total_cents", "tax_cents", "refunded_cents")
    lines = read.lines.select(
        "sku",
        "name",
        "at",
        "quantity_milli",
        "net_cents",
        "source_product_id",
        line_tax_cents="tax_cents",
        order_id=pl.col("order_key").str.split(":").list.last(),
    )
    return pl.concat([heads, lines], how="diagonal")


def _redemptions(content: bytes) -> Outcome:
    return _failures(content, "redemption", "reward_id")


def _transactions(content: bytes) -> Outcome:
    return _failures(content, "transaction", "transaction_id")


def _failures(content: bytes, section: Section, key: str) -> Outcome:
    dialect = REPORT_DIALECTS[section]
    table = read_rows(content, name="file", dialect=dialect, code_page="windows-1252", sizes=SIZES)
    checked = check_failures(table, section=section, source="report", clock=CLOCK, currency="EUR")
    known = replace(table, repairs=checked.repairs)
    return _outcome(checked.failures.drop("failure_key"), key, checked.findings, checked.concerns, known)


def _sales(content: bytes) -> Outcome:
    table = _table(content, POS_SALES)
    checked = check_sales(table, name="file", clock=CLOCK, currency="EUR")
    lines = checked.lines.drop("whole", "file")
    return _outcome(lines, "sale_id", table.findings, checked.concerns, table)


READERS: Mapping[str, Callable[[bytes], Outcome]] = {
    "gift cards": _gift_cards,
    "tixly": _customers,
    "ecom": _customers,
    "orders": _orders,
    "answers": _answers,
    "stock": _stock,
    "redemptions": _redemptions,
    "transactions": _transactions,
    "sales": _sales,
}


def read(dialect: str, content: bytes) -> Outcome:
    """Read a file of a dialect; one that goes back as a whole says why."""
    try:
        return READERS[dialect](content)
    except FileNeedsFixing as problem:
        return Outcome(records={}, refused=problem.code or problem.says)
    except Exception as fault:  # noqa: BLE001  # whatever it is, the table shall show it
        return Outcome(records={}, fault=repr(fault))


def _drawn(name: str) -> Sheet:
    """Read a sheet that is drawn with its headings, then what each column is: ``*`` is the key, ``?`` may be blank."""
    lines = Path(__file__).with_name("valid").joinpath(f"{name.replace(' ', '_')}.txt").read_text().splitlines()
    headings, roles, *rows = [_cells(line) for line in lines if set(line) - set("-+ ")]
    return Sheet(
        kind="csv",
        headings=headings,
        rows=tuple(rows),
        roles=tuple(_ROLES[role.rstrip("*?")] for role in roles),
        key=next(at for at, role in enumerate(roles) if role.endswith("*")),
        optional=frozenset(at for at, role in enumerate(roles) if role.endswith("?")),
        separator=";" if name == "tixly" else ",",
    )


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in line.split("|"))


_ROLES: Mapping[str, Role] = {role: role for role in get_args(Role)}
DIALECTS = tuple(name for name in READERS if name != "answers")


def valid_sheet(dialect: str, kind: Kind) -> Sheet:
    """Return a valid file of a dialect; a workbook holds amounts and quantities as numbers, codes as text."""
    sheet = replace(_drawn(dialect), kind=kind)
    return in_numbers(sheet, {"amount": "0.00", "quantity": "General"}) if kind == "xlsx" else sheet

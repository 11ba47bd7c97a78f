"""Closing time for the demo: a few sales at the till, today's report of failures, and a filled-in worklist."""

import csv
import json
import time
from pathlib import Path

import sqlalchemy as sa

from infra.connectors.sql.tables import SALES
from infra.databases.database import open_database, writing

TODAY = time.strftime("%Y-%m-%d")
_SOLD = (("S-9001", "5001", 1, 0), ("S-9002", "5002", 2, 5998))
"""Sale, customer, pieces, cents: the first was a free good."""


def sell(url: str) -> None:
    """Enter today's sales of two customers in the till."""
    with writing(open_database(url)) as connection:
        connection.execute(sa.insert(SALES), [_sale(*each) for each in _SOLD])


def _sale(number: str, customer_id: str, pieces: int, cents: int) -> dict[str, object]:
    line = {"kind": "item", "sku": "012345678905", "name": "Dog food 2 kg", "quantity_milli": pieces * 1000}
    lines = [line | {"line": "1", "product_id": "", "net_cents": cents, "tax_cents": 0, "moves": False}]
    row = {"order_key": f"till:{number}", "state": "closed", "sold_at": f"{TODAY}T10:00:00Z", "number": number}
    row |= {"register_id": "1", "outlet_id": "main", "customer_id": customer_id, "currency": "EUR"}
    totals = {"total_cents": cents, "tax_cents": 0, "refunded_cents": 0}
    return row | totals | {"stock": "neutral", "content_sha256": "0" * 64, "lines": json.dumps(lines)}


def report_of_today(example: Path, folder: Path) -> Path:
    """Write the report as if it were from today: it would have expired otherwise."""
    report = folder / f"failures-{TODAY}.csv"
    report.write_text(example.read_text().replace("2026-11-20", TODAY))
    return report


def decide(worklist: Path, failure_class: str, decision: str) -> Path:
    """Fill in the worklist for one kind of failure, as a person would."""
    rows = list(csv.DictReader(worklist.read_text("utf-8-sig").splitlines(keepends=True)))
    for row in rows:
        row["decision"] = decision if row["what"] == failure_class else ""
    filled = worklist.with_name("worklist-filled-in.csv")
    with filled.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return filled

"""Days on which reports showed failures, drawn: ``day | shows``, with a letter for each failure.

A failure occurred on the first day that shows it, unless told otherwise; everything is of one section.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import polars as pl

from schemas.loyalty.failures import Failures
from schemas.loyalty.records import FailureSource, FailureStates
from tasks.core.loyalty.sweep import Look, sweep

TYPES = {name: dtype.type for name, dtype in Failures.to_schema().dtypes.items()}
NOTHING = pl.DataFrame(schema={name: dtype.type for name, dtype in FailureStates.to_schema().dtypes.items()})
START = date(2026, 11, 1)


def key(letter: str) -> str:
    return sha256(letter.encode()).hexdigest()


def day(number: int) -> date:
    """Count days from the first of November, which is day 1; days before are below."""
    return START + timedelta(days=number - 1)


def failures(letters: Iterable[str], occurred: Mapping[str, date], source: FailureSource = "report") -> pl.DataFrame:
    rows = [
        {
            "line": line,
            "source": source,
            "failure_key": key(letter),
            "section": "transaction",
            "customer_id": letter,
            "customer_name": "",
            "customer_link": "",
            "reward_id": "",
            "transaction_id": letter,
            "upc": "012345678905",
            "program": "",
            "occurred_at": datetime.combine(occurred[letter], datetime.min.time(), UTC) + timedelta(hours=17),
            "occurred_on": occurred[letter],
            "reason": "No Items Found",
            "reason_code": "no_items_found",
            "quantity_milli": 1000,
            "amount_cents": None,
        }
        for line, letter in enumerate(letters, 1)
    ]
    return pl.DataFrame(rows, schema=TYPES)


@dataclass
class Shop:
    """What is remembered, as a ledger would: states, the days of believed reports, and all that were swept."""

    occurred: dict[str, date] = field(default_factory=dict)
    states: pl.DataFrame = field(default_factory=lambda: NOTHING)
    believed: set[date] = field(default_factory=set)
    swept: set[date] = field(default_factory=set)

    def sweeps(self, on: date, shows: str, source: FailureSource = "report", *, believed: bool = True) -> None:
        """Sweep the report of a day; one of a journal is never believed for what it lacks."""
        letters = list(dict.fromkeys(shows.split()))
        for letter in letters:
            self.occurred.setdefault(letter, on)
        if believed and source != "journal":
            self.believed.add(on)
        self.swept.add(on)
        look = Look(day=on, swept=self.swept, believed={"transaction": self.believed})
        self.states = sweep(self.states, failures(letters, self.occurred, source), look)

    def decides(self, letter: str, decision: str, status: str, on: date) -> None:
        named = pl.col("failure_key") == key(letter)
        values = {"decision": decision, "status": status, "decided_by": "Ann", "decided_on": on, "settled_on": on}
        self.states = self.states.with_columns(
            pl.when(named).then(pl.lit(value)).otherwise(name).alias(name) for name, value in values.items()
        )

    def remembers(self, *columns: str) -> dict[str, str]:
        """Say of each failure the status, or the columns asked for; days of November as numbers."""
        names = {key(letter): letter for letter in self.occurred}
        rows = self.states.select("failure_key", *(columns or ("status",))).rows()
        return {names[row[0]]: " ".join(map(_said, row[1:])) for row in sorted(rows, key=lambda row: names[row[0]])}


def _said(value: object) -> str:
    return str((value - START).days + 1) if isinstance(value, date) else str(value)

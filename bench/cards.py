"""Seeded gift cards: what a till holds and what a file asks of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from schemas.records import ChangeCounts

Kind = Literal["update", "first_import"]
OTHER_SHARE = 0.05
NEW_SHARE = 0.02
SEED = 20_261_122
_SCATTER = 618_033_988_749
"""Odd and no multiple of 5, so that its multiples are all different among 12 digits."""


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A file of *rows* rows, and a till that holds as many cards, or none at a first import.

    In an update 5 % of the rows have another balance, 2 % are new, and as many cards of the
    till are not in the file. File and till are in no common order.
    """

    kind: Kind
    rows: int

    @property
    def name(self) -> str:
        return f"{self.kind}_{self.rows}"

    @property
    def expected(self) -> ChangeCounts:
        """What a run under existing_cards=set must count."""
        if self.kind == "first_import":
            return ChangeCounts(created=self.rows)
        other, new = _shares(self.rows)
        return ChangeCounts(created=new, updated=other, unchanged=self.rows - other - new)


def held_cards(scenario: Scenario) -> pl.DataFrame:
    """Return the till's records, sorted by number."""
    rows = scenario.rows if scenario.kind == "update" else 0
    return _cards(rows).with_columns(currency=pl.lit("EUR"), status=pl.lit("ACTIVE")).sort("number")


def file_cards(scenario: Scenario) -> pl.DataFrame:
    """Return the file's rows, shuffled: ``number, balance_cents``."""
    if scenario.kind == "first_import":
        return _cards(scenario.rows)
    other, new = _shares(scenario.rows)
    cards = _cards(scenario.rows + new)
    kept = cards.slice(other, scenario.rows - other - new)
    raised = cards.head(other).with_columns(pl.col("balance_cents") + 1)
    return pl.concat([raised, kept, cards.tail(new)]).sample(fraction=1, shuffle=True, seed=SEED)


def changed_cards(scenario: Scenario) -> pl.DataFrame:
    """Return those rows of the file that change something: ``number, balance_cents``."""
    if scenario.kind == "first_import":
        return file_cards(scenario)
    held = held_cards(scenario).select("number", "balance_cents")
    return file_cards(scenario).join(held, on=["number", "balance_cents"], how="anti")


def write_file(scenario: Scenario, path: Path) -> None:
    """Write the file as a shop has it: ``Number,Balance`` with two decimals."""
    cents = pl.col("balance_cents")
    balance = pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))
    file_cards(scenario).select(Number="number", Balance=balance).write_csv(path)


def _shares(rows: int) -> tuple[int, int]:
    return int(rows * OTHER_SHARE), int(rows * NEW_SHARE)


def _cards(rows: int) -> pl.DataFrame:
    scattered = pl.int_range(rows, dtype=pl.UInt64) * _SCATTER % 10**12
    balances = np.random.default_rng(SEED).integers(100, 50_000, rows)
    return pl.select(number=pl.format("GC{}", scattered.cast(pl.String).str.zfill(12))).with_columns(
        balance_cents=pl.Series(balances, dtype=pl.Int64)
    )

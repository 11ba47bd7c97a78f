"""Seeded gift cards: what a till holds and what a file asks of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
import polars as pl

from bench.scenario import SEED, shares, shuffled
from infra.connectors.sql.tables import GIFT_CARDS
from schemas.gift_cards import GiftCards as CardRows
from schemas.records import ChangeCounts

_NO_LIMIT = 10**9
_SCATTER = 618_033_988_749
"""Odd and no multiple of 5, so that its multiples are all different among 12 digits."""


@dataclass(frozen=True, kw_only=True)
class GiftCards:
    """Balances: an update of as many cards, or a first import into a till that holds none."""

    rows: int
    title: Literal["update", "first import"] = "update"
    records = "gift cards"
    flow = "flows.gift_cards:import_gift_cards"
    options: ClassVar[dict[str, Any]] = {"existing_cards": "set", "max_added": _NO_LIMIT, "max_amount": _NO_LIMIT}
    table = GIFT_CARDS
    columns = ("number", "currency", "balance_cents", "status")
    written = ("number", "balance_cents")
    created = ("number", "balance_cents")
    fixed: ClassVar[Mapping[str, pl.Expr]] = {"currency": pl.lit("EUR"), "status": pl.lit("ACTIVE")}
    model = CardRows
    rejected = 0

    @property
    def name(self) -> str:
        return f"cards_{self.title.replace(' ', '_')}_{self.rows}"

    @property
    def expected(self) -> ChangeCounts:
        if self.title == "first import":
            return ChangeCounts(created=self.rows)
        other, new = shares(self.rows)
        return ChangeCounts(created=new, updated=other, unchanged=self.rows - other - new)

    def held(self) -> pl.DataFrame:
        """Return the till's cards, sorted by number."""
        return _as_held(_cards(self.rows if self.title == "update" else 0)).sort("number")

    def wanted(self) -> pl.DataFrame:
        """Return what the rows of the file ask for, in their order."""
        if self.title == "first import":
            return _as_held(_cards(self.rows))
        other, new = shares(self.rows)
        cards = _cards(self.rows + new)
        kept = cards.slice(other, self.rows - other - new)
        raised = cards.head(other).with_columns(pl.col("balance_cents") + 1)
        return _as_held(shuffled(pl.concat([raised, kept, cards.tail(new)])))

    def typed(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Read amounts that all have two decimals."""
        cents = pl.col("Balance").str.replace(".", "", literal=True).cast(pl.Int64)
        return cells.select(number="Number", balance_cents=cents)

    def write_file(self, path: Path) -> None:
        """Write ``Number,Balance`` with two decimals."""
        cents = pl.col("balance_cents")
        balance = pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))
        self.wanted().select(Number="number", Balance=balance).write_csv(path)


def _as_held(cards: pl.DataFrame) -> pl.DataFrame:
    return cards.select("number", pl.lit("EUR").alias("currency"), "balance_cents", pl.lit("ACTIVE").alias("status"))


def _cards(rows: int) -> pl.DataFrame:
    scattered = pl.int_range(rows, dtype=pl.UInt64) * _SCATTER % 10**12
    balances = np.random.default_rng(SEED).integers(100, 50_000, rows)
    return pl.select(number=pl.format("GC{}", scattered.cast(pl.String).str.zfill(12))).with_columns(
        balance_cents=pl.Series(balances, dtype=pl.Int64)
    )

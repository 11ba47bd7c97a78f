"""Gift cards and changes to them, as people would sketch them: a card is ``EUR 1000 ACTIVE``.

Where it counts until a day, that stands behind: ``EUR 1000 ACTIVE 2027-12-31``.
"""

import itertools

import polars as pl

from infra.connectors import Connector
from schemas.gift_cards import GIFT_CARDS
from schemas.records import BatchName
from tasks.core.planning.settlement import without_removed
from tests.tables import frame

CARDS = GIFT_CARDS.resource
SIDES = ("before", "after")
_numbers = itertools.count(1)


def changes(drawn: str) -> pl.DataFrame:
    """Read changes drawn as ``kind | number | before | after``, and ``operation_id | operation`` where wanted."""
    headings = [name.strip() for name in next(line for line in drawn.splitlines() if line.strip()).split("|")]
    table = frame(drawn, dict.fromkeys(headings, pl.String))
    for name in ("operation_id", "operation"):
        if name not in headings:
            table = table.with_columns(pl.lit(None, dtype=pl.String).alias(name))
    return as_changes(table)


def as_changes(table: pl.DataFrame) -> pl.DataFrame:
    """Spread the two sides of each change over the columns of the ChangeSet."""
    parts = {side: pl.col(side).str.split(" ") for side in SIDES}
    spread = [
        part.list.get(place, null_on_oob=True).cast(dtype).alias(f"{column}_{side}")
        for side, part in parts.items()
        for place, (column, dtype) in enumerate(
            {"currency": pl.String, "balance_cents": pl.Int64, "status": pl.String, "expires_on": pl.String}.items()
        )
    ]
    line = pl.int_range(1, pl.len() + 1).cast(pl.UInt32).alias("line")
    whole = table.select(line, "kind", pl.lit("").alias("code"), "number", *spread, "operation_id", "operation")
    days = [f"expires_on_{side}" for side in SIDES]
    return whole if whole.select(pl.any_horizontal(pl.col(days).is_not_null().any())).item() else whole.drop(days)


def batch(run_id: str = "run", number: int | None = None) -> BatchName:
    """Name a batch that no other test and no other call has named, unless a number is given."""
    return BatchName(plan_id="plan", number=next(_numbers) if number is None else number, run_id=run_id)


def write(target: Connector, drawn: str) -> list[str]:
    return target.write(CARDS, changes(drawn), batch()).to_list()


def fill(target: Connector, drawn: str) -> None:
    """Create cards drawn as ``number | card``."""
    table = frame(drawn, {"number": pl.String, "card": pl.String})
    rows = table.select(
        pl.lit("create").alias("kind"),
        "number",
        pl.lit(None, dtype=pl.String).alias("before"),
        pl.col("card").alias("after"),
        pl.lit(None, dtype=pl.String).alias("operation_id"),
        pl.lit(None, dtype=pl.String).alias("operation"),
    )
    outcomes = target.write(CARDS, as_changes(rows), batch("fill"))
    assert set(outcomes) <= {"written"}


def held(target: Connector, *keys: str) -> list[str]:
    """Say what the target holds, sorted: ``GC1 EUR 1000 ACTIVE``. What counts as gone is left out."""
    wanted = pl.Series(keys, dtype=pl.String) if keys else None
    there = without_removed(target.read(CARDS, wanted), CARDS, target.can.removed_as)
    rows = there.select("number", *CARDS.columns)
    return sorted(" ".join(map(str, row)) for row in rows.iter_rows())

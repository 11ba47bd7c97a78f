"""Whatever the changes, a database does with them what the reference in memory does."""

import random

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.connectors import Connector
from infra.connectors.memory.target import MemoryTarget
from infra.connectors.sql.tables import TARGET
from infra.connectors.sql.target import SqlTarget
from infra.databases.database import writing
from tests.connectors.drawn import CARDS, as_changes, batch, held
from tests.examples import costly

CARD = [f"{unit} {cents} {status}" for unit in ("EUR", "SEK") for cents in (0, 1) for status in ("ACTIVE", "VOIDED")]
COLUMNS = ["kind", "number", "before", "after", "operation_id", "operation"]


def random_changes(dice: random.Random, count: int, cards: int) -> pl.DataFrame:
    """Throw *count* changes of any kind at *cards* cards, one a card at most; most fit what is there."""
    rows = [_random_change(dice, number) for number in dice.sample(range(cards), count)]
    return as_changes(pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String), orient="row"))


def _random_change(dice: random.Random, number: int) -> tuple[str | None, ...]:
    """Throw one change. No update leaves all as it was: that is no change, and no plan has one."""
    kind = dice.choice(["create", "create", "update", "update", "remove"])
    key = dice.choice([f"GC{number}", f"gc{number}"])
    before = None if kind == "create" else dice.choice(CARD[:3])
    after = None if kind == "remove" else dice.choice([card for card in CARD[:3] if card != before])
    operation = dice.choice(["apply", "reverse", None, None])
    return kind, key, before, after, f"file:{number}" if operation else None, operation


def assert_agree(ours: Connector, reference: Connector, batches: list[pl.DataFrame]) -> None:
    for changes in batches:
        name = batch()
        assert ours.write(CARDS, changes, name).to_list() == reference.write(CARDS, changes, name).to_list()
        assert held(ours) == held(reference)
        asked = changes["operation_id"].drop_nulls()
        assert sorted(ours.operations(asked).rows()) == sorted(reference.operations(asked).rows())
    assert ours.totals(CARDS) == reference.totals(CARDS)


def test_batches_of_thousands_come_out_alike(database: sa.Engine) -> None:
    dice = random.Random(20_261)
    batches = [random_changes(dice, 5_000, 8_000) for _ in range(4)]

    assert_agree(SqlTarget(database), MemoryTarget(), batches)


@pytest.mark.thorough
@settings(costly, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dice=st.randoms(use_true_random=False), sizes=st.lists(st.integers(0, 4), min_size=1, max_size=6))
def test_small_batches_in_any_order_come_out_alike(database: sa.Engine, dice: random.Random, sizes: list[int]) -> None:
    with writing(database) as connection:
        for table in reversed(TARGET.sorted_tables):
            connection.execute(sa.delete(table))

    assert_agree(SqlTarget(database), MemoryTarget(), [random_changes(dice, size, 4) for size in sizes])

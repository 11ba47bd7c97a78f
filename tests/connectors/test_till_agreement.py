"""Whatever becomes of sales, a database does with them, and with the stock, what the reference in memory does."""

import random

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.connectors.memory.target import MemoryTarget
from infra.connectors.sql.tables import TARGET
from infra.connectors.sql.target import SqlTarget
from infra.databases.database import writing
from schemas.orders.records import SALES
from schemas.records import BatchName
from schemas.stock import LEVELS, PRODUCT_RECORDS
from tests import sales
from tests.connectors.shop import StockTarget, changes, open_shop, product, stock
from tests.examples import costly

ITEMS = ["1xmug", "2xcap", "-1xmug", "0.5xtea?", "1x-", "3xgone", "1xnew"]
NEW = product("new")


def random_sale(dice: random.Random, lines: int) -> str:
    words = [
        dice.choice(["closed", "closed", "parked", "voided"]),
        dice.choice(["", "neutral"]),
        dice.choice(["", "@web"]),
    ]
    return " ".join([*words, *(dice.choice(ITEMS) for _ in range(lines))])


def random_changes(dice: random.Random, count: int, known: dict[str, str]) -> pl.DataFrame:
    """Throw changes at sales: most fit what is *known* to be there, some do not."""
    rows = []
    for number in dice.sample(range(count * 2), count):
        key = dice.choice([f"w:{number}", f"W:{number}"])
        held = known.get(key.lower())
        before = held if dice.random() < 0.9 else random_sale(dice, 1)
        after = random_sale(dice, dice.randint(0, 3))
        rows.append(("create" if before is None else "update", key, before, after))
        known[key.lower()] = after
    return sales.as_changes([row for row in rows if sales.sale(row[2]) != sales.sale(row[3])])


def toggled(products: pl.DataFrame) -> pl.DataFrame:
    """Take the new product away where it is there, or bring it."""
    there = "new" in products["product_id"].to_list()
    return changes(PRODUCT_RECORDS, [(NEW, None) if there else (None, NEW)])


def assert_agree(ours: StockTarget, reference: StockTarget, dice: random.Random, sizes: list[int]) -> None:
    known: dict[str, str] = {}
    for target in (ours, reference):
        open_shop(target)
    for number, size in enumerate(sizes):
        name = BatchName(plan_id="agree", number=1, run_id=f"run{number}")
        drawn = random_changes(dice, size, known)
        assert ours.write(SALES, drawn, name).to_list() == reference.write(SALES, drawn, name).to_list()
        products = BatchName(plan_id="agree", number=2, run_id=f"run{number}")
        toggle = toggled(reference.read(PRODUCT_RECORDS, None))
        assert ours.write(PRODUCT_RECORDS, toggle, products)[0] == reference.write(PRODUCT_RECORDS, toggle, products)[0]
        assert_alike(ours, reference, f"run{number}")


def assert_alike(ours: StockTarget, reference: StockTarget, run_id: str) -> None:
    for resource in (SALES, LEVELS, PRODUCT_RECORDS):
        mine, others = (each.read(resource, None).sort(resource.key) for each in (ours, reference))
        assert mine.equals(others), resource.name
        assert ours.totals(resource) == reference.totals(resource)
    assert stock(ours) == stock(reference)
    moved = [each.movements(run_id) for each in (ours, reference)]
    assert moved[0].sort(moved[0].columns).equals(moved[1].sort(moved[1].columns))


def test_batches_of_many_sales_come_out_alike(database: sa.Engine) -> None:
    assert_agree(SqlTarget(database), MemoryTarget(), random.Random(20_262), [400, 400, 400])


@pytest.mark.thorough
@settings(costly, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dice=st.randoms(use_true_random=False), sizes=st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_small_batches_in_any_order_come_out_alike(database: sa.Engine, dice: random.Random, sizes: list[int]) -> None:
    with writing(database) as connection:
        for table in reversed(TARGET.sorted_tables):
            connection.execute(sa.delete(table))

    assert_agree(SqlTarget(database), MemoryTarget(), dice, sizes)

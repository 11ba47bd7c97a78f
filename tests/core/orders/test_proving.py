"""Whether stock and days add up afterwards."""

import polars as pl

from tasks.core.orders.effects import movements
from tasks.core.orders.proving import find_discrepancies, stock_proof, totals_by_day
from tasks.core.orders.showing import changed_lines
from tests.order_lines import the_orders
from tests.sales import as_changes, sales

LEVELS = pl.DataFrame({"product_id": ["mug"], "outlet_id": ["main"], "quantity_milli": [10_000]})
WRITTEN = [("create", "w:1", None, "closed 2xmug"), ("update", "w:2", "closed 1xmug", "closed 3xmug -1xmug")]


def outcomes(*ways: str) -> pl.DataFrame:
    return as_changes(WRITTEN).with_columns(outcome=pl.Series(ways))


def level(milli: int) -> pl.DataFrame:
    return LEVELS.with_columns(quantity_milli=pl.lit(milli, pl.Int64))


def test_before_less_sold_is_after_whatever_others_moved_meanwhile():
    done = outcomes("written", "written")
    (row,) = stock_proof(done, movements(done), LEVELS, level(5_000)).iter_rows(named=True)
    told = [row[f"{name}_milli"] for name in ("before", "sold", "after", "elsewhere", "now")]
    assert told == [10_000, 3_000, 7_000, -2_000, 5_000]
    assert row["agrees"]


def test_what_was_not_written_must_not_have_moved():
    done = outcomes("written", "conflict")
    moved = movements(done.filter(outcome="written"))
    assert stock_proof(done, moved, LEVELS, level(8_000))["agrees"].all()
    assert not stock_proof(done, movements(done), LEVELS, level(7_000))["agrees"].all()


def test_a_movement_that_is_missing_is_found_and_said():
    done = outcomes("written", "written")
    proof = stock_proof(done, movements(done).clear(), LEVELS, LEVELS)
    assert not proof["agrees"].any()
    no_days = totals_by_day(the_orders("order_key\nw:1").clear(), sales({}))
    assert [says[:23] for says in find_discrepancies(proof, 2, no_days)] == [
        "The stock of 1 products",
        "2 levels of the till ar",
    ]


def test_days_that_differ_come_first():
    shop = the_orders(
        """
        order_key | sold_at              | total_cents
        w:1       | 2024-03-08T10:00:00Z | 100
        w:2       | 2024-03-09T10:00:00Z | 200
        """
    )
    till = sales({"w:2": "closed 1xmug", "w:3": "voided 1xmug"})
    days = totals_by_day(shop, till)
    assert days.select("day", "orders", "till_orders", "total_cents", "till_total_cents", "agrees").rows() == [
        ("2024-03-08", 1, 0, 100, 0, False),
        ("2024-03-09", 1, 1, 200, 100, False),
    ]


def test_only_lines_that_changed_are_shown_with_both_sides():
    _, rows = changed_lines(as_changes([("update", "w:1", "closed 1xmug 2xcap", "closed 1xmug 3xcap 1xtea")]))
    assert rows.select("line", "name", "quantity_milli", "now_quantity_milli", "now_net_cents").rows() == [
        ("2", "Cap", 2000, 3000, 300),
        ("3", "Tea", None, 1000, 100),
    ]

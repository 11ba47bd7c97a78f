"""Whether stock and days add up afterwards."""

import polars as pl

from tasks.core.orders.effects import movements
from tasks.core.orders.report_tables import changed_lines
from tasks.core.orders.stock_checks import (
    days_that_differ,
    moved_by_others,
    show_returned,
    stock_proof,
    stock_that_differs,
    totals_by_day,
    without_products,
)
from tests.order_lines import the_orders
from tests.sales import as_changes, sales

LEVELS = pl.DataFrame({"product_id": ["mug"], "outlet_id": ["main"], "quantity_milli": [10_000]})
WRITTEN = [("create", "w:1", None, "closed 2xmug"), ("update", "w:2", "closed 1xmug", "closed 3xmug -1xmug")]


def outcomes(*ways: str) -> pl.DataFrame:
    return as_changes(WRITTEN).with_columns(outcome=pl.Series(ways))


def level(milli: int) -> pl.DataFrame:
    return LEVELS.with_columns(quantity_milli=pl.lit(milli, pl.Int64))


NOTHING_MOVED = movements(as_changes([]))


def _rows(shown):
    report_table, rows = shown
    return report_table, list(rows.iter_rows(named=True))


def _returned():
    back = as_changes(VOIDED).with_columns(outcome=pl.lit("written"))
    products = pl.DataFrame({"product_id": ["mug"], "sku": ["MUG"], "name": ["Mug"]})
    return stock_proof(back, movements(back), LEVELS, LEVELS), products


def test_before_less_sold_is_after_whatever_others_moved_meanwhile():
    done = outcomes("written", "written")
    (row,) = stock_proof(done, movements(done), LEVELS, level(5_000)).iter_rows(named=True)
    quantities = [row[f"{name}_milli"] for name in ("before", "sold", "after", "elsewhere", "now")]
    assert quantities == [10_000, 3_000, 7_000, -2_000, 5_000]
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
    assert stock_that_differs(proof, 2) == (
        "The stock of 1 product did not move as the sales say: see the stock, read back.",
        "2 levels of the till are not the sum of what moved. See uneven-levels.csv.",
    )


VOIDED = [("update", "w:1", "closed 2xmug", "voided 2xmug"), ("update", "w:2", "closed 5xmug", "voided 5xmug")]


def test_a_restore_shows_what_was_there_what_came_back_and_what_others_moved_since():
    """Ten mugs; the run sold seven; since then others sold one, and one more while its sales were voided."""
    back = as_changes(VOIDED).with_columns(outcome=pl.lit("written"))
    run = movements(as_changes([("create", key, None, before) for _, key, before, _ in VOIDED]))
    proof = stock_proof(back, movements(back), level(2_000), level(8_000))
    products = pl.DataFrame({"product_id": ["mug"], "sku": ["MUG"], "name": ["Mug"]})

    report_table, (row,) = _rows(show_returned(proof, products, moved_by_others(run, LEVELS, level(2_000))))

    names = ("before", "returned", "after", "elsewhere", "now", "others")
    assert [row[f"{name}_milli"] for name in names] == [2_000, 7_000, 9_000, -1_000, 8_000, -1_000]
    assert row["agrees"] and report_table.name == "stock-returned"


def test_what_moved_since_a_run_without_a_backup_is_not_made_up():
    (row,) = _rows(show_returned(*_returned(), moved_by_others(NOTHING_MOVED, None, LEVELS)))[1]
    assert row["others_milli"] is None


def test_a_sale_that_was_voided_but_gave_nothing_back_is_found():
    back = as_changes(VOIDED).with_columns(outcome=pl.lit("written"))
    half = movements(back).filter(order_key="w:1")
    proof = stock_proof(back, half, level(3_000), level(5_000))
    assert stock_that_differs(proof, 0) == (
        "The stock of 1 product did not move as the sales say: see the stock, read back.",
    )


def test_of_a_product_that_went_with_its_sales_nothing_may_be_left():
    back = as_changes(VOIDED).with_columns(outcome=pl.lit("written"))
    mug, none_left = pl.Series(["mug"]), LEVELS.clear()
    for before, moved, now, agrees in (
        (level(-7_000), movements(back).clear(), none_left, True),
        (level(-6_000), movements(back).clear(), none_left, False),
        (level(-7_000), movements(back), none_left, False),
        (level(-7_000), movements(back).clear(), level(1_000), False),
    ):
        (row,) = without_products(stock_proof(back, moved, before, now), mug).iter_rows(named=True)
        assert row["agrees"] is agrees
        assert row["sold_milli"] == -7_000


def test_days_on_which_both_sides_agree_are_no_discrepancy():
    one = the_orders("order_key\nw:1 ")
    assert days_that_differ(totals_by_day(one.clear(), sales({}))) == ()
    assert days_that_differ(totals_by_day(one, sales({})))[0].startswith("On 1 day the shop's")


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

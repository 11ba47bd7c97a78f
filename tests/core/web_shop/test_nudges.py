"""Which orders are nudged."""

import polars as pl

from tasks.core.web_shop.nudges import decide_nudges, not_arrived
from tests.tables import frame

HELD = {"order_id": pl.String, "number": pl.String, "status": pl.String, "mark": pl.String}


def ids(*found: str) -> pl.Series:
    return pl.Series("order_id", found, dtype=pl.String)


def test_orders_that_the_till_has_no_sale_of_did_not_arrive():
    sales = pl.Series(["woocommerce:2", "elsewhere:1", "woocommerce:10"])
    assert not_arrived(ids("10", "9", "1", "2", "9"), "woocommerce", sales)["order_id"].to_list() == ["1", "9"]


def test_an_order_is_marked_once_under_each_reference_and_one_that_is_gone_is_held():
    before = frame(
        """
        order_id | number | status     | mark
        ---------+--------+------------+-----------
        1        | W-1    | completed  | ""
        2        | W-2    | processing | 2024-03-01
        3        | W-3    | processing | 2024-03-02
        """,
        HELD,
    )
    changes, unchanged = decide_nudges(ids("1", "2", "3", "4").to_frame(), before, "2024-03-02")
    assert unchanged == 1
    assert changes.select("order_id", "kind", "code", "mark_before", "mark_after").rows() == [
        ("1", "update", "", "", "2024-03-02"),
        ("2", "update", "", "2024-03-01", "2024-03-02"),
        ("4", "held", "WEB_ORDER_GONE", None, None),
    ]
    assert changes["status_after"].to_list() == ["completed", "processing", None]

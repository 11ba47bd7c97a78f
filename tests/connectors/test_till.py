"""What every target must do that keeps stock: a sale, its lines, its movements and the levels are one."""

import json

import polars as pl
import pytest

from infra.connectors import ReadsStock
from schemas.orders.records import SALES
from schemas.records import Total
from schemas.stock import LEVELS, PRODUCT_RECORDS
from tests import sales
from tests.connectors.drawn import batch
from tests.connectors.shop import StockTarget, held, level, open_shop, product, put, stock, write

FULL = {"cap@main": 10.0, "mug@main": 10.0, "tea@main": 10.0}
TWO = """
    kind   | order_key | before | after
    create | w:1       | null   | closed 2xmug 1xcap -1xcap
    create | w:2       | null   | closed @web 0.5xtea 1x-
"""


@pytest.fixture
def shop(stock_target: StockTarget) -> StockTarget:
    assert isinstance(stock_target, ReadsStock)
    open_shop(stock_target)
    return stock_target


def test_a_shop_begins_with_what_was_counted(shop: StockTarget) -> None:
    assert stock(shop) == FULL
    assert shop.levels(pl.Series(["web"])).is_empty()
    assert set(shop.movements("put")["reason"]) == {"opening"}


def test_what_was_sold_leaves_the_outlet_of_the_sale(shop: StockTarget) -> None:
    assert write(shop, TWO) == ["written", "written"]

    assert held(shop) == {"w:1": "closed 200", "w:2": "closed 150"}
    assert stock(shop) == FULL | {"mug@main": 8.0, "tea@web": -0.5}
    assert sorted(shop.movements("run").drop("plan_id").rows()) == [
        ("w:1", "mug", "main", "sale", -2000),
        ("w:2", "tea", "web", "sale", -500),
    ]


@pytest.mark.thorough
def test_levels_that_only_sales_ever_moved_were_counted_by_nobody(shop: StockTarget) -> None:
    assert shop.sold_only().is_empty()

    write(shop, TWO)
    write(shop, "kind | order_key | before | after\ncreate | w:3 | null | closed @web 2xcap", "later")
    write(shop, "kind | order_key | before | after\nupdate | w:3 | closed @web 2xcap | voided @web 2xcap", "void")

    sold = shop.sold_only()
    assert sold.schema == {"product_id": pl.String, "outlet_id": pl.String}
    assert sorted(sold.rows()) == [("cap", "web"), ("tea", "web")]


def test_a_level_that_somebody_set_is_counted_whatever_was_sold_there(shop: StockTarget) -> None:
    write(shop, TWO)
    (now,) = shop.read(LEVELS, pl.Series(["tea@web"]))["quantity_milli"]

    assert put(shop, LEVELS, (level("tea@web", now), level("tea@web", 5_000))) == ["written"]

    assert shop.sold_only().is_empty()
    assert stock(shop)["tea@web"] == 5.0


@pytest.mark.thorough
def test_lines_that_are_as_their_sale_says_are_not_edited(shop: StockTarget) -> None:
    write(shop, TWO)
    write(shop, "kind | order_key | before | after\nupdate | w:1 | closed 2xmug 1xcap -1xcap | voided 2xmug", "later")
    assert shop.edited_lines(pl.Series(["w:1", "w:2", "w:3"])).is_empty()


def test_an_order_that_is_there_cannot_come_in_again(shop: StockTarget) -> None:
    write(shop, TWO)

    assert write(shop, TWO) == ["unchanged", "unchanged"]
    assert write(shop, "kind | order_key | before | after\ncreate | W:1 | null | closed 9xmug") == ["conflict"]
    assert stock(shop) == FULL | {"mug@main": 8.0, "tea@web": -0.5}


def test_the_same_batch_twice_moves_stock_once(shop: StockTarget) -> None:
    name = batch()
    first = shop.write(SALES, sales.changes(TWO), name).to_list()

    assert (first, shop.write(SALES, sales.changes(TWO), name).to_list()) == (["written"] * 2, ["done"] * 2)
    assert stock(shop) == FULL | {"mug@main": 8.0, "tea@web": -0.5}


def test_an_order_that_changed_moves_only_the_difference(shop: StockTarget) -> None:
    write(shop, TWO)

    outcomes = write(
        shop,
        """
        kind   | order_key | before                    | after
        update | W:1       | closed 2xmug 1xcap -1xcap | closed 3xmug
        update | w:2       | closed @web 0.5xtea 1x-   | closed 0.5xtea
        """,
        "again",
    )

    assert outcomes == ["written", "written"]
    assert stock(shop) == FULL | {"mug@main": 7.0, "tea@main": 9.5, "tea@web": 0.0}
    assert sorted(shop.movements("again")["order_key"]) == ["w:1", "w:2", "w:2"]


def test_a_sale_that_someone_moved_since_is_a_conflict_and_moves_no_stock(shop: StockTarget) -> None:
    write(shop, TWO)

    outcomes = write(
        shop,
        """
        kind   | order_key | before       | after
        update | w:1       | closed 3xmug | closed 4xmug
        create | w:3       | null         | closed 1xmug
        """,
    )

    assert outcomes == ["conflict", "written"]
    assert stock(shop)["mug@main"] == 7.0


@pytest.mark.thorough
def test_voiding_returns_the_stock_and_what_was_voided_can_come_back(shop: StockTarget) -> None:
    write(shop, TWO)
    void = "update | w:1 | closed 2xmug 1xcap -1xcap | voided 2xmug 1xcap -1xcap"
    back = "update | w:1 | voided 2xmug 1xcap -1xcap | closed 2xmug 1xcap -1xcap"

    assert write(shop, f"kind | order_key | before | after\n{void}", "voids") == ["written"]
    assert (stock(shop)["mug@main"], held(shop)["w:1"]) == (10.0, "voided 200")
    assert write(shop, f"kind | order_key | before | after\n{back}", "restores") == ["written"]
    assert (stock(shop)["mug@main"], held(shop)["w:1"]) == (8.0, "closed 200")


def test_a_neutral_history_is_there_to_see_and_leaves_the_level(shop: StockTarget) -> None:
    write(shop, "kind | order_key | before | after\ncreate | w:1 | null | closed neutral 2xmug", "history")

    assert stock(shop) == FULL
    assert sorted(shop.movements("history").select("reason", "quantity_milli").rows()) == [
        ("neutral", 2000),
        ("sale", -2000),
    ]


def test_a_sale_of_what_the_till_no_longer_has_is_left_out_and_the_others_go_on(shop: StockTarget) -> None:
    outcomes = write(
        shop,
        """
        kind   | order_key | before | after
        create | w:1       | null   | closed 2xmug
        create | w:2       | null   | closed 1xgone 1xmug
        create | w:3       | null   | parked 1xgone
        """,
    )

    assert outcomes == ["written", "conflict", "conflict"]
    assert stock(shop)["mug@main"] == 8.0


@pytest.mark.thorough
@pytest.mark.parametrize("column", ["register_id", "outlet_id"])
def test_a_sale_of_a_place_that_is_not_there_is_a_conflict(shop: StockTarget, column: str) -> None:
    lost = sales.changes(TWO).with_columns(pl.lit("nowhere").alias(f"{column}_after"))

    assert shop.write(SALES, lost, batch()).to_list() == ["conflict", "conflict"]
    assert stock(shop) == FULL


def test_sales_are_totalled_by_currency_without_those_that_are_voided(shop: StockTarget) -> None:
    write(shop, TWO.replace("closed @web", "voided @web"))

    assert shop.totals(SALES) == (Total(currency="EUR", count=1, sum_cents=200),)


def test_lines_keep_whatever_was_written_on_them(shop: StockTarget) -> None:
    odd = "a\"b,c\\N\n'å\u2028 \\\\ \t"
    lines = sales.changes(TWO).with_columns(pl.col("lines_after").str.replace_all("Mug", "X"))
    text = lines["lines_after"][0].replace('"X"', json.dumps(odd))
    one = lines.head(1).with_columns(pl.lit(text).alias("lines_after"))

    assert shop.write(SALES, one, batch()).to_list() == ["written"]
    assert shop.read(SALES, pl.Series(["w:1"]))["lines"].to_list() == [text]


@pytest.mark.thorough
def test_a_product_that_only_voided_sales_know_can_go_and_come_back(shop: StockTarget) -> None:
    put(shop, PRODUCT_RECORDS, (None, product("new")))
    sold, void = "closed 2xnew", "voided 2xnew"
    write(shop, f"kind | order_key | before | after\ncreate | w:1 | null | {sold}")
    write(shop, f"kind | order_key | before | after\nupdate | w:1 | {sold} | {void}", "voids")

    assert put(shop, PRODUCT_RECORDS, (product("new"), None)) == ["written"]
    assert stock(shop) == FULL
    assert put(shop, PRODUCT_RECORDS, (None, product("new"))) == ["written"]
    assert write(shop, f"kind | order_key | before | after\nupdate | w:1 | {void} | {sold}", "restores") == ["written"]
    assert stock(shop)["new@main"] == -2.0


@pytest.mark.thorough
@pytest.mark.parametrize("sold", ["closed 2xnew", "parked 2xnew", "closed neutral 2xnew?"])
def test_a_product_that_a_sale_refers_to_stays(shop: StockTarget, sold: str) -> None:
    put(shop, PRODUCT_RECORDS, (None, product("new")))
    write(shop, f"kind | order_key | before | after\ncreate | w:1 | null | {sold}")

    assert put(shop, PRODUCT_RECORDS, (product("new"), None), (product("tea"), None)) == ["conflict", "conflict"]
    assert shop.referred(pl.Series(["new", "tea", "mug"]), {}).sort().to_list() == ["mug", "new", "tea"]
    assert shop.referred(pl.Series(["new"]), {"sales": pl.Series(["w:1"])}).to_list() == []
    assert stock(shop)["tea@main"] == 10.0


def test_an_opening_can_be_taken_back_until_something_moved(shop: StockTarget) -> None:
    write(shop, TWO.replace("1xcap -1xcap", ""))
    full = {place: level(place, 10_000) for place in FULL}

    assert put(shop, LEVELS, (full["cap@main"], None), (level("mug@main", 8_000), None)) == ["written", "conflict"]
    assert stock(shop) == {"mug@main": 8.0, "tea@main": 10.0, "tea@web": -0.5}
    assert shop.referred(pl.Series(["cap", "mug"]), {}).to_list() == ["mug"]
    going = {"stock_levels": pl.Series(["tea@main", "mug@main"]), "sales": pl.Series(["w:1", "w:2"])}
    assert shop.referred(pl.Series(["cap", "mug", "tea"]), going).to_list() == []


def test_stock_is_opened_once_and_not_where_something_moved_already(shop: StockTarget) -> None:
    write(shop, TWO)

    outcomes = put(
        shop, LEVELS, *((None, level(place, 5_000)) for place in ("mug@main", "tea@web", "mug@web", "x@main"))
    )

    assert outcomes == ["conflict", "conflict", "written", "conflict"]
    assert stock(shop)["mug@web"] == 5.0


def test_a_count_moves_the_level_by_the_difference_unless_it_moved_meanwhile(shop: StockTarget) -> None:
    write(shop, TWO)

    outcomes = put(
        shop,
        LEVELS,
        (level("mug@main", 8_000), level("mug@main", 6_000)),
        (level("tea@web", 0), level("tea@web", 9_000)),
    )

    assert outcomes == ["written", "conflict"]
    assert stock(shop) == FULL | {"mug@main": 6.0, "tea@web": -0.5}

"""What a database adds to the contract of a till: whole transactions, while others sell and import."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from infra.connectors.sql.tables import BATCHES, PRODUCTS, SALE_LINES, STOCK_MOVEMENTS, TARGET
from infra.connectors.sql.target import SqlTarget
from infra.databases.database import reading, writing
from schemas.orders.records import SALES
from schemas.problems import Refused, Unavailable
from schemas.records import BatchName
from schemas.stock import PRODUCT_RECORDS
from tests import sales
from tests.connectors.drawn import batch
from tests.connectors.shop import OPENING_MILLI, held, open_shop, product, put, stock, write
from tests.connectors.test_till import TWO
from tests.connectors.till_sales import sell
from tests.examples import costly

MANY = "kind | order_key | before | after\n" + "\n".join(
    f"create | w:{n} | null | closed 1xmug 2xcap 1xtea" for n in range(200)
)


@pytest.fixture
def shop(database: sa.Engine) -> SqlTarget:
    open_shop(SqlTarget(database))
    return SqlTarget(database)


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def at_once(*works: object) -> list[object]:
    """Call all of *works*, each in a thread of its own, as closely together as it goes."""
    start = threading.Barrier(len(works))

    def work(task: object) -> object:
        start.wait()
        return task()  # type: ignore[operator]

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(work, works))


def test_sales_at_the_till_during_an_import_are_neither_lost_nor_overwritten(
    database: sa.Engine, shop: SqlTarget
) -> None:
    def sell_all_the_time() -> None:
        for _ in range(20):
            sell(database, "mug")

    outcomes = at_once(lambda: set(write(shop, MANY)), sell_all_the_time, sell_all_the_time)

    assert outcomes[0] == {"written"}
    assert stock(shop) == {"mug@main": 10 - 200 - 40, "cap@main": 10 - 400, "tea@main": 10 - 200}


def test_two_runs_at_once_with_the_same_orders_double_none(shop: SqlTarget) -> None:
    outcomes = at_once(*(lambda run=run: Counter(write(shop, MANY, run)) for run in ("one", "two", "three")))

    assert sum(outcomes, Counter()) == {"written": 200, "unchanged": 400}  # type: ignore[arg-type]
    assert stock(shop) == {"mug@main": -190.0, "cap@main": -390.0, "tea@main": -190.0}


def test_two_runs_at_once_with_some_orders_the_other_has_changed_double_none(shop: SqlTarget) -> None:
    changed = MANY.replace("w:1", "w:x1").replace("1xmug", "3xmug")

    outcomes = at_once(lambda: Counter(write(shop, MANY, "one")), lambda: Counter(write(shop, changed, "two")))

    landed = [outcome["written"] for outcome in outcomes]  # type: ignore[index]
    assert len(held(shop)) == sum(landed)
    with_three = (10 - stock(shop)["mug@main"] - sum(landed)) / 2
    assert with_three == landed[1]
    assert (10 - stock(shop)["cap@main"]) / 2 == sum(landed)


@pytest.mark.thorough
def test_runs_that_sell_the_same_products_in_any_order_wait_for_each_other(shop: SqlTarget) -> None:
    works = [
        lambda run=run: write(
            shop,
            "kind | order_key | before | after\n"
            + "\n".join(
                f"create | {run}:{n} | null | closed @web " + " ".join(f"1x{each}" for each in _turned(n + run))
                for n in range(50)
            ),
            f"run{run}",
        )
        for run in range(6)
    ]

    assert {outcome for outcomes in at_once(*works) for outcome in outcomes} == {"written"}  # type: ignore[attr-defined]
    assert {level for place, level in stock(shop).items() if "web" in place} == {-300.0}


def _turned(turns: int) -> list[str]:
    goods = ["mug", "cap", "tea"]
    return goods[turns % 3 :] + goods[: turns % 3]


def test_a_lost_connection_leaves_no_part_of_a_sale_and_the_same_batch_settles_it(
    database: sa.Engine, shop: SqlTarget
) -> None:
    name, before = batch(), [count(database, table) for table in TARGET.sorted_tables]

    def cut(_connection: sa.Connection) -> None:
        raise Unavailable("the line was cut just before the commit")

    sa.event.listen(database, "commit", cut)
    try:
        with pytest.raises(Unavailable):
            shop.write(SALES, sales.changes(TWO), name)
    finally:
        sa.event.remove(database, "commit", cut)

    assert [count(database, table) for table in TARGET.sorted_tables] == before
    assert shop.write(SALES, sales.changes(TWO), name).to_list() == ["written"] * 2
    assert stock(shop)["mug@main"] == 8.0


@pytest.mark.thorough
@pytest.mark.parametrize("table", [SALE_LINES, STOCK_MOVEMENTS, BATCHES])
def test_an_answer_lost_after_the_commit_is_found_in_the_journal(
    database: sa.Engine, shop: SqlTarget, table: sa.Table
) -> None:
    name = batch()
    shop.write(SALES, sales.changes(TWO), name)
    before = count(database, table)

    assert shop.write(SALES, sales.changes(TWO), name).to_list() == ["done", "done"]
    assert count(database, table) == before


@pytest.mark.thorough
def test_a_product_deleted_at_the_till_meanwhile_costs_only_its_own_orders(
    database: sa.Engine, shop: SqlTarget
) -> None:
    """The till deletes first and commits late; our batch finds the row locked and must look again."""
    put(shop, PRODUCT_RECORDS, (None, product("new")))
    outcomes: list[list[str]] = []
    drawn = TWO + "    create | w:3 | null | closed 1xnew"
    with writing(database) as till:
        till.execute(sa.delete(PRODUCTS).where(PRODUCTS.c.product_id == "new"))
        thread = threading.Thread(target=lambda: outcomes.append(write(shop, drawn)))
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(20)

    assert outcomes == [["written", "written", "conflict"]]


@pytest.mark.thorough
def test_a_sale_that_comes_in_while_its_product_is_removed_keeps_it(shop: SqlTarget) -> None:
    for turn in range(5):
        put(shop, PRODUCT_RECORDS, (None, product(f"new{turn}")))
        sold = f"kind | order_key | before | after\ncreate | w:{turn} | null | closed 1xnew{turn}"

        removed, written = at_once(
            lambda turn=turn: put(shop, PRODUCT_RECORDS, (product(f"new{turn}"), None)),
            lambda sold=sold: write(shop, sold),
        )

        assert (removed, written) in [(["written"], ["conflict"]), (["conflict"], ["written"])]
        stock(shop)


def test_lines_that_were_edited_by_themselves_are_told_by_their_sales(database: sa.Engine, shop: SqlTarget) -> None:
    write(shop, TWO + "    create | w:3 | null | closed 1xmug")
    with writing(database) as till:
        till.execute(sa.update(SALE_LINES).where(SALE_LINES.c.order_key == "w:1").values(net_cents=5))
        till.execute(sa.delete(SALE_LINES).where(SALE_LINES.c.order_key == "w:2", SALE_LINES.c.line == "1"))

    assert sorted(shop.edited_lines(pl.Series(["w:1", "w:2", "w:3"]))) == ["w:1", "w:2"]
    assert shop.edited_lines(pl.Series(["w:3"])).is_empty()


def test_two_lines_of_one_name_in_a_sale_are_refused_as_a_fault_of_the_plan(shop: SqlTarget) -> None:
    twice = sales.changes(TWO).with_columns(
        lines_after=sales.changes(TWO)["lines_after"].str.replace_all('"line":"2"', '"line":"1"')
    )

    with pytest.raises(Refused, match="refused the change"):
        shop.write(SALES, twice, batch())
    assert (held(shop), stock(shop)["mug@main"]) == ({}, OPENING_MILLI / 1000)


runs = st.lists(st.dictionaries(st.integers(1, 6).map("w:{}".format), sales.drawn_sales, max_size=4), max_size=3)


@pytest.mark.thorough
@settings(costly, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(runs=runs, sold=st.lists(st.sampled_from(["mug", "cap"]), max_size=3), again=st.booleans(), turn=st.booleans())
def test_any_orders_in_any_runs_at_once_with_any_sales_land_once_and_the_stock_is_the_arithmetic(
    database: sa.Engine, runs: list[dict[str, str]], sold: list[str], again: bool, turn: bool
) -> None:
    with writing(database) as connection:
        for table in reversed(TARGET.sorted_tables):
            connection.execute(sa.delete(table))
    shop = SqlTarget(database)
    open_shop(shop)
    drawn = [sales.as_changes([("create", k, None, v) for k, v in run.items()]) for run in runs]
    drawn = [changes.reverse() if turn else changes for changes in drawn]
    names = [BatchName(plan_id=f"plan{n}", number=1, run_id=f"run{n}") for n in range(len(runs))]
    writes = [lambda c=c, n=n: shop.write(SALES, c, n).to_list() for c, n in zip(drawn, names, strict=True)]

    at_once(*writes * (1 + again), *(lambda p=p: sell(database, p) for p in sold), lambda: None)

    assert_arithmetic(shop, runs, Counter(f"{each}@main" for each in sold))


def assert_arithmetic(shop: SqlTarget, runs: list[dict[str, str]], sold: Counter[str]) -> None:
    """Each order is there once, as one of the runs had it; what is missing was sold."""
    rows = {row["order_key"]: row for row in shop.read(SALES, None).iter_rows(named=True)}
    wanted = {key: [sales.sale(run[key]) for run in runs if key in run] for run in runs for key in run}
    assert rows.keys() == wanted.keys()
    left = Counter({f"{each}@main": OPENING_MILLI for each in ("mug", "cap", "tea")})
    left.subtract({place: number * 1000 for place, number in sold.items()})
    for key, row in rows.items():
        assert {name: row[name] for name in SALES.columns} in wanted[key]
        left.subtract(_taken(row))
    assert {place: level for place, level in stock(shop).items() if level} == {
        place: milli / 1000 for place, milli in left.items() if milli
    }


def _taken(row: dict[str, object]) -> Counter[str]:
    """Count, line by line, what a sale takes."""
    taken: Counter[str] = Counter()
    if row["state"] == "closed" and row["stock"] == "deduct":
        for line in sales.read_lines(row):
            if line["moves"] and line["product_id"]:
                taken[f"{line['product_id']}@{row['outlet_id']}"] += line["quantity_milli"]
    return taken

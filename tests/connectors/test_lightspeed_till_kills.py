"""However often a run on the till of Lightspeed is killed, and wherever: a sale is booked once, and stock moves once.

What is parked, as nobody can tell whether it arrived, is said so and never sent again by itself.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from infra.connectors.lightspeed_x.sale_writing import NOT_CORRECTED
from infra.connectors.lightspeed_x.stock_corrections import PARKED
from infra.connectors.lightspeed_x.till import LightspeedTill
from schemas.orders.records import SALES
from schemas.problems import Problem
from schemas.records import BatchName
from tests.connectors.drawn import batch
from tests.connectors.lightspeed_crash import Killed, Moments
from tests.connectors.lightspeed_till import FULL, TillShop, changes, moved, open_till_shop, write
from tests.fakes.lightspeed_x import Kind, Trouble

HEAD = "kind | order_key | before | after\n"
FILE = """
    create | w:1 | null | closed neutral 2xmug 1xcap
    create | w:2 | null | closed 3xtea
"""
UNDO = """
    update | w:1 | closed neutral 2xmug 1xcap | voided neutral 2xmug 1xcap
    update | w:2 | closed 3xtea               | voided 3xtea
"""
THEN = FULL | {"TEA": 7.0}
MOVED = [
    ("w:1", "CAP", "neutral", 1000),
    ("w:1", "CAP", "sale", -1000),
    ("w:1", "MUG", "neutral", 2000),
    ("w:1", "MUG", "sale", -2000),
    ("w:2", "TEA", "sale", -3000),
]
MOMENTS = 28
"""Before and after each counterfoil, intent, request and outcome of these two sales, and two to spare."""
LOST: list[Kind] = ["error after", "drop after", "truncated", "reset"]
FAILED: list[Kind] = ["error", "drop", "busy"]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TillShop]:
    with open_till_shop(tmp_path) as shop:
        yield shop


def watch(moments: Moments, till: LightspeedTill) -> LightspeedTill:
    """Count the moments before and after whatever changes anything."""
    writer = till._sales
    moments.surround(writer.api, "create_sale", "update_sale", "adjust_stock")
    moments.surround(writer.journal, "begin", "enter", "withdraw")
    moments.surround(writer.book, "keep", "keep_moved")
    return till


def run_once(till: LightspeedTill, drawn: str, attempt: int) -> list[str]:
    """Do what a run does: read, plan what is still to be done, write under the name of a new plan."""
    wanted = changes(HEAD + drawn)
    there = till.read(SALES, wanted["order_key"]).select("order_key", now="state")
    due = wanted.join(there, on="order_key", how="left").filter(pl.col("state_before").eq_missing(pl.col("now")))
    name = BatchName(plan_id=f"plan{attempt}", number=1, run_id="run")
    return till.write(SALES, due.drop("now"), name).to_list() if due.height else []


def run_until_done(shop: TillShop, drawn: str, fatal: list[int], **settings: Any) -> list[str]:
    """Begin a run again after each end, until nobody kills it; return what became of each attempt."""
    became = []
    for attempt in range(12):
        moments = Moments(fatal[attempt] if attempt < len(fatal) else -1)
        try:
            became.append(",".join(run_once(watch(moments, shop.connect(**settings)), drawn, attempt)))
        except Killed as killed:
            became.append(str(killed))
            continue
        except Problem:
            became.append("did not answer")
            continue
        return became
    raise AssertionError(f"It does not end: {became}")


def test_two_sales_have_that_many_moments(shop: TillShop) -> None:
    moments = Moments(-1)

    run_once(watch(moments, shop.connect()), FILE, 0)

    assert len(moments.passed) in range(MOMENTS - 3, MOMENTS)
    assert moments.passed[:6] == [
        *("before begin", "after begin", "before keep", "after keep"),
        *("before create_sale", "after create_sale"),
    ]


@pytest.mark.thorough
@pytest.mark.parametrize("fatal", range(MOMENTS))
def test_killed_at_any_moment_everything_happens_once_or_is_parked(shop: TillShop, fatal: int) -> None:
    became = run_until_done(shop, FILE, [fatal])

    assert shop.fake.count("POST", ".*/sales") == len(shop.till.sales) == 2
    assert len(shop.till.adjustments) in (0, 2)
    if shop.till.adjustments:
        assert shop.till.stock() == THEN
        assert moved(shop.connect()) == MOVED
    else:  # killed between the intent and the request: nobody can tell whether it went
        assert (became[0], became[-1]) in PARKED_AT
        assert shop.connect().read(SALES, pl.Series(["w:1"])).is_empty()


PARKED_AT = [("after begin", "unknown,written"), ("before adjust_stock", "unknown,written")]


@pytest.mark.thorough
@pytest.mark.parametrize("fatal", range(0, MOMENTS, 2))
def test_where_the_shop_says_when_a_request_is_lost_everything_happens_once(shop: TillShop, fatal: int) -> None:
    run_until_done(shop, FILE, [fatal])
    shop.clock.sleep(660)

    run_until_done(shop, FILE, [], lightspeed_x_lost_after_minutes=10)

    assert (len(shop.till.sales), shop.till.stock(), len(shop.till.adjustments)) == (2, THEN, 2)
    assert moved(shop.connect()) == MOVED


@pytest.mark.thorough
@pytest.mark.parametrize("fatal", range(1, MOMENTS, 2))
def test_a_restore_that_is_killed_at_any_moment_voids_once_or_is_parked(shop: TillShop, fatal: int) -> None:
    write(shop.connect(), HEAD + FILE)
    before = shop.till.stock()
    assert before == THEN

    became = run_until_done(shop, UNDO, [fatal])

    assert {sale["state"] for sale in shop.till.sales.values()} == {"voided"}
    parked = "unknown" in became[-1]
    assert shop.till.stock() == (FULL | {"MUG": 12.0, "CAP": 11.0} if parked else FULL)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize(("method", "path"), [("POST", "sales$"), ("POST", "stock_adjustments$")])
def test_an_answer_that_was_lost_is_looked_up(shop: TillShop, kind: Kind, method: str, path: str) -> None:
    shop.fake.trouble = [Trouble(kind, method=method, path=path)]

    assert write(shop.connect(), HEAD + FILE) == ["written", "written"]

    assert (len(shop.till.sales), shop.till.stock(), len(shop.till.adjustments)) == (2, THEN, 2)
    assert shop.fake.count(method, f".*{path}") == (2 if "sales" in path else 1)


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["error", "drop"])
def test_a_sale_that_is_not_found_after_its_answer_was_lost_is_unknown_and_sent_by_the_next_run(
    shop: TillShop, kind: Kind
) -> None:
    shop.fake.trouble = [Trouble(kind, method="POST", path="sales$")]

    assert run_once(shop.connect(), FILE, 1) == ["unknown", "written"]
    assert run_once(shop.connect(), FILE, 2) == ["written"]

    assert (len(shop.till.sales), shop.till.stock()) == (2, THEN)


def test_an_adjustment_that_is_not_found_is_parked_and_not_sent_again(shop: TillShop) -> None:
    shop.fake.trouble = [Trouble("drop", method="POST", path="stock_adjustments$")]
    till, name = shop.connect(), batch()

    assert write(till, HEAD + FILE, name) == ["unknown", "written"]
    assert till.reasons(name) == (f"{NOT_CORRECTED} {PARKED}",)
    assert run_once(shop.connect(), FILE, 2) == ["unknown"]
    assert shop.fake.count("POST", ".*/stock_adjustments") == 1


def test_a_parked_adjustment_stays_unknown_though_its_product_is_not_tracked_any_more(shop: TillShop) -> None:
    shop.fake.trouble = [Trouble("drop", method="POST", path="stock_adjustments$")]
    name = batch()
    write(shop.connect(), HEAD + "create | w:1 | null | closed neutral 2xmug", name)
    for product in shop.till.products.values():
        product["has_inventory"] = False

    then = shop.connect().outcomes(name)

    assert then is not None
    assert then.to_list() == ["unknown"]


@pytest.mark.thorough
def test_a_parked_adjustment_that_shows_after_all_is_found(shop: TillShop) -> None:
    shop.fake.trouble = [Trouble("drop", method="POST", path="stock_adjustments$")]
    run_once(shop.connect(), FILE, 1)
    body = next(e.body for e in shop.fake.asked if (e.method, e.path[-17:]) == ("POST", "stock_adjustments"))
    shop.till.adjust(json.loads(body)["stock_adjustments"])

    assert run_once(shop.connect(), FILE, 2) == ["written"]
    assert shop.till.stock() == THEN


@pytest.mark.thorough
def test_the_adjustment_of_another_sale_is_not_taken_for_one_that_was_lost(shop: TillShop) -> None:
    shop.fake.trouble = [Trouble("drop", method="POST", path="stock_adjustments$")]
    run_once(shop.connect(), "create | w:1 | null | closed neutral 2xmug", 1)
    assert run_once(shop.connect(), "create | w:3 | null | closed neutral 2xmug", 2) == ["written"]

    assert run_once(shop.connect(), "create | w:1 | null | closed neutral 2xmug", 3) == ["unknown"]

    assert shop.till.stock()["MUG"] == 8.0


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_killed_again_and_again_while_answers_are_lost_nothing_happens_twice(shop: TillShop, seed: int) -> None:
    dice = random.Random(seed)
    shop.fake.trouble = [
        Trouble(dice.choice([*LOST, *FAILED]), method=dice.choice(["POST", "GET"])) for _ in range(dice.randrange(4))
    ]

    run_until_done(shop, FILE, [dice.randrange(MOMENTS) for _ in range(dice.randrange(4))])
    for _ in range(2):
        shop.clock.sleep(660)
        run_until_done(shop, FILE, [], lightspeed_x_lost_after_minutes=10)

    assert (len(shop.till.sales), shop.till.stock(), len(shop.till.adjustments)) == (2, THEN, 2)
    assert moved(shop.connect()) == MOVED

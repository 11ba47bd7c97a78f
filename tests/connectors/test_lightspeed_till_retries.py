"""Orders of attempts on the till of Lightspeed in which something was settled too early, or as something else."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from infra.connectors.lightspeed_x.sale_documents import voiding_body
from schemas.orders.records import SALES
from schemas.problems import Unavailable
from schemas.records import BatchName
from schemas.stock import LEVELS
from tasks.core.planning.inverse_changes import invert
from tests.connectors.drawn import batch
from tests.connectors.lightspeed_crash import Killed, Moments
from tests.connectors.lightspeed_till import FULL, TillShop, changes, held, moved, open_till_shop, write
from tests.connectors.shop import put
from tests.connectors.test_lightspeed_till_kills import HEAD, watch
from tests.connectors.test_lightspeed_till_lines import BACK, RETURNS, SOLD, change, record
from tests.connectors.test_lightspeed_till_stock import level
from tests.fakes.lightspeed_sales import uid
from tests.fakes.lightspeed_x import Trouble

NEUTRAL = HEAD + "create | w:1 | null | closed neutral 2xmug"
DEDUCTED = HEAD + "create | w:1 | null | closed 2xmug"
VOIDED = HEAD + "update | w:1 | closed neutral 2xmug | voided neutral 2xmug"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TillShop]:
    with open_till_shop(tmp_path) as shop:
        yield shop


def kill_at(shop: TillShop, moment: str, drawn: str, name: BatchName | None = None) -> None:
    """Write, and die at the first such moment."""
    moments = Moments(-1)

    def die(passed: str) -> None:
        if passed == moment:
            raise Killed(moment)

    moments._pass = die  # type: ignore[method-assign, assignment]
    with pytest.raises(Killed):
        write(watch(moments, shop.connect()), drawn, name)


def last_adjustment(shop: TillShop) -> Any:
    asked = [each for each in shop.fake.asked if each.method == "POST" and each.path.endswith("stock_adjustments")]
    return json.loads(asked[-1].body)["stock_adjustments"]


PATIENT = {"lightspeed_x_lost_after_minutes": 10}


def test_how_long_an_adjustment_is_waited_for_counts_from_when_it_was_sent_and_not_its_sale(shop: TillShop) -> None:
    kill_at(shop, "after create_sale", NEUTRAL)
    shop.clock.sleep(3600)
    shop.fake.trouble = [Trouble("drop", method="POST", path="stock_adjustments$")]
    assert write(shop.connect(**PATIENT), NEUTRAL) == ["unknown"]

    shop.clock.sleep(30)
    assert write(shop.connect(**PATIENT), NEUTRAL) == ["unknown"]  # it may still arrive

    assert shop.fake.count("POST", ".*/stock_adjustments") == 1


@pytest.mark.thorough
def test_an_adjustment_that_was_sent_again_is_waited_for_again(shop: TillShop) -> None:
    shop.fake.trouble = [Trouble("drop", method="POST", path="stock_adjustments$") for _ in range(2)]
    assert write(shop.connect(**PATIENT), NEUTRAL) == ["unknown"]
    shop.clock.sleep(660)
    assert write(shop.connect(**PATIENT), NEUTRAL) == ["unknown"]

    shop.clock.sleep(30)
    assert write(shop.connect(**PATIENT), NEUTRAL) == ["unknown"]

    assert shop.fake.count("POST", ".*/stock_adjustments") == 2
    shop.till.adjust(last_adjustment(shop))  # now it arrives
    assert write(shop.connect(**PATIENT), NEUTRAL) == ["written"]
    assert shop.till.stock() == FULL


def test_a_sale_that_arrives_late_and_is_refused_a_second_time_gets_its_stock_put_right(shop: TillShop) -> None:
    till = shop.connect()
    create = till._sales.api.create_sale

    def late(body: Any) -> Any:
        shop.till.create_sale(json.loads(json.dumps(body)))  # the request of an earlier attempt, only now
        return create(body)

    object.__setattr__(till._sales.api, "create_sale", late)

    assert write(till, NEUTRAL) == ["written"]
    assert (shop.till.stock(), len(shop.till.sales)) == (FULL, 1)


def test_an_opening_that_was_taken_back_is_done_anew_and_not_taken_for_done(shop: TillShop) -> None:
    shop.till.add_product("POT")
    opened = (None, level("POT", 4_000))
    till = shop.connect()
    enter = till._stock.adjuster.journal.enter

    def die(line: Any) -> None:
        if line.kind == "stock":
            raise Killed
        enter(line)

    object.__setattr__(till._stock.adjuster.journal, "enter", die)
    with pytest.raises(Killed):
        put(till, LEVELS, opened)
    assert put(shop.connect(), LEVELS, (level("POT", 4_000), None)) == ["written"]
    assert shop.till.stock()["POT"] == 0

    assert put(shop.connect(), LEVELS, opened) == ["written"]

    assert shop.till.stock()["POT"] == 4


@pytest.mark.thorough
def test_a_sale_that_was_begun_with_other_stock_is_finished_as_it_was_begun_first(shop: TillShop) -> None:
    kill_at(shop, "after adjust_stock", NEUTRAL)
    assert shop.till.stock() == FULL

    assert write(shop.connect(), DEDUCTED) == ["conflict"]
    assert write(shop.connect(), NEUTRAL) == ["written"]
    assert held(shop.connect(), "w:1") == {"w:1": "closed 200"}
    assert shop.till.stock() == FULL


def test_what_was_only_prepared_for_an_adjustment_is_not_parked(shop: TillShop) -> None:
    shop.fake.trouble = [Trouble("drop", method="POST", path="custom_inventory_adjustment_reasons$")]
    with pytest.raises(Unavailable):
        write(shop.connect(), NEUTRAL)

    assert write(shop.connect(), NEUTRAL) == ["written"]
    assert shop.till.stock() == FULL


@pytest.mark.thorough
@pytest.mark.parametrize("lost", [False, True])
def test_an_adjustment_of_which_only_a_part_is_there_is_unknown_until_the_rest_is(shop: TillShop, lost: bool) -> None:
    made = shop.till.adjust
    object.__setattr__(shop.till, "adjust", lambda items: made(items[:1]))
    shop.fake.trouble = [Trouble("drop after", method="POST", path="stock_adjustments$")] if lost else []
    drawn = HEAD + "create | w:1 | null | closed neutral 2xmug 1xcap"
    both = drawn + "\ncreate | w:2 | null | closed 3xtea"

    assert write(shop.connect(), both) == ["unknown", "written"]
    assert write(shop.connect(), drawn) == ["unknown"]
    made(last_adjustment(shop)[1:])  # by hand, as the reason says

    assert write(shop.connect(), drawn) == ["written"]
    assert shop.till.stock() == FULL | {"TEA": 7.0}


def test_a_product_that_was_linked_to_the_web_shop_since_is_still_the_one_that_was_sold(shop: TillShop) -> None:
    assert write(shop.connect(), NEUTRAL) == ["written"]
    shop.till.products[uid("MUG")] |= {"source": "woocommerce", "source_id": "77"}

    assert write(shop.connect(), VOIDED) == ["written"]

    assert shop.till.stock() == FULL


@pytest.mark.thorough
def test_a_long_history_of_adjustments_is_listed_once(shop: TillShop) -> None:
    shop.till.page_rows = 5
    write(shop.connect(), NEUTRAL)
    shop.till.adjust([{**each, "quantity": "1"} for each in last_adjustment(shop)] * 50)
    write(shop.connect(), HEAD + "create | w:2 | null | closed neutral 2xmug")
    before = shop.fake.count("GET", ".*/stock_adjustments")

    write(shop.connect(), HEAD + "create | w:3 | null | closed neutral 2xmug")

    assert shop.fake.count("GET", ".*/stock_adjustments") - before == 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    "moment", ["after begin", "before keep", "after keep", "before adjust_stock", "after keep_moved"]
)
def test_a_change_of_stock_alone_that_is_killed_is_done_by_the_next_attempt(shop: TillShop, moment: str) -> None:
    write(shop.connect(), HEAD + "create | w:1 | null | closed 2xmug?")
    put_right = HEAD + "update | w:1 | closed 2xmug? | closed 2xmug"
    kill_at(shop, moment, put_right)
    shop.clock.sleep(660)

    became = write(shop.connect(**PATIENT), put_right)

    assert became in (["written"], ["unchanged"])
    assert shop.till.stock() == FULL | {"MUG": 8.0}


def test_a_change_of_which_a_part_is_there_is_not_refused_as_a_whole(shop: TillShop) -> None:
    order = record(SOLD, BACK)
    shop.till.add_product("REFUND", tracked=False)
    till = shop.connect(**RETURNS)
    create, sent = till._sales.api.create_sale, []

    def cut_off(body: Any) -> Any:
        sent.append(body)
        if len(sent) > 1:
            raise Killed
        return create(body)

    object.__setattr__(till._sales.api, "create_sale", cut_off)
    with pytest.raises(Killed):
        till.write(SALES, change(None, order), batch())
    offered, types = shop.connect(**RETURNS), shop.till.lists["payment_types"]
    offered.check_terms()
    shop.till.lists["payment_types"] = []  # Lightspeed refuses what it would have taken before

    assert offered.write(SALES, change(None, order), batch()).to_list() == ["unknown"]

    shop.till.lists["payment_types"] = types
    assert shop.connect(**RETURNS).write(SALES, change(None, order), batch()).to_list() == ["written"]
    assert shop.till.stock() == FULL | {"MUG": 9.0}


PUT_BACK = [("w:1", "MUG", "neutral", 2000), ("w:1", "MUG", "sale", -2000)]


def known_of(shop: TillShop, name: BatchName) -> list[str]:
    outcomes = shop.connect().outcomes(name)
    return [] if outcomes is None else outcomes.to_list()


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("moment", "known"),
    [
        ("before create_sale", ["unknown"]),  # it is not there
        ("after create_sale", ["unknown"]),  # it is there, and its stock is not right
        ("after begin", ["unknown"]),
        ("after adjust_stock", ["done"]),  # nobody saw the answer, and all of it is there
        ("after keep_moved", ["done"]),
    ],
)
def test_a_sale_that_nobody_saw_the_end_of_is_known_as_done_once_all_of_it_is_there(
    shop: TillShop, moment: str, known: list[str]
) -> None:
    name = batch()
    kill_at(shop, moment, NEUTRAL, name)
    before = shop.till.stock()

    assert known_of(shop, name) == known
    assert known_of(shop, name) == known
    assert (shop.till.stock(), [each.method for each in shop.fake.asked].count("PUT")) == (before, 0)
    assert moved(shop.connect()) == (PUT_BACK if known == ["done"] else [])


def test_a_sale_whose_answer_was_lost_is_voided_by_a_restore_once_it_is_found(shop: TillShop) -> None:
    name = batch()
    kill_at(shop, "after create_sale", DEDUCTED, name)
    assert known_of(shop, name) == ["done"]

    assert write(shop.connect(), "kind | order_key | before | after\nupdate | w:1 | closed 2xmug | voided 2xmug") == [
        "written"
    ]
    assert ({sale["state"] for sale in shop.till.sales.values()}, shop.till.stock()) == ({"voided"}, FULL)


def test_a_neutral_sale_that_somebody_voided_at_the_till_is_told_as_no_longer_ours(shop: TillShop) -> None:
    assert write(shop.connect(), NEUTRAL) == ["written"]
    name = next(iter(shop.till.sales))
    shop.till.update_sale(name, voiding_body(shop.till.sales[name]))
    assert shop.till.stock()["MUG"] == FULL["MUG"] + 2, "what was put back for it stands"

    asked = changes(NEUTRAL)
    now = shop.connect().read(SALES, pl.Series(["w:1"]))
    back, unchanged = invert(asked, now, SALES)

    assert (back["kind"].to_list(), back["code"].to_list(), unchanged) == (["conflict"], ["RESTORE_EDITED_SINCE"], 0)


def test_a_sale_without_adjustments_that_somebody_voided_is_back_already(shop: TillShop) -> None:
    assert write(shop.connect(), DEDUCTED) == ["written"]
    name = next(iter(shop.till.sales))
    shop.till.update_sale(name, voiding_body(shop.till.sales[name]))

    back, unchanged = invert(changes(DEDUCTED), shop.connect().read(SALES, pl.Series(["w:1"])), SALES)

    assert (back.height, unchanged, shop.till.stock()) == (0, 1, FULL)

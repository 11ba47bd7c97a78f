"""Orders of a web shop as a target: each is nudged once, and nobody who bought is told."""

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest

from infra.connectors.woocommerce.api import open_woocommerce
from infra.connectors.woocommerce.orders import WebOrdersTarget, note_of
from infra.http.transport import Edge
from infra.settings import Settings
from schemas.problems import Refused
from schemas.records import BatchName
from schemas.web_shop import WEB_ORDERS, WebOrders
from tests.fakes.woo_orders import a_shop
from tests.fakes.woocommerce import Fake, Trouble, woocommerce

RESOURCE = WEB_ORDERS.resource
FIRST = BatchName(plan_id="p", number=1, run_id="r")
MARK = "2024-03-02"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with woocommerce(Fake(shop=a_shop(5))) as fake:
        yield fake


def target_at(fake: Fake) -> WebOrdersTarget:
    settings = Settings(woo_url=fake.url, woo_key=fake.keys.key, woo_secret=fake.keys.secret)
    return WebOrdersTarget(open_woocommerce(settings, Edge(sleep=lambda _: None)))


def nudges(*order_ids: int) -> pl.DataFrame:
    sides = {"number": None, "status": "completed", "mark": ""}
    rows = [
        {"kind": "update", "order_id": str(n)}
        | {f"{name}_before": value or str(n) if name == "number" else value for name, value in sides.items()}
        | {"number_after": str(n), "status_after": "completed", "mark_after": MARK}
        for n in order_ids
    ]
    return pl.DataFrame(rows)


def notes(fake: Fake, order_id: int) -> list[tuple[str, bool]]:
    return [(note["note"], note["customer_note"]) for note in fake.shop.notes.get(order_id, [])]


def test_orders_are_read_by_id_with_their_marks(fake: Fake):
    target = target_at(fake)
    target.write(RESOURCE, nudges(2), FIRST)
    found = WebOrders.validate(target.read(RESOURCE, pl.Series(["1", "2", "99"])))
    assert found.rows() == [("1", "1", "completed", ""), ("2", "2", "completed", MARK)]
    with pytest.raises(Refused):
        target.read(RESOURCE, None)


def test_a_nudge_is_a_note_for_the_shop_and_a_later_date_of_change(fake: Fake):
    before = {n: order["date_modified_gmt"] for n, order in fake.shop.orders.items()}
    assert target_at(fake).write(RESOURCE, nudges(2, 4), FIRST).to_list() == ["written", "written"]
    moved = [n for n, order in fake.shop.orders.items() if order["date_modified_gmt"] > before[n]]
    assert moved == [2, 4]
    assert notes(fake, 2) == [(note_of(MARK), False)]
    assert (
        notes(fake, 1),
        [r.body for r in fake.asked if "customer_note" in str(r.body) and r.body["customer_note"]],
    ) == ([], [])


def test_nothing_but_the_mark_is_ever_sent_for_an_order(fake: Fake):
    target_at(fake).write(RESOURCE, nudges(2), FIRST)
    (put,) = [r.body for r in fake.asked if r.method == "PUT"]
    assert list(put) == ["meta_data"]


def test_an_order_that_bears_the_mark_is_left_as_it_is(fake: Fake):
    target_at(fake).write(RESOURCE, nudges(2), FIRST)
    fake.asked.clear()
    assert target_at(fake).write(RESOURCE, nudges(2), FIRST).to_list() == ["unchanged"]
    assert fake.paths("PUT") + fake.paths("POST") == []


def test_a_batch_that_is_asked_again_counts_the_marks_it_wrote_as_its_own(fake: Fake):
    target = target_at(fake)
    target.write(RESOURCE, nudges(2), FIRST)
    assert target.write(RESOURCE, nudges(2), FIRST).to_list() == ["done"]
    other = BatchName(plan_id=FIRST.plan_id, number=1, run_id="other")
    assert target.write(RESOURCE, nudges(2), other).to_list() == ["unchanged"]


def test_an_order_that_changed_meanwhile_synced_by_itself_and_is_left_alone(fake: Fake):
    fake.shop.touch(2, status="cancelled")
    fake.shop.delete(3)
    assert target_at(fake).write(RESOURCE, nudges(2, 3), FIRST).to_list() == ["conflict", "conflict"]
    assert fake.paths("PUT") + fake.paths("POST") == []


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("kind", ["drop after", "error after", "cut", "web page"])
def test_an_answer_that_is_lost_is_looked_up_and_nothing_is_written_twice(fake: Fake, method: str, kind: Any):
    fake.trouble = [Trouble(kind, method=method, times=9 if method == "PUT" and kind == "drop after" else 1)]
    outcome = target_at(fake).write(RESOURCE, nudges(2), FIRST).to_list()
    assert len(notes(fake, 2)) == (1 if kind != "web page" or method == "PUT" else 0)
    assert len(fake.paths("POST")) == 1
    assert outcome == (["unknown"] if kind == "web page" and method == "POST" else ["written"])


def test_a_note_that_may_be_on_its_way_leaves_the_order_unknown_and_unmarked(fake: Fake):
    fake.trouble = [Trouble("drop", method="POST")]
    assert target_at(fake).write(RESOURCE, nudges(2, 4), FIRST).to_list() == ["unknown", "written"]
    assert fake.shop.orders[2]["meta_data"] == []


def test_a_nudge_that_died_between_note_and_mark_is_completed_without_a_second_note(fake: Fake):
    shop = target_at(fake)._shop
    shop.add_note("2", note_of(MARK))
    assert target_at(fake).write(RESOURCE, nudges(2), FIRST).to_list() == ["written"]
    assert len(notes(fake, 2)) == 1


def test_a_key_that_may_only_read_refuses(fake: Fake):
    fake.keys.may = "read"
    assert target_at(fake).write(RESOURCE, nudges(2), FIRST).to_list() == ["refused"]

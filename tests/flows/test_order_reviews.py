"""Orders under review: while a run waits for a person the till is free, and what is applied is what it holds then."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from infra.databases.database import reading
from infra.ledger.tables import LEASES
from schemas.leases import Lease
from tests.connectors.till_sales import sell
from tests.flows.people import People, run_id, wait_for
from tests.flows.tills import Till
from tests.shop_orders import item, order, page
from tests.tills import open_till, sales_in, stock_in

pytestmark = [pytest.mark.server, pytest.mark.slow]


def mugs(number: int, quantity: int) -> dict[str, Any]:
    return order(number, [item(1, quantity, product_id=7, sku="mug", name="Mug")])


@pytest.fixture
def shop(till: Till) -> Till:
    """A till with ten mugs."""
    open_till(till.url, {"MUG": 10})
    return till


def start(people: People, shop: Till, *orders: dict[str, Any], mode: str = "review") -> str:
    name = "-".join(str(each["id"]) for each in orders)
    key = people.drop(f"by-hand/orders-{mode}-{name}.json", page(*orders))
    return people.start("orders/orders", shop, inbox_key=key, mode=mode, submitted_by="Anna")


def holders(people: People) -> list[str]:
    """Return the runs that have a till to themselves."""
    with reading(people.ledger.engine) as connection:
        return list(connection.scalars(sa.select(LEASES.c.run_id)))


def backup(people: People, run: str) -> str:
    """Return the number of mugs that the run's newest backup for people shows."""
    artifact = people.ledger.list_latest_artifacts(run_id(run))["stock-before.csv"]
    (row,) = people.storage.get(artifact.key).decode("utf-8-sig").splitlines()[1:]
    return row.rpartition(",")[2]


def waiting_steps(people: People, run: str) -> list[str]:
    """Return the run's steps that wait to be tried again."""
    tries = {"task_runs": {"state": {"name": {"any_": ["AwaitingRetry"]}}}, "flow_runs": {"id": {"any_": [run]}}}
    return [task["name"].rpartition("-")[0] for task in people.post("/task_runs/filter", tries)]


@contextmanager
def another_run(people: People, name: str) -> Iterator[None]:
    """Let another run have the till to itself."""
    moment = datetime.now(UTC)
    options: dict[str, str] = {}
    about = {"flow": "orders", "mode": "apply", "target": "sql", "source": "night.json", "submitted_by": "Anna"}
    people.ledger.start_run(run_id=name, domain="orders", options=options, now=moment, **about)
    lease = Lease(place="the till@sql", run_id=name, process="elsewhere/1", expires_at=moment + timedelta(hours=1))
    assert people.ledger.leases.take(lease, moment) == lease
    yield
    people.ledger.leases.release(name)


def test_a_plan_of_orders_that_is_turned_down_changes_nothing(people: People, shop: Till) -> None:
    run = start(people, shop, mugs(1, 2))
    question = people.see_question(run)
    _, description = people.form(run, question)
    assert "Mug" in description and holders(people) == []
    people.answer(run, "reject", reason="the wrong year")

    ended = people.see_end(run, "Turned down")
    assert (ended["type"], sales_in(shop.url), stock_in(shop.url)) == ("COMPLETED", {}, {"MUG": 10})
    assert (people.entry(run).outcome, holders(people)) == ("turned_down", [])


def test_an_approved_plan_takes_the_till_again_before_it_applies(people: People, shop: Till) -> None:
    run = start(people, shop, mugs(2, 2))
    people.see_question(run)
    with another_run(people, "0123456789ab"):
        people.answer(run, "approve")
        wait_for(lambda: waiting_steps(people, run), lambda steps: steps == ["acquire_lease"])
        sell(shop.engine, "mug")
        assert (sales_in(shop.url), holders(people)) == ({}, ["0123456789ab"])

    people.see_end(run, "Applied")
    assert (sales_in(shop.url), stock_in(shop.url)) == ({"woocommerce:2": "closed"}, {"MUG": 7})
    assert (backup(people, run), holders(people)) == ("9.0", [])
    assert people.decisions(people.entry(run).plan_id) == [("approve", "Maria", "looks right")]


def test_while_a_question_waits_other_runs_work_and_its_answer_still_holds(people: People, shop: Till) -> None:
    run = start(people, shop, mugs(3, 2))
    people.see_question(run)
    shown = people.entry(run).plan_id
    by_night = start(people, shop, mugs(4, 3), mode="apply")
    people.see_end(by_night, "Applied")
    assert (stock_in(shop.url), backup(people, run)) == ({"MUG": 7}, "10.0")

    people.answer(run, "approve", reason="as shown")
    people.see_end(run, "Applied")
    assert people.decisions(shown) == [("approve", "Maria", "as shown")]
    assert (backup(people, run), holders(people)) == ("7.0", [])
    assert sales_in(shop.url) == {"woocommerce:3": "closed", "woocommerce:4": "closed"}
    assert stock_in(shop.url) == {"MUG": 5}


def test_stock_that_would_be_short_by_now_is_asked_about_anew(people: People, shop: Till) -> None:
    run = start(people, shop, mugs(5, 2))
    first = people.see_question(run)
    sell(shop.engine, "mug", 9_000)
    people.answer(run, "approve", reason="as shown")

    question = people.see_question(run, after=first)
    assert people.decisions(people.entry(run).plan_id) == [], "who answered did not see that"
    _, description = people.form(run, question)
    assert "the stock of 1 product would be below zero, the lowest at -1" in description
    assert (sales_in(shop.url), stock_in(shop.url)) == ({}, {"MUG": 1})
    people.answer(run, "approve", reason="counted: there are more")
    people.see_end(run, "Applied")
    assert stock_in(shop.url) == {"MUG": -1}

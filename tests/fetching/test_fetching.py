"""Orders are fetched whole, whatever the shop, its line or the machine does meanwhile."""

import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.children import Ended, run_child, run_warm
from tests.desk import Desk, storage_of
from tests.examples import MOMENTS, Choice
from tests.fakes.woo_orders import a_line, a_refund, a_shop, an_order, give_back
from tests.fakes.woocommerce import Fake, Request, Trouble, woocommerce
from tests.fetching.driver import fetch_once
from tests.without_prefect_engine import new_flow_run_id, run_id_of

KILLED = -9


@dataclass(frozen=True)
class Fetching:
    """A desk beside a shop."""

    desk: Desk
    fake: Fake
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def child(self, run: str, fatal: int | None = None, settings: dict[str, str] | None = None, **asked: Any) -> Ended:
        own = {
            "COUNTERFOIL_WOO_URL": self.fake.url,
            "COUNTERFOIL_WOO_KEY": self.fake.keys.key,
            "COUNTERFOIL_WOO_SECRET": self.fake.keys.secret,
            "FLOW_RUN_ID": run,
            **(settings or {}),
        }
        output = self.desk.folder / f"fetch-{next(self.numbers)}"
        run_in = run_warm if fatal is None else run_child
        return run_in(fetch_once, {**self.desk.environment, **own}, output, asked, str(self.moments_file), fatal)

    def fetch(self, run: str = "", settings: dict[str, str] | None = None, **asked: Any) -> dict[str, Any]:
        ended = self.child(run or new_flow_run_id(), None, settings, **asked)
        assert ended.code == 0, ended.err
        document: dict[str, Any] = json.loads(ended.out)
        return document

    @property
    def moments_file(self) -> Path:
        return self.desk.folder / "moments"

    def moments(self) -> list[str]:
        return self.moments_file.read_text().splitlines()


@pytest.fixture
def shop(desk: Desk) -> Iterator[Fetching]:
    """A shop with 250 orders on three pages; 3 and 120 have refunds."""
    with woocommerce(Fake(shop=a_shop(250))) as fake:
        give_back(fake.shop, 3, a_refund(1003, "12.00", a_line(1, 4, "SKU-4", -1, "-10.00", "-2.00")))
        give_back(fake.shop, 120, a_refund(1120, "1.00"), a_refund(1121, "2.00"))
        yield Fetching(desk, fake)


def numbers_of_pages(fake: Fake) -> list[str]:
    return [
        r.params["page"]
        for r in fake.asked
        if r.path == "orders" and "page" in r.params and not {"include", "_fields"} & {*r.params}
    ]


def test_every_order_comes_once_with_its_refunds(shop: Fetching):
    found = shop.fetch()
    assert found["ids"] == [*range(1, 251)]
    assert found["refunds"] == [["3", "1003"], ["120", "1120"], ["120", "1121"]]
    assert found["reading"] == ["250 orders fetched, 2 of them with refunds"]
    assert sorted(numbers_of_pages(shop.fake)) == ["1", "2", "3"]


def test_the_pages_are_kept_as_they_came(shop: Fetching):
    run = new_flow_run_id()
    shop.fetch(run)
    storage = storage_of(shop.desk.environment)
    keys = [found.key for found in storage.list(f"runs/{run_id_of(run)}/pages/orders-")]
    assert [json.loads(storage.get(key))[0]["id"] for key in keys] == [1, 101, 201]
    assert storage.get(keys[0]) == shop.fake.shop.list_orders({"orderby": "id", "order": "asc", "per_page": "100"})[0]


@pytest.mark.thorough
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200])
def test_lists_of_any_length_end(desk: Desk, count: int):
    with woocommerce(Fake(shop=a_shop(count))) as fake:
        assert Fetching(desk, fake).fetch()["ids"] == [*range(1, count + 1)]


def test_days_are_those_of_the_shop_and_both_count(desk: Desk):
    with woocommerce(Fake()) as fake:
        in_paris = {
            1: "2024-03-09T22:59:59",
            2: "2024-03-09T23:00:00",
            3: "2024-03-10T22:59:59",
            4: "2024-03-10T23:00:00",
        }
        for number, at in in_paris.items():
            fake.shop.put(an_order(number, at=datetime.fromisoformat(at).replace(tzinfo=UTC)))
        assert Fetching(desk, fake).fetch(from_on="2024-03-10", to_on="2024-03-10")["ids"] == [2, 3]


def test_statuses_and_changes_narrow_the_list(shop: Fetching):
    shop.fake.shop.put(
        shop.fake.shop.orders[7] | {"status": "on-hold"}, shop.fake.shop.orders[8] | {"status": "failed"}
    )
    assert shop.fetch(statuses=["on-hold", "failed"])["ids"] == [7, 8]
    newest = shop.fetch(modified_after="2024-03-01T13:07:59+01:00")["ids"]
    assert newest == [3, 120, *range(248, 251)]  # the refunds changed 3 and 120 just now


def test_orders_named_by_id_come_whatever_their_status_and_the_missing_are_named(shop: Fetching):
    shop.fake.shop.trash(9)
    found = shop.fetch(order_ids=["9", "3", "777", "250"])
    assert (found["ids"], found["missing"]) == ([3, 9, 250], ["777"])
    assert (found["statuses"]["9"], found["refunds"]) == ("trash", [["3", "1003"]])


@pytest.mark.thorough
@pytest.mark.parametrize(
    "asked",
    [
        {"from_on": "10.03.2024"},
        {"statuses": ["any&x=1"]},
        {"order_ids": ["12/notes"]},
        {"modified_after": "2024-03-10T12:00:00"},
        {"order_ids": ["1"], "from_on": "2024-03-10"},
    ],
)
def test_what_is_not_asked_well_is_said_before_anything_is_fetched(shop: Fetching, asked: dict[str, Any]):
    ended = shop.child(new_flow_run_id(), **asked)
    assert (ended.code, "run" in ended.err or "Write" in ended.err or "Ids" in ended.err) == (2, True)
    assert not any(r.params.get("page") for r in shop.fake.asked)


# what moves meanwhile


def at_page(number: str, change: Callable[[Fake], None]) -> Callable[[Fake, Request], None]:
    """Change the shop once, just before that page is answered."""
    todo = [change]

    def between(fake: Fake, request: Request) -> None:
        if request.path == "orders" and request.params.get("page") == number and todo:
            todo.pop()(fake)

    return between


ONE_BY_ONE = {"COUNTERFOIL_WOO_CONNECTIONS": "1"}


@pytest.mark.thorough
def test_an_order_that_a_deletion_moved_to_a_page_already_read_is_fetched_by_id(shop: Fetching):
    shop.fake.between = at_page("2", lambda fake: fake.shop.delete(50))
    found = shop.fetch(settings=ONE_BY_ONE)
    assert found["ids"] == [*range(1, 251)]  # 50 was read before it went; 101 slipped to page 1
    assert found["reading"][1] == "1 of them were missed by the list, which moved, and fetched by id"


@pytest.mark.thorough
def test_an_order_that_appears_in_the_middle_is_fetched_by_id(shop: Fetching):
    shop.fake.shop.put(shop.fake.shop.orders[50] | {"status": "checkout-draft"})
    shop.fake.between = at_page("2", lambda fake: fake.shop.touch(50, status="pending"))
    assert shop.fetch(settings=ONE_BY_ONE)["ids"] == [*range(1, 251)]


def test_orders_of_after_the_start_are_for_the_next_time(shop: Fetching):
    late = an_order(900, at=datetime(2099, 1, 1, tzinfo=UTC))
    shop.fake.between = at_page("2", lambda fake: fake.shop.put(late))
    assert shop.fetch()["ids"] == [*range(1, 251)]


def test_the_newest_version_of_an_order_counts(shop: Fetching):
    def change(fake: Fake) -> None:
        fake.shop.delete(50)
        fake.shop.touch(101, status="cancelled")

    shop.fake.between = at_page("2", change)
    assert shop.fetch(settings=ONE_BY_ONE)["statuses"]["101"] == "cancelled"


# what goes wrong


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["drop", "maintenance", "cut", "busy seconds", "error"])
def test_a_hiccup_is_not_noticed(shop: Fetching, kind: Any):
    shop.fake.trouble = [Trouble(kind, path="orders"), Trouble(kind, path="orders/3/refunds")]
    assert shop.fetch()["ids"] == [*range(1, 251)]


def test_a_shop_that_goes_away_ends_the_run_and_the_next_attempt_asks_only_for_the_rest(shop: Fetching):
    run = new_flow_run_id()
    shop.fake.between = at_page("2", lambda fake: fake.trouble.append(Trouble("firewall", times=99)))
    ended = shop.child(run, settings=ONE_BY_ONE)
    assert ended.code == 5, ended.err
    shop.fake.trouble, shop.fake.asked = [], []
    assert shop.fetch(run)["ids"] == [*range(1, 251)]
    assert {r.params["page"] for r in shop.fake.asked if r.path == "orders" and "_fields" not in r.params} == {"2", "3"}


@pytest.mark.thorough
def test_a_later_attempt_keeps_the_moment_that_the_first_one_fixed(shop: Fetching):
    run = new_flow_run_id()
    assert shop.child(run, 8, settings=ONE_BY_ONE).code == KILLED
    shop.fetch(run)
    assert len({r.params["before"] for r in shop.fake.asked if "before" in r.params}) == 1


@pytest.mark.thorough
@pytest.mark.parametrize("chosen", MOMENTS)
def test_wherever_it_dies_the_next_attempt_has_every_order_once(shop: Fetching, chosen: Choice):
    whole = shop.fetch()
    for fatal in chosen([number for number, moment in enumerate(shop.moments()) if "/pages" in moment]):
        run = new_flow_run_id()
        assert shop.child(run, fatal).code == KILLED
        again = shop.fetch(run)
        assert {**again, "up_to": ""} == {**whole, "up_to": ""}, fatal


def test_nothing_of_the_shops_people_or_keys_is_said(shop: Fetching):
    shop.fake.trouble = [Trouble("firewall", times=99)]
    ended = shop.child(new_flow_run_id(), settings=ONE_BY_ONE)
    assert not any(word in ended.err + ended.out for word in ("example.test", shop.fake.keys.secret, "consumer"))

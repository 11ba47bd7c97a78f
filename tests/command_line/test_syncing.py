"""Following a web shop by the command line: what changed comes in once, and a break costs nothing."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.children import Ended
from tests.desk import Desk
from tests.fakes.woo_orders import a_line, a_refund, a_shop, an_order, give_back
from tests.fakes.woocommerce import Fake, Request, Trouble, woocommerce
from tests.tills import add_product, edit_line, edit_sale, open_till, rows_of, sales_in, stock_in

SINCE = ("--since", "2024-02-01")
APPLY = ("--mode", "apply")
STOCK = {f"SKU-{n}": 100 for n in range(1, 8)}


@dataclass(frozen=True)
class Shop:
    """A desk with a till of seven products, beside a shop that sold each of them once."""

    desk: Desk
    fake: Fake

    def sync(self, *options: str, code: int = 0) -> Any:
        return self.ask("sync-orders", *options, code=code)

    def ask(self, *arguments: str, code: int = 0) -> Any:
        return self.desk.ask(*arguments, code=code, **self.settings)

    def type(self, *arguments: str) -> Ended:
        return self.desk.type(*arguments, **self.settings)

    @property
    def settings(self) -> dict[str, str]:
        keys = {"woo_url": self.fake.url, "woo_key": self.fake.keys.key, "woo_secret": self.fake.keys.secret}
        return {"woo_overlap_minutes": "1", **keys}

    @property
    def sales(self) -> dict[str, str]:
        return sales_in(self.desk.target_url)

    @property
    def stock(self) -> dict[str, float]:
        return stock_in(self.desk.target_url)


@pytest.fixture
def shop(desk: Desk) -> Iterator[Shop]:
    open_till(desk.target_url, STOCK)
    with woocommerce(Fake(shop=a_shop(7))) as fake:
        yield Shop(desk, fake)


def test_a_shop_that_was_never_followed_is_so_from_the_day_that_is_named(shop: Shop):
    assert "since=" in shop.sync(code=2)["says"]
    first = shop.sync(*APPLY, *SINCE)
    assert (first["outcome"], first["changes"]["created"]) == ("applied", 7)
    assert shop.stock == dict.fromkeys(STOCK, 99)


@pytest.mark.thorough
def test_the_next_run_asks_only_for_what_changed_since(shop: Shop):
    shop.sync(*APPLY, *SINCE)
    shop.fake.shop.put(an_order(8, a_line(80, 1, "SKU-1", 2, "20.00", "4.00"), at=datetime(2024, 3, 1, 9, tzinfo=UTC)))
    shop.fake.shop.touch(3, status="cancelled")
    give_back(shop.fake.shop, 4, a_refund(1004, "5.00"))
    run = shop.sync(*APPLY)
    assert (run["rows"]["in"], run["changes"]["created"], run["changes"]["updated"]) == (4, 1, 2), "and the last again"
    assert shop.sales["woocommerce:3"] == "voided"
    assert shop.stock == dict.fromkeys(STOCK, 99) | {"SKU-1": 97, "SKU-4": 100}
    assert rows_of(shop.desk.target_url, "sales").filter(order_key="woocommerce:4")["refunded_cents"].item() == 500
    assert shop.sync(*APPLY)["outcome"] == "nothing_to_do"


@pytest.mark.thorough
def test_a_preview_and_a_plan_that_waits_leave_the_shop_where_it_was(shop: Shop):
    shop.sync(*SINCE)
    waits = shop.sync(*APPLY, *SINCE, "--max-added", "1", code=3)
    assert (waits["outcome"], shop.sales) == ("needs_approval", {})
    assert "since=" in shop.sync(*APPLY, code=2)["says"], "nothing arrived yet, so there is nothing to go on from"
    run = shop.sync(*APPLY, *SINCE, "--max-added", "1", "--approved", waits["plan_id"])
    assert (run["outcome"], len(shop.sales)) == ("applied", 7)


@pytest.mark.thorough
def test_after_a_break_the_next_run_goes_on_and_does_not_start_over(shop: Shop):
    shop.sync(*APPLY, *SINCE)
    shop.fake.trouble.append(Trouble(kind="error", path="orders", times=99))
    shop.fake.shop.put(an_order(8, a_line(80, 1, "SKU-1"), at=datetime(2024, 3, 1, 9, tzinfo=UTC)))
    shop.sync(*APPLY, code=5)
    shop.fake.trouble.clear()
    run = shop.sync(*APPLY)
    assert run["changes"]["created"] == 1
    assert run["rows"]["in"] < 8
    assert shop.stock == dict.fromkeys(STOCK, 99) | {"SKU-1": 98}


@pytest.mark.thorough
def test_what_the_shop_never_tells_of_is_found_by_comparing(shop: Shop):
    shop.sync(*APPLY, *SINCE)
    alike = shop.ask("reconcile-orders", "--from", "2024-02-01")
    assert (alike["outcome"], alike["says"]) == ("looked", "7 orders agree; 0 missing, 0 different, 0 gone")

    orders = shop.fake.shop.orders
    shop.fake.shop.trash(1)
    shop.fake.shop.delete(2)
    edited = {"total": "24.00", "total_tax": "4.00", "line_items": [a_line(30, 4, "SKU-4", 2, "20.00", "4.00")]}
    shop.fake.shop.put(orders[3] | edited)
    shop.fake.shop.put(an_order(9, a_line(90, 1, "SKU-1"), date_modified_gmt="2020-01-01T00:00:00"))
    assert shop.sync(*APPLY)["outcome"] == "nothing_to_do", "none of this moves a date"

    before = rows_of(shop.desk.target_url, "sales")
    found = shop.ask("reconcile-orders", "--from", "2024-02-01", code=4)
    assert (found["outcome"], found["says"]) == (
        "differences",
        "4 orders agree; 1 missing, 1 different, 2 gone",
    )
    assert {report_table["name"] for report_table in found["exhibits"]} == {
        "comparison",
        "missing",
        "different",
        "gone",
    }
    assert rows_of(shop.desk.target_url, "sales").equals(before)


@pytest.mark.thorough
def test_what_was_edited_at_the_till_is_found_by_comparing_too(shop: Shop):
    shop.sync(*APPLY, *SINCE)
    edit_sale(shop.desk.target_url, "woocommerce:1", tax_cents=7)
    edit_line(shop.desk.target_url, "woocommerce:2", "20", net_cents=7)
    edit_sale(shop.desk.target_url, "woocommerce:3", state="parked")

    found = shop.ask("reconcile-orders", "--from", "2024-02-01", code=4)

    assert found["says"] == "4 orders agree; 0 missing, 3 different, 0 gone"
    document = json.loads(shop.desk.read(shop.desk.fetch(found["run_id"], "report.json")))
    (shown,) = (report_table["rows"] for report_table in document["exhibits"] if report_table["name"] == "different")
    assert [(row["order_id"], row["what"], row["changed_in"]) for row in shown] == [
        ("1", "content", "till"),
        ("2", "content", "till"),
        ("3", "state", "till"),
    ]


@pytest.mark.thorough
def test_a_sale_edited_at_the_till_whose_order_changed_comes_again_until_people_settled_it(shop: Shop):
    shop.sync(*APPLY, *SINCE)
    edit_sale(shop.desk.target_url, "woocommerce:1", total_cents=700)
    shop.fake.shop.touch(1, status="cancelled")
    shop.fake.shop.put(an_order(8, a_line(80, 1, "SKU-1"), at=datetime(2024, 3, 1, 9, tzinfo=UTC)))
    first = shop.sync(*APPLY, code=4)
    assert (first["changes"]["created"], first["changes"]["conflict"]) == (1, 1)

    shop.fake.shop.put(an_order(9, a_line(90, 1, "SKU-1"), at=datetime(2024, 3, 2, 9, tzinfo=UTC)))
    shop.fake.shop.touch(9, status="processing")
    second = shop.sync(*APPLY, code=4)
    assert (second["changes"]["created"], second["changes"]["conflict"]) == (1, 1)
    assert shop.sales["woocommerce:1"] == "closed"

    edit_sale(shop.desk.target_url, "woocommerce:1", total_cents=1200)
    assert shop.sync(*APPLY)["changes"]["updated"] == 1
    assert (shop.sales["woocommerce:1"], shop.stock["SKU-2"]) == ("voided", 100)


@pytest.mark.thorough
def test_an_order_that_was_put_right_in_the_shop_comes_again_and_closes_its_reject(shop: Shop):
    shop.fake.shop.put(shop.fake.shop.orders[5] | {"total": "99.00"})
    first = shop.sync(*APPLY, *SINCE, code=4)
    assert (first["still_open"], len(shop.sales)) == (1, 6)
    shop.fake.shop.touch(5, total="12.00")
    assert shop.sync(*APPLY)["changes"]["created"] == 1
    assert shop.ask("show", first["run_id"])["still_open"] == 0


@pytest.mark.thorough
def test_an_order_that_is_held_comes_again_until_the_till_has_its_product(shop: Shop):
    shop.fake.shop.put(an_order(2, a_line(20, 9, "SKU-9"), a_line(21, 3, "SKU-3")))
    shop.fake.shop.put(an_order(8, a_line(80, 1, "SKU-1"), at=datetime(2024, 3, 1, 9, tzinfo=UTC)))
    first = shop.sync(*APPLY, *SINCE, code=4)
    assert (first["changes"]["created"], first["changes"]["held"]) == (7, 1)

    shop.fake.shop.put(an_order(9, a_line(90, 1, "SKU-1"), at=datetime(2024, 3, 2, 9, tzinfo=UTC)))
    second = shop.sync(*APPLY, code=4)
    assert (second["changes"]["created"], second["changes"]["held"]) == (1, 1)
    assert shop.sync(*APPLY, code=4)["changes"]["held"] == 1, "however many runs go by"

    add_product(shop.desk.target_url, "SKU-9")
    assert shop.sync(*APPLY, "--stock", "neutral")["changes"]["created"] == 1
    assert len(shop.sales) == 9
    assert shop.stock == dict.fromkeys(STOCK, 99) | {"SKU-1": 97, "SKU-3": 100, "SKU-9": 0}
    assert shop.sync(*APPLY)["outcome"] == "nothing_to_do"


@pytest.mark.thorough
def test_two_runs_at_once_double_nothing(shop: Shop):
    with ThreadPoolExecutor(2) as pool:
        ended = [*pool.map(lambda _: shop.type("sync-orders", *APPLY, *SINCE), range(2))]
    assert {each.code for each in ended} <= {0, 5}, "a run that comes second finds all done, or is told to wait"
    assert len(shop.sales) == 7
    assert shop.stock == dict.fromkeys(STOCK, 99)
    assert shop.sync(*APPLY)["outcome"] == "nothing_to_do"


@pytest.mark.thorough
def test_while_an_import_is_at_the_till_no_other_run_changes_it(shop: Shop):
    first = shop.sync(*APPLY, *SINCE)
    shop.fake.shop.put(an_order(8, a_line(80, 1, "SKU-1"), at=datetime(2024, 3, 1, 9, tzinfo=UTC)))
    met = []

    def meet(fake: Fake, request: Request) -> None:
        """Come by others while the import looks at products, which is after its backup and before its plan is done."""
        if request.path == "products" and fake.between:
            fake.between = None
            met.append(shop.sync(*APPLY, code=5))
            met.append(shop.ask("restore", first["run_id"], *APPLY, code=5))
            met.append(shop.sync())

    shop.fake.between = meet
    run = shop.ask("run", "orders", *APPLY)
    synced, restored, previewed = met
    assert run["changes"]["created"] == 1
    for each in (synced, restored):
        assert f"Run {run['run_id']} is changing the till" in each["says"]
    assert previewed["outcome"] == "previewed", "who changes nothing is in nobody's way"
    assert shop.stock == dict.fromkeys(STOCK, 99) | {"SKU-1": 98}
    assert shop.sync(*APPLY)["outcome"] == "nothing_to_do"
    assert shop.ask("restore", first["run_id"], *APPLY)["changes"]["updated"] == 7

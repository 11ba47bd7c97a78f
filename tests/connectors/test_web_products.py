"""Products of a web shop as a target, beside a shop that answers as a running one did."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
import pytest

from infra.connectors import Journal
from infra.connectors.woocommerce.api import open_woocommerce
from infra.connectors.woocommerce.products import WebProductsTarget, written_price
from infra.http.transport import Edge
from infra.settings import Settings
from schemas.problems import Bug, Refused
from schemas.records import BatchName
from schemas.web_shop import WEB_PRODUCTS, WebProducts
from tests.fakes.woo_orders import a_product, a_variation
from tests.fakes.woo_shop import Shop
from tests.fakes.woocommerce import Fake, Request, Trouble, woocommerce

RESOURCE = WEB_PRODUCTS.resource
FIRST = BatchName(plan_id="p", number=1, run_id="r")


class Notebook:
    """A journal on paper."""

    def __init__(self) -> None:
        self.kept: dict[BatchName, list[str]] = {}

    def recall(self, batch: BatchName) -> list[str] | None:
        return self.kept.get(batch)

    def remember(self, batch: BatchName, outcomes: Sequence[str]) -> None:
        self.kept[batch] = list(outcomes)


@pytest.fixture
def fake() -> Iterator[Fake]:
    shop = Shop()
    counted = {"manage_stock": True, "stock_quantity": 5}
    shop.products = {
        1: a_product(1, "MUG", **counted),
        2: a_product(2, "CAP", regular_price="844"),
        3: a_product(3, "SHIRT", type="variable", regular_price=""),
    }
    shop.variations = {3: {30: a_variation(30, 3, "S", **counted), 31: a_variation(31, 3, "M", manage_stock="parent")}}
    with woocommerce(Fake(shop=shop)) as fake:
        yield fake


def target_at(fake: Fake, notebook: Journal | None = None) -> WebProductsTarget:
    settings = Settings(woo_url=fake.url, woo_key=fake.keys.key, woo_secret=fake.keys.secret)
    return WebProductsTarget(open_woocommerce(settings, Edge(sleep=lambda _: None)), notebook or Notebook(), 2)


def changes(target: WebProductsTarget, **asked: dict[str, str]) -> pl.DataFrame:
    """Draw changes by key (``p1`` is product 1, ``v3_30`` variation 30 of 3) against what is there now."""
    keys = {key: key[1:].replace("_", "/") for key in asked}
    now = target.read(RESOURCE, pl.Series(list(keys.values()))).rows_by_key("web_id", named=True, unique=True)
    rows = []
    for key, web_id in keys.items():
        sides = {f"{c}_before": now[web_id][c] for c in RESOURCE.columns}
        sides |= {f"{c}_after": asked[key].get(c, now[web_id][c]) for c in RESOURCE.columns}
        rows.append({"kind": "update", "web_id": web_id, **sides, "operation_id": None, "operation": None})
    return pl.DataFrame(rows, schema_overrides={"operation_id": pl.String, "operation": pl.String})


def test_all_products_and_variations_are_read(fake: Fake):
    found = target_at(fake).read(RESOURCE, None)
    assert WebProducts.validate(found).sort("web_id").select(
        "web_id", "type", "regular_price", "counts_stock", "stock"
    ).rows() == [
        ("1", "simple", "12.00", "yes", "5"),
        ("2", "simple", "844.00", "no", ""),
        ("3", "variable", "", "no", ""),
        ("3/30", "variation", "12.00", "yes", "5"),
        ("3/31", "variation", "12.00", "parent", ""),
    ]


def test_some_are_read_by_key_and_those_that_are_gone_are_not_there(fake: Fake):
    found = target_at(fake).read(RESOURCE, pl.Series(["3/30", "1", "99", "98/1"]))
    assert sorted(found["web_id"]) == ["1", "3/30"]


@pytest.mark.parametrize(
    ("text", "price"), [("844", "844.00"), ("1.5", "1.50"), ("1.505", "1.505"), ("", ""), ("x", "")]
)
def test_a_price_is_written_one_way(text: str, price: str):
    assert written_price(text, 2) == price


def test_products_and_variations_change_only_what_differs(fake: Fake):
    target = target_at(fake)
    batch = changes(target, p1={"stock": "7"}, p2={"regular_price": "9.90", "name": "Hat"}, v3_30={"stock": "-1"})
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["written"] * 3
    sent = {r.path: r.body["update"] for r in fake.asked if r.method == "POST"}
    assert sent == {
        "products/batch": [{"id": 1, "stock_quantity": 7}, {"id": 2, "name": "Hat", "regular_price": "9.90"}],
        "products/3/variations/batch": [{"id": 30, "stock_quantity": -1}],
    }
    assert (fake.shop.products[1]["stock_quantity"], fake.shop.variations[3][30]["stock_quantity"]) == (7, -1)


def test_each_answer_of_a_batch_counts_for_itself(fake: Fake):
    target = target_at(fake)
    batch = changes(target, p1={"sku": "CAP"}, p2={"name": "Hat"})
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["refused", "written"]


def test_what_the_shop_did_not_take_over_as_asked_is_not_called_written(fake: Fake):
    target = target_at(fake)
    batch = changes(target, p2={"stock": "4"})  # the shop does not count it, and says nothing about that
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["refused"]


def test_a_product_that_was_sold_meanwhile_is_left_alone(fake: Fake):
    target = target_at(fake)
    batch = changes(target, p1={"stock": "7"}, p2={"name": "Hat"})
    fake.shop.products[1]["stock_quantity"] = 4
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["conflict", "written"]
    assert fake.shop.products[1]["stock_quantity"] == 4


@pytest.mark.parametrize("kind", ["drop after", "error after", "cut"])
def test_a_batch_that_landed_without_an_answer_is_found_out_by_looking(fake: Fake, kind: Any):
    target = target_at(fake)
    batch = changes(target, p1={"stock": "7"}, p2={"sku": "MUG"})
    fake.trouble = [Trouble(kind, method="POST")]
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["written", "unknown"]
    assert len(fake.paths("POST")) == 1


def test_a_batch_that_got_lost_is_unknown_and_settled_by_the_next_attempt(fake: Fake):
    target = target_at(fake)
    batch = changes(target, p1={"stock": "7"})
    fake.trouble = [Trouble("drop", method="POST")]
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["unknown"]
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["written"]


def test_a_batch_that_was_answered_before_is_not_sent_again(fake: Fake):
    notebook = Notebook()
    target = target_at(fake, notebook)
    batch = changes(target, p1={"stock": "7"}, p2={"sku": "MUG"})
    target.write(RESOURCE, batch, FIRST)
    fake.shop.products[1]["stock_quantity"] = 2
    assert target_at(fake, notebook).write(RESOURCE, batch, FIRST).to_list() == ["done", "refused"]
    assert fake.shop.products[1]["stock_quantity"] == 2
    then = target.outcomes(FIRST)
    assert then is not None
    assert then.to_list() == ["done", "refused"]


@pytest.mark.parametrize("bought", [1, 2])
def test_what_was_done_stays_done_when_another_change_of_its_batch_is_tried_again(fake: Fake, bought: int):
    """Two that were bought make the stock what it was before; whoever wrote it again would put them back."""
    notebook = Notebook()
    batch = changes(target_at(fake), p1={"stock": "7"}, v3_30={"stock": "1"})
    fake.trouble = [Trouble("drop", method="POST", path=".*variations/batch")]
    assert target_at(fake, notebook).write(RESOURCE, batch, FIRST).to_list() == ["written", "unknown"]
    fake.shop.products[1]["stock_quantity"] -= bought
    assert target_at(fake, notebook).write(RESOURCE, batch, FIRST).to_list() == ["done", "written"]
    assert notebook.kept == {FIRST: ["done", "written"]}
    assert fake.shop.products[1]["stock_quantity"] == 7 - bought


def test_a_batch_whose_process_died_before_it_knew_is_found_done(fake: Fake):
    notebook, left = Notebook(), Notebook()
    batch = changes(target_at(fake), p1={"stock": "7"})
    left.remember = lambda name, outcomes: notebook.remember(name, outcomes) if not notebook.kept else None  # type: ignore[method-assign]
    target_at(fake, left).write(RESOURCE, batch, FIRST)
    assert notebook.kept == {FIRST: ["unknown"]}
    assert target_at(fake, notebook).write(RESOURCE, batch, FIRST).to_list() == ["done"]
    assert len(fake.paths("POST")) == 1


def test_what_someone_else_did_to_a_product_is_unchanged(fake: Fake):
    batch = changes(target_at(fake), p1={"stock": "7"})
    fake.shop.products[1]["stock_quantity"] = 7
    assert target_at(fake).write(RESOURCE, batch, FIRST).to_list() == ["unchanged"]
    assert fake.paths("POST") == []


def test_a_key_that_may_not_write_refuses_every_change(fake: Fake):
    target = target_at(fake)
    batch = changes(target, p1={"stock": "7"}, v3_30={"stock": "1"})
    fake.keys.may = "read"
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["refused", "refused"]


def test_products_are_neither_made_nor_removed(fake: Fake):
    target = target_at(fake)
    batch = changes(target, p1={"stock": "7"})
    for kind in ("create", "remove"):
        with pytest.raises(Refused, match="neither created nor removed"):
            target.write(RESOURCE, batch.with_columns(kind=pl.lit(kind)), FIRST)
    with pytest.raises(Bug):
        target.write(RESOURCE, pl.concat([batch, batch]), FIRST)


def test_a_hundred_are_sent_at_once(fake: Fake):
    fake.shop.products = {n: a_product(n, f"S{n}", manage_stock=True, stock_quantity=1) for n in range(1, 101)}
    target = target_at(fake)
    batch = changes(target, **{f"p{n}": {"stock": "2"} for n in range(1, 101)})
    assert set(target.write(RESOURCE, batch, FIRST)) == {"written"}
    assert len(fake.paths("POST")) == 1
    assert batch.height == target.can.batch_rows


def test_a_sale_between_looking_and_writing_is_the_one_thing_that_is_overwritten(fake: Fake):
    """The shop has no way to compare first; this says so, rather than that it cannot happen."""
    target = target_at(fake)
    batch = changes(target, p1={"stock": "7"})

    def sold(fake: Fake, request: Request) -> None:
        if request.method == "POST":
            fake.shop.products[1]["stock_quantity"] = 4

    fake.between = sold
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["written"]
    assert fake.shop.products[1]["stock_quantity"] == 7


def test_a_name_that_the_shop_keeps_as_html_is_the_name_that_was_written(fake: Fake):
    """It saves ``&`` as ``&amp;`` and tells it so: taken by the letter, no such name would ever have arrived."""
    target = target_at(fake)
    said = {"name": "Salt & Pepper", "description": "For 4 & more; 5 > 4"}
    assert target.write(RESOURCE, changes(target, p1=said), FIRST).to_list() == ["written"]
    assert fake.shop.products[1]["name"] == "Salt &amp; Pepper"
    assert target.read(RESOURCE, pl.Series(["1"])).select("name", "description").row(0) == tuple(said.values())


def test_the_description_of_a_variation_is_read_for_what_it_says(fake: Fake):
    fake.shop.variations[3][30]["description"] = "Soft.</p>\n<p>Small &#8211; and<br />\nround."
    found = target_at(fake).read(RESOURCE, pl.Series(["3/30"]))
    assert found["description"].to_list() == ["Soft.\n\nSmall – and\nround."]


def test_a_variation_that_moved_to_another_product_is_not_taken_back_by_a_batch(fake: Fake):
    """Sent to its old product, the shop would move it there without a word."""
    target = target_at(fake)
    batch = changes(target, v3_30={"stock": "1"}, v3_31={"sku": "N"})
    fake.shop.variations[2] = {30: fake.shop.variations[3].pop(30)}
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["conflict", "written"]
    assert list(fake.shop.variations[2]) == [30]


def test_a_sku_is_taken_in_any_case_and_free_again_in_the_trash(fake: Fake):
    fake.shop.products[4] = a_product(4, "HAT", status="trash")
    target = target_at(fake)
    batch = changes(target, p1={"sku": "cap"}, p2={"sku": "HAT"})
    assert target.write(RESOURCE, batch, FIRST).to_list() == ["refused", "written"]


def test_products_beyond_one_that_the_shop_cannot_show_are_read(fake: Fake):
    fake.shop.products = {n: a_product(n, f"S{n}") for n in range(1, 151)}
    fake.shop.unreadable = {50}
    assert target_at(fake).read(RESOURCE, None).height == 149

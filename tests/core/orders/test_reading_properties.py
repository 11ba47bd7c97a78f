"""Whatever a shop sold: lines add up to the total, and it does not matter how its answers were cut and ordered."""

import json
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from tasks.core.orders.answers import read_answers
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules
from tests.examples import costly
from tests.shop_orders import fee, item, order, page, refund, returned, shipping

RULES = OrderRules()
cents = st.integers(0, 10**7).map(lambda n: f"{n // 100}.{n % 100:02}")
quantities = st.integers(0, 9000).map(lambda n: n // 1000 if n % 1000 == 0 else f"{n / 1000:.3f}")
products = st.fixed_dictionaries(
    {"product_id": st.sampled_from([0, 5, 6]), "variation_id": st.sampled_from([0, 81])},
    optional={"sku": st.sampled_from([None, "", "A-1", "00123"]), "name": st.text(max_size=5)},
)


def _worth(lines: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(line["total"]) + Decimal(line["total_tax"]) for line in lines), Decimal())


@st.composite
def refunds(draw: st.DrawFn, base: int, pieces: list[Decimal], worth: Decimal) -> list[dict[str, Any]]:
    """Give back pieces that were sold, for 3.00 each time, as long as that was paid."""
    back = []
    for at in range(draw(st.integers(0, min(3, int(worth // 3)))) if pieces else 0):
        of = draw(st.integers(0, len(pieces) - 1))
        quantity = draw(st.integers(0, min(3, int(pieces[of]))))
        pieces[of] -= quantity
        line = returned(base + 200 + at, base + of, -quantity, "-2.00", "-1.00")
        back.append(refund(base + 100 + at, "3.00", [line]))
    return back


@st.composite
def orders(draw: st.DrawFn, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    base = number * 1000
    goods = draw(st.lists(st.tuples(quantities, cents, cents, products, st.integers(0, 3)), max_size=4))
    lines = [
        item(base + at, quantity, net, tax, **fields, meta_data=[{"key": "_restock_refunded_items", "value": tally}])
        for at, (quantity, net, tax, fields, tally) in enumerate(goods)
    ]
    lines += draw(st.sampled_from([[], [shipping(base + 10, "4.90", "0.98")], [fee(base + 11, "-1.50")]]))
    if _worth(lines) < 0:
        lines.pop()
    back = draw(refunds(base, [Decimal(str(quantity)) for quantity, *_ in goods], _worth(lines)))
    return order(number, lines, back, status=draw(st.sampled_from(["completed", "on-hold", "cancelled"]))), back


shops = st.integers(0, 4).flatmap(lambda n: st.tuples(*(orders(number) for number in range(1, n + 1))))


def read(pages: list[bytes], refunds: list[bytes]) -> OrdersRead:
    return read_orders(read_answers(pages, refunds, RULES), RULES)


def parts(shop: Any) -> tuple[list[dict[str, Any]], bytes]:
    return [sold_orders for sold_orders, _ in shop], page(*(each for _, back in shop for each in back))


@costly
@given(shops)
def test_lines_are_the_total_and_refunds_what_was_given_back(shop):
    sold_orders, answers = parts(shop)
    got = read([page(*sold_orders)], [answers])
    assert got.rows.rejected == 0
    for number, given_order in enumerate(sold_orders, start=1):
        head = got.orders.filter(order_id=str(number)).row(0, named=True)
        lines = got.lines.filter(order_key=head["order_key"])
        sold, back = lines.filter(lines["kind"] != "refund"), lines.filter(kind="refund")
        assert sold["net_cents"].sum() + sold["tax_cents"].sum() == head["total_cents"]
        assert sold["tax_cents"].sum() == head["tax_cents"]
        assert f"{head['total_cents'] / 100:.2f}" == given_order["total"]
        assert back["net_cents"].sum() + back["tax_cents"].sum() == -head["refunded_cents"]
        assert lines["line"].is_unique().all()


@costly
@given(shops, st.randoms())
def test_how_answers_are_cut_repeated_and_ordered_changes_nothing(shop, chance):
    sold_orders, answers = parts(shop)
    plain = read([page(*sold_orders)], [answers])
    again = [*sold_orders, *chance.sample(sold_orders, chance.randint(0, len(sold_orders)))]
    chance.shuffle(again)
    cut = chance.randint(0, len(again))
    other = read([page(*again[:cut]), page(), page(*again[cut:])], [answers, answers])
    assert_frame_equal(_sorted(plain.orders), _sorted(other.orders))
    assert_frame_equal(
        plain.lines.sort("order_key", maintain_order=True), other.lines.sort("order_key", maintain_order=True)
    )


def _sorted(frame: Any) -> Any:
    return frame.drop("line").sort("order_key")


@costly
@given(shops)
def test_an_odd_answer_is_read_to_the_same_as_a_plain_one(shop):
    """An object where a text should be sends the whole page the slow way."""
    sold_orders, answers = parts(shop)
    odd = [*sold_orders, order(999, [], id=None, status={"odd": 1})]
    plain, other = read([page(*sold_orders)], [answers]), read([page(*odd)], [answers])
    assert_frame_equal(plain.orders, other.orders)
    assert_frame_equal(plain.lines, other.lines)


@costly
@given(shops, st.sampled_from([{"a": [1]}, [], True, None, 1.5]))
def test_whatever_a_plugin_keeps_with_a_line_it_is_read_to_the_same(shop, kept):
    """Values of metadata that are no text send the page another way."""
    sold_orders, answers = parts(shop)
    odd = json.loads(page(*sold_orders))
    for line in (line for each in odd for line in each["line_items"]):
        line["meta_data"].append({"id": 1, "key": "plugin", "value": kept})
    plain, other = read([page(*sold_orders)], [answers]), read([page(*odd)], [answers])
    assert_frame_equal(plain.orders, other.orders)
    assert_frame_equal(plain.lines, other.lines)


@costly
@given(shops)
def test_the_content_hash_sees_what_we_import_and_nothing_else(shop):
    sold_orders, answers = parts(shop)
    before = read([page(*sold_orders)], [answers]).orders["content_sha256"].to_list()
    looked_up = json.loads(page(*sold_orders))
    for each in looked_up:
        each["date_modified_gmt"] = "2030-01-01T00:00:00"
        for line in each["line_items"]:
            line |= {"sku": "RENAMED", "product_id": 0, "variation_id": 0, "price": 1.5}
    assert read([page(*looked_up)], [answers]).orders["content_sha256"].to_list() == before
    for each in looked_up:
        each["number"] += "-b"
    assert not set(before) & set(read([page(*looked_up)], [answers]).orders["content_sha256"])


def test_the_content_hash_never_moves_by_itself():
    """A new version that hashed otherwise would make every order that was ever imported look changed."""
    back = refund(90, "12.00", [returned(91, 7, -1, "-10.00", "-2.00")])
    parsed = read([page(order(1042, [item(7, 2, "20.00", "4.00"), shipping(8, "4.90")], [back]))], [page(back)])
    assert parsed.orders["content_sha256"].to_list() == [
        "7cf24dfb402413bf65c3bc5f64c6a6422a635562eb43a128f7c1e46bc825115f"
    ]

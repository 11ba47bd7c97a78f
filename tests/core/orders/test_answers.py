"""Orders as a shop answers them: what is told comes through to the cent and the thousandth, odd answers or not."""

from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from schemas.problems import FileNeedsFixing, SettingsNeedFixing
from tasks.core.orders.answers import read_answers
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules, read_states
from tests.shop_orders import fee, item, order, page, refund, shipping
from tests.tables import frame

RULES = OrderRules()


def read(*orders: Any, rules: OrderRules = RULES) -> OrdersRead:
    return read_orders(read_answers([page(*orders)], [], rules), rules)


def lines_of(parsed: OrdersRead, drawn: str) -> None:
    """Compare the columns that are drawn with the lines that were read."""
    names = [name.strip() for name in drawn.strip().splitlines()[0].split("|")]
    expected = frame(drawn, {name: parsed.lines.schema[name] for name in names if name != "moves"} | _flags(names))
    shown = parsed.lines.select(names).with_columns(pl.col(pl.Boolean).cast(pl.String))
    assert_frame_equal(shown, expected.with_columns(pl.col(pl.Null).fill_null("")))


def _flags(names: list[str]) -> dict[str, Any]:
    return {"moves": pl.String} if "moves" in names else {}


def codes(parsed: OrdersRead) -> list[tuple[str, str, str]]:
    return parsed.findings.select("heading", "value", "code").rows()


def test_an_order_comes_through_as_it_is():
    paid = {"payment_method": "stripe", "payment_method_title": " Card "}
    parsed = read(order(1042, [item(77, 2, "25.00", "5.00"), shipping(78, "4.90", "0.98")], **paid))
    assert parsed.orders.drop("content_sha256").rows(named=True) == [
        {
            "line": 1,
            "order_key": "woocommerce:1042",
            "order_id": "1042",
            "number": "1042",
            "status": "completed",
            "state": "closed",
            "sold_at": "2024-03-09T14:02:11Z",
            "modified_at": "2024-03-10T08:00:00Z",
            "currency": "EUR",
            "total_cents": 3588,
            "tax_cents": 598,
            "refunded_cents": 0,
            "customer_email": "ada@example.test",
            "payment_method": "stripe",
            "payment_title": "Card",
        }
    ]
    assert parsed.findings.is_empty()


def test_how_an_order_was_paid_is_no_part_of_what_makes_it_look_changed():
    ways = [{}, {"payment_method": "stripe", "payment_method_title": "Card"}, {"payment_method": "bacs"}]
    hashes = [read(order(1, [item(1)], **way)).orders["content_sha256"].item() for way in ways]
    assert len(set(hashes)) == 1


def test_goods_move_stock_and_what_is_charged_beside_them_does_not():
    parsed = read(order(1, [item(7, 2, "25.00", "5.00"), shipping(8, "4.90"), fee(9, "1.00"), fee(10, "-3.00")]))
    lines_of(
        parsed,
        """
        line | kind     | source_product_id | sku   | quantity_milli | net_cents | tax_cents | moves
        -----+----------+-------------------+-------+----------------+-----------+-----------+------
        7    | item     | 507               | MUG-7 | 2000           | 2500      | 500       | true
        8    | shipping | ""                | ""    | 1000           | 490       | 0         | false
        9    | fee      | ""                | ""    | 1000           | 100       | 0         | false
        10   | discount | ""                | ""    | 1000           | -300      | 0         | false
        """,
    )


@pytest.mark.parametrize(
    ("fields", "product", "variation", "sku"),
    [
        ({"product_id": 12, "variation_id": 34, "sku": "A-1"}, "12", "34", "A-1"),
        ({"product_id": 12, "variation_id": 0, "sku": ""}, "12", "", ""),
        ({"product_id": 0, "variation_id": 0, "sku": None}, "0", "", ""),
        ({"product_id": 0, "variation_id": 81, "sku": "HOODIE"}, "", "81", "HOODIE"),  # seen: its parent a placeholder
    ],
)
def test_a_line_says_of_which_product_it_is_or_that_it_was_deleted(fields, product, variation, sku):
    parsed = read(order(1, [item(7, **fields)]))
    assert parsed.lines.select("source_product_id", "source_variation_id", "sku").row(0) == (product, variation, sku)
    assert parsed.findings.is_empty()  # whether it can be booked is for matching to say


@pytest.mark.parametrize(
    ("quantity", "milli"), [(2, 2000), (1.5, 1500), ("0.125", 125), ("3", 3000), (0, 0), (1.0, 1000)]
)
def test_quantities_are_thousandths(quantity, milli):
    assert read(order(1, [item(7, quantity)])).lines["quantity_milli"].to_list() == [milli]


@pytest.mark.parametrize("quantity", ["1.0005", "two", "", None, True, [1], "1e3"])
def test_what_is_no_quantity_turns_the_order_away(quantity):
    parsed = read(order(1, [item(7, quantity)]), order(2, [item(8)]))
    assert [(heading, code) for heading, _, code in codes(parsed)] == [("order 1, line 7, quantity", "ORDER_QUANTITY")]
    assert parsed.orders["order_id"].to_list() == ["2"]
    assert (parsed.rows.rows_in, parsed.rows.accepted, parsed.rows.rejected) == (2, 1, 1)


def test_lines_that_were_rounded_one_by_one_give_their_cent_to_the_largest():
    parsed = read(order(1, [item(7, 1, "3.33", "0.67"), item(8, 1, "6.66", "1.33")], total="12.00", total_tax="2.01"))
    assert parsed.lines.select("net_cents", "tax_cents").rows() == [(333, 67), (666, 134)]
    parsed = read(order(1, [item(7, 1, "23.976", "5.994"), item(8, 1, "0.004", "0")], total="29.97", total_tax="5.99"))
    assert parsed.lines.select("net_cents", "tax_cents").rows() == [(2398, 599), (0, 0)]


@pytest.mark.parametrize(
    ("rounded_to", "total", "fits"), [(100, "597.00", True), (100, "599.00", False), (1, "597.00", False)]
)
def test_a_shop_that_shows_whole_units_rounds_its_totals_to_them(rounded_to: int, total: str, fits: bool):
    """Three at 199 with 25 per cent: a tax of 119.40, which such a shop tells as 119."""
    parsed = read(
        order(1, [item(1, 3, "477.60", "119.40")], total=total, total_tax="119.00"),
        rules=OrderRules(rounded_to=rounded_to),
    )
    assert (parsed.rows.accepted == 1) == fits
    if fits:
        assert parsed.lines.select(pl.col("net_cents") + pl.col("tax_cents")).item() == 59_700


def test_more_than_a_cent_a_line_is_no_rounding():
    parsed = read(order(1, [item(7, 1, "10.00", "2.00")], total="12.02"))
    assert codes(parsed) == [("order 1, total", "12.02", "ORDER_TOTAL_MISMATCH")]
    assert parsed.findings["detail"].to_list() == ["the lines give 12.00"]
    parsed = read(order(1, [item(7, 1, "10.00", "2.00")], total_tax="1.50"))
    assert codes(parsed) == [("order 1, total_tax", "1.50", "ORDER_TOTAL_MISMATCH")]


def test_an_order_without_lines_is_worth_nothing():
    assert read(order(1, [])).orders["total_cents"].to_list() == [0]
    assert codes(read(order(1, [], total="5.00"))) == [("order 1, total", "5.00", "ORDER_TOTAL_MISMATCH")]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("completed", "closed"),
        ("processing", "closed"),
        ("on-hold", "parked"),
        ("pending", "parked"),
        ("cancelled", "voided"),
        ("failed", "voided"),
        ("trash", "voided"),
        ("wc-completed", "closed"),
    ],
)
def test_a_status_of_the_shop_is_a_state_of_the_till(status, state):
    assert read(order(1, [item(7)], status=status)).orders["state"].to_list() == [state]


def test_a_status_of_a_plugin_is_explained_by_the_settings_or_turns_the_order_away():
    shipped = order(1, [item(7)], status="shipped")
    assert codes(read(shipped)) == [("order 1, status", "shipped", "ORDER_STATUS")]
    rules = OrderRules(states=read_states("wc-shipped=closed, completed=parked"))
    parsed = read(shipped, order(2, [item(7)]), rules=rules)
    assert parsed.orders["state"].to_list() == ["closed", "parked"]


@pytest.mark.parametrize("text", ["shipped", "shipped=sold", "=closed"])
def test_a_setting_that_explains_nothing_is_named(text):
    with pytest.raises(SettingsNeedFixing, match="shipped=closed"):
        read_states(text)


@pytest.mark.parametrize(
    ("fields", "heading", "code"),
    [
        ({"currency": "USD"}, "order 1, currency", "ORDER_CURRENCY"),
        ({"total": "twelve"}, "order 1, total", "AMOUNT_NOT_A_NUMBER"),
        ({"total": None}, "order 1, total", "AMOUNT_NOT_A_NUMBER"),
        ({"total_tax": "x"}, "order 1, total_tax", "AMOUNT_NOT_A_NUMBER"),
        ({"date_created_gmt": "yesterday", "date_created": None}, "order 1, date_created", "ORDER_DATE"),
        ({"id": None}, "order ?, order_id", "ORDER_ID"),
        ({"id": "10 42"}, "order 10 42, order_id", "ORDER_ID"),
        ({"refunds": [refund(5, "2.00")]}, "order 1, refund", "ORDER_REFUND_MISSING"),
    ],
)
def test_what_cannot_be_right_is_named_and_the_others_go_on(fields, heading, code):
    parsed = read(order(1, [item(7)], **fields), order(2, [item(8)]))
    assert [(where, what) for where, _, what in codes(parsed)] == [(heading, code)]
    assert parsed.orders["order_id"].to_list() == ["2"]


def test_objects_that_are_no_orders_cost_no_other():
    parsed = read(5, None, {"code": "rest_error"}, order(2, [item(8)]), [1])
    assert [code for _, _, code in codes(parsed)] == ["ORDER_UNREADABLE"] * 4
    assert parsed.orders["order_id"].to_list() == ["2"]
    assert parsed.findings["line"].to_list() == [1, 2, 3, 5]


@pytest.mark.parametrize("content", [b"<html>Maintenance</html>", b'{"code":"x"}', b"", b"[1,", b"[" * 200_000])
def test_what_is_no_list_of_orders_is_said_in_words(content):
    with pytest.raises(FileNeedsFixing, match="Export the orders again"):
        read_answers([content], [], RULES)


def test_an_order_that_was_answered_twice_counts_once_as_it_was_last_changed():
    old = order(1, [item(7, 1)])
    new = order(1, [item(7, 3)], date_modified_gmt="2024-03-11T00:00:00")
    for pages in ([page(old, order(2, [item(8)])), page(new)], [page(new), page(order(2, [item(8)]), old)]):
        parsed = read_orders(read_answers(pages, [], RULES), RULES)
        sold = parsed.lines.join(parsed.orders, on="order_key").select("order_id", "quantity_milli").sort("order_id")
        assert sold.rows() == [("1", 3000), ("2", 1000)]
        assert parsed.rows.rows_in == 2


ODD: tuple[Any, ...] = ({"a": [1, {"b": None}]}, True, [], 1.5, None)


@pytest.mark.parametrize("value", ODD)
def test_an_odd_value_beside_what_we_read_changes_nothing(value):
    plain = order(1, [item(7, 2, meta_data=[{"id": 1, "key": "gift", "value": "yes"}])], billing={"email": ""})
    odd = order(1, [item(7, 2, meta_data=[{"id": 1, "key": "gift", "value": value}])], billing=[])
    assert_frame_equal(read(odd).lines, read(plain).lines)
    assert_frame_equal(read(odd).orders, read(plain).orders)


def test_a_list_that_php_wrote_as_an_object_is_a_list():
    lines = order(1, [item(7), item(8)]) | {"line_items": {"0": item(7), "2": item(8)}}
    assert read(lines).lines["line"].to_list() == ["7", "8"]


def bundle(**fields: Any) -> list[dict[str, Any]]:
    return [item(7, **fields.get("parent", {})), item(8, net="0.00", tax="0.00", **fields.get("child", {})), item(9)]


def by_meta(key: str) -> dict[str, Any]:
    return {"meta_data": [{"id": 1, "key": key, "value": "7"}]}


@pytest.mark.parametrize(
    "marks",
    [
        {"parent": {"bundled_items": [8]}, "child": {"bundled_by": "7"}},
        {"parent": {"composite_children": ["8"]}, "child": {"composite_parent": 7}},
        {"parent": by_meta("_woosb_ids"), "child": by_meta("_woosb_parent_id")},
        {"parent": by_meta("_mnm_config"), "child": by_meta("_mnm_container")},
    ],
)
@pytest.mark.parametrize(
    ("bundles", "moves"),
    [("children", [False, True, True]), ("parents", [True, False, True]), ("both", [True, True, True])],
)
def test_of_a_bundle_the_settings_say_which_lines_move_stock(marks, bundles, moves):
    rules = OrderRules(bundles=bundles)
    assert read(order(1, bundle(**marks)), rules=rules).lines["moves"].to_list() == moves


def test_a_sale_may_be_dated_by_when_it_was_paid():
    paid, unpaid = order(1, [item(7)]), order(2, [item(7)], date_paid_gmt=None)
    parsed = read(paid, unpaid, rules=OrderRules(sold_when="paid"))
    assert parsed.orders["sold_at"].to_list() == ["2024-03-09T14:05:00Z", "2024-03-09T14:02:11Z"]


def test_dates_without_their_utc_are_of_the_shop():
    local = order(1, [item(7)], date_created_gmt=None)
    parsed = read(local, rules=OrderRules(time_zone="Europe/Stockholm"))
    assert parsed.orders["sold_at"].to_list() == ["2024-03-09T14:02:11Z"]

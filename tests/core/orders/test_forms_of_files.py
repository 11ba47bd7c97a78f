"""How export plugins write dates, statuses, names and payments: each form with what it is."""

import json
from typing import Any

import polars as pl
import pytest

from tasks.core.orders.answers import read_answers
from tasks.core.orders.file_dates import read_dates
from tasks.core.orders.names import plain_text
from tasks.core.orders.order_parser import OrdersRead, read_orders
from tasks.core.orders.rules import OrderRules
from tasks.core.orders.statuses import key_of
from tests.shop_orders import item, order, page, refund, returned

RULES = OrderRules()


@pytest.mark.parametrize(
    ("cell", "local"),
    [
        ("2024-03-09 15:02:11", "2024-03-09T15:02:11"),
        ("2024-03-09T15:02", "2024-03-09T15:02:00"),
        ("2024/3/9 15:02", "2024-03-09T15:02:00"),
        ("26.09.2016 18:05", "2016-09-26T18:05:00"),
        ("9.6.2016 18:05", "2016-06-09T18:05:00"),
        ("9/26/2016 6:05 PM", "2016-09-26T18:05:00"),
        ("26/9/2016 12:05 a.m.", "2016-09-26T00:05:00"),
        ("Sep 26, 2016 6:05 pm", "2016-09-26T18:05:00"),
        ("26 septembre 2016 18:05", "2016-09-26T18:05:00"),
        ("26 augusti 2016 18:05", "2016-08-26T18:05:00"),
        ("5/5/2016 18:05", "2016-05-05T18:05:00"),
        *dict.fromkeys(
            ("9/6/2016 18:05", "2024-02-30 10:00", "45360", "2024-03-09", "26/09/16 18:05", ""), None
        ).items(),
        ("1/1/2016 25:00", None),
        ("9/6-2016 18:05", None),
    ],
)
def test_a_date_is_read_in_the_form_it_has(cell, local):
    assert read_dates(pl.Series([cell])).read["local"].to_list() == [local]


@pytest.mark.parametrize(
    ("cell", "utc"),
    [
        ("2024-03-09T15:02:11Z", "2024-03-09T15:02:11"),
        ("2024-03-09T15:02:11+01:00", "2024-03-09T14:02:11"),
        ("2024-03-09 00:30:00 -0200", "2024-03-09T02:30:00"),
    ],
)
def test_a_date_that_names_its_zone_is_of_that_zone(cell, utc):
    read = read_dates(pl.Series([cell])).read
    assert (read["utc"].to_list(), read["local"].to_list()) == ([utc], [None])


@pytest.mark.parametrize(
    ("others", "local"),
    [
        (["26/9/2016 10:00"], "2016-06-09T18:05:00"),
        (["9/26/2016 10:00"], "2016-09-06T18:05:00"),
        (["26.9.2016 10:00"], None),
        (["9/26/2016 10:00", "26/9/2016 10:00"], None),
        ([], None),
    ],
)
def test_the_cells_with_one_reading_settle_the_others(others, local):
    assert read_dates(pl.Series(["9/6/2016 18:05", *others])).read["local"][0] == local


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("Completed", "completed"),
        ("wc-processing", "processing"),
        ("ON HOLD", "on-hold"),
        ("on_hold", "on-hold"),
        ("Pending payment", "pending"),
        ("Terminée", "completed"),
        ("En attente", "on-hold"),
        ("En attente de paiement", "pending"),
        ("In behandeling", "processing"),
        ("Wachtend op betaling", "pending"),
        ("Färdigbehandlad", "completed"),
        ("Återbetald", "refunded"),
        ("Shipped", "shipped"),
    ],
)
def test_a_label_is_the_status_it_shows(label, status):
    assert key_of(label) == status


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Caf&eacute; &amp; Cr&egrave;me &#8211; 5&quot;", 'Café & Crème – 5"'),
        ("Mug<br/>blue, <b>lar</b>ge", "Mug blue, large"),
        ("dash &amp;#8211; twice", "dash – twice"),
        ("3 < 5 & 7 > 2", "3 < 5 & 7 > 2"),
        ("R&D &copy no entity", "R&D &copy no entity"),
        ("a&nbsp;b&#xD83D;", "a b\ufffd"),
    ],
)
def test_a_name_is_what_a_page_would_show(html, text):
    assert plain_text(html) == text


def read(*orders: dict[str, Any]) -> OrdersRead:
    return read_orders(read_answers([page(*orders)], [], RULES), RULES)


def kept(key: str, value: Any) -> dict[str, Any]:
    return {"meta_data": [{"id": 1, "key": key, "value": value}]}


@pytest.mark.parametrize(
    "paid",
    [
        {"gift_cards": [{"id": 3, "code": "A", "amount": "4.00"}, {"id": 4, "code": "B", "amount": "3.00"}]},
        {"pw_gift_card_lines": [{"card_number": "A", "amount": 7}]},
        kept("_ywgc_applied_gift_cards_totals", "7"),
        kept("_ywgc_applied_gift_cards", {"A": "4.00", "B": "3"}),
        kept("smart_coupons_contribution", {"A": 7}),
        kept("smart_coupons_contribution", json.dumps({"A": 7})),
        kept("_funds_used", "7.0000"),
    ],
)
def test_what_cards_and_credit_paid_is_part_of_the_sale(paid):
    parsed = read(order(1, [item(7)], total="5.00") | paid)
    assert parsed.orders["total_cents"].to_list() == [1200]
    assert parsed.notes == ("1 orders were paid in part with gift cards or credit, 7.00 in all",)


def test_a_card_that_does_not_explain_what_is_missing_is_named_and_nothing_is_taken():
    parsed = read(order(1, [item(7)], total="9.00", gift_cards=[{"amount": "7.00"}]))
    assert parsed.findings.select("code", "detail").row(0) == (
        "ORDER_TOTAL_MISMATCH",
        "the lines give 12.00, and gift cards or credit paid 7.00",
    )
    assert read(order(1, [item(7)], gift_cards=[{"amount": "7.00"}])).orders["total_cents"].to_list() == [1200]


def test_parts_of_a_bundle_that_nobody_sold_are_asked_about():
    parsed = read(order(1, [item(7), item(8, **kept("_bundled_by", "a1"))]))
    assert [concern.code for concern in parsed.concerns] == ["ORDER_BUNDLE"]


def test_a_bundle_inside_of_a_bundle_moves_no_stock_beside_its_parts():
    inner = {"meta_data": [{"key": "_composite_parent", "value": "a"}, {"key": "_bundled_items", "value": "b"}]}
    lines = [item(7, **kept("_composite_children", "b")), item(8, **inner), item(9, **kept("_bundled_by", "b"))]
    assert read(order(1, lines)).lines["moves"].to_list() == [False, False, True]


def test_pieces_that_come_back_are_of_what_was_sold():
    unsold = returned(91, 99, -1, "-1.00", product_id=777, sku="OTHER")
    back = refund(90, "1.00", [unsold])
    parsed = read(order(1, [item(7)], [back]) | {"refunds": [back]})
    assert parsed.findings["code"].to_list() == ["ORDER_REFUND_MISMATCH"]

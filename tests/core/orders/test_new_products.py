"""Products that orders sold and the till does not have."""

import polars as pl

from schemas.stock import PRODUCTS
from tasks.core.orders.matching import match_lines
from tasks.core.orders.new_products import make_missing
from tasks.core.stock.products import decide_product_changes
from tests.order_lines import BOOKED, CORRECTIONS, drawn_as, order_lines, the_orders, till_products

TILL = "product_id | sku\nmug | MUG-1"
TWO_ORDERS = the_orders(
    """
    order_key     | sold_at
    woocommerce:1 | 2024-01-01T00:00:00Z
    woocommerce:2 | 2024-02-01T00:00:00Z
    """
)


def made(lines: str, *, till: str = TILL, corrections: str = "") -> tuple[pl.DataFrame, pl.DataFrame]:
    products = till_products(till)
    frames = drawn_as("", BOOKED), drawn_as(corrections, CORRECTIONS)
    matched = match_lines(order_lines(lines), products, *frames, source="woocommerce")
    return make_missing(matched, TWO_ORDERS, products, source="woocommerce")


def test_a_product_is_made_once_however_many_lines_sold_it_and_as_it_was_sold_last():
    lines, products = made(
        """
        order_key     | source_product_id | sku    | name    | quantity_milli | net_cents | tax_cents
        woocommerce:2 | 7                 | CAP-1  | New cap | 2000           | 2500      | 500
        woocommerce:1 | 7                 | CAP-1  | Old cap | 1000           | 1000      | 200
        woocommerce:1 | 8                 | mug-1  | Mug     | 1000           | 1000      | 200
        """
    )
    assert products.select("sku", "name", "price_cents", "source", "source_id").rows() == [
        ("CAP-1", "New cap", 1500, "woocommerce", "7")
    ]
    new = products["product_id"].item()
    assert lines["product_id"].to_list() == [new, new, "mug"]
    assert lines["code"].to_list() == ["", "", ""]


def test_the_same_origin_is_the_same_product_in_every_run():
    first, again = (made("source_product_id | sku | name\n7 | CAP | " + name)[1] for name in ("Cap", "Other"))
    assert first["product_id"].item() == again["product_id"].item()


def test_nothing_is_made_for_an_order_that_is_held_anyway():
    lines, products = made(
        """
        order_key     | source_product_id | sku
        woocommerce:1 | 7                 | CAP-1
        woocommerce:1 | 0                 |
        """
    )
    assert products.is_empty()
    assert lines["code"].to_list() == ["ORDER_LINE_SKU_UNKNOWN", "ORDER_LINE_PRODUCT_DELETED"]


def test_a_sku_of_several_products_of_the_shop_is_not_made_into_one():
    lines, products = made(
        """
        order_key     | source_product_id | sku
        woocommerce:1 | 7                 | CAP-1
        woocommerce:2 | 8                 | cap-1
        """
    )
    assert products.is_empty()
    assert lines.select("code", "detail").rows() == [
        ("ORDER_LINE_SKU_AMBIGUOUS", "CAP-1: several products of the shop"),
        ("ORDER_LINE_SKU_AMBIGUOUS", "cap-1: several products of the shop"),
    ]


def test_a_sku_that_a_person_named_must_be_there():
    lines, products = made(
        "source_product_id | sku\n7 | CAP-1", corrections="order_key | line | sku | new_sku\n | | CAP-1 | CAP-2"
    )
    assert products.is_empty()
    assert lines["code"].item() == "ORDER_LINE_SKU_UNKNOWN"


def test_what_was_made_once_and_deactivated_since_is_sold_again():
    _, products = made("source_product_id | sku\n7 | CAP-1")
    till = till_products(TILL).vstack(products.with_columns(active=pl.lit("no"), price_cents=pl.lit(99, pl.Int64)))
    matched = match_lines(
        order_lines("source_product_id | sku\n7 | CAP-1"),
        till,
        drawn_as("", BOOKED),
        drawn_as("", CORRECTIONS),
        source="woocommerce",
    )
    assert matched["code"].item() == "ORDER_LINE_PRODUCT_DELETED_IN_TARGET"
    lines, wanted = make_missing(matched, TWO_ORDERS, till, source="woocommerce")
    assert lines["code"].item() == ""
    changes = decide_product_changes(wanted, till, PRODUCTS.resource)
    assert changes.select("kind", "active_before", "active_after", "price_cents_after").rows() == [
        ("update", "no", "yes", 99)
    ]


def test_new_products_are_shown_with_every_field_and_asked_for_once():
    _, wanted = made("source_product_id | sku\n7 | CAP-1")
    changes = decide_product_changes(wanted, till_products(TILL), PRODUCTS.resource)
    assert changes.select("kind", "sku_before", "sku_after", "active_after").rows() == [
        ("create", None, "CAP-1", "yes")
    ]
    assert decide_product_changes(wanted, till_products(TILL).vstack(wanted), PRODUCTS.resource).is_empty()


def test_a_product_without_sku_is_made_and_linked_by_its_ids():
    lines, products = made(
        """
        order_key     | source_product_id | source_variation_id | sku | name
        woocommerce:1 | 7                 |                     |     | Jug
        woocommerce:1 | 8                 | 81                  |     | Shirt, red
        woocommerce:2 | 8                 | 82                  |     | Shirt, blue
        """
    )
    assert products.sort("name").select("sku", "name", "source_id", "source_variation_id").rows() == [
        ("", "Jug", "7", ""),
        ("", "Shirt, blue", "8", "82"),
        ("", "Shirt, red", "8", "81"),
    ]
    assert (lines["code"] == "").all()
    again = match_lines(
        order_lines("source_product_id | source_variation_id | sku\n8 | 82 | "),
        till_products(TILL).vstack(products),
        drawn_as("", BOOKED),
        drawn_as("", CORRECTIONS),
        source="woocommerce",
    )
    assert again["product_id"].item() == products.filter(name="Shirt, blue")["product_id"].item()


def test_a_variation_that_shows_the_sku_of_the_whole_product_is_made_without_it():
    _, products = made(
        "source_product_id | source_variation_id | sku\n8 | 81 | SHIRT\n8 | 82 | SHIRT\n9 | | SHIRT",
        till="product_id | sku | source_id\nshirt | SHIRT | 8",
    )
    assert products.is_empty(), "9 has the SKU too, and holds its order"
    _, products = made(
        "source_product_id | source_variation_id | sku\n8 | 81 | SHIRT\n8 | 82 | SHIRT",
        till="product_id | sku | source_id\nshirt | SHIRT | 8",
    )
    assert products.select("sku", "source_variation_id").sort("source_variation_id").rows() == [("", "81"), ("", "82")]


def test_what_the_shop_deleted_is_not_made():
    lines, products = made("source_product_id | sku | name\n0 | | Gone mug")
    assert (products.is_empty(), lines["code"].item()) == (True, "ORDER_LINE_PRODUCT_DELETED")

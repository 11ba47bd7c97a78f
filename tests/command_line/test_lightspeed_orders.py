"""Orders and a first stock at the till of Lightspeed Retail, from a file to a restore, as people type it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.desk import Desk
from tests.fakes.lightspeed_x import Lightspeed, Trouble, lightspeed
from tests.fakes.woo_orders import a_shop
from tests.fakes.woocommerce import Fake, woocommerce
from tests.shop_orders import item, order, page, refund, returned, shipping

TILL = ("--target", "lightspeed_x_till")
APPLY = ("--mode", "apply", *TILL)


@pytest.fixture
def shop() -> Iterator[Lightspeed]:
    """A Lightspeed that sells mugs and caps."""
    with lightspeed() as fake:
        fake.till.add_product("MUG", stock=10)
        fake.till.add_product("CAP", stock=5)
        fake.till.add_product("POST", tracked=False)
        yield fake


def reaching(shop: Lightspeed, **more: str) -> dict[str, Any]:
    reached = {"lightspeed_x_url": shop.url, "lightspeed_x_token": "lsxs_pt_MARKER-PERSONAL"}
    return reached | {"lightspeed_x_payment_type": "Web shop"} | more


def mug(line: int = 1, quantity: int = 1, **fields: Any) -> Any:
    return item(line, quantity, product_id=7, sku="mug", name="Mug", **fields)


@pytest.mark.thorough
def test_orders_go_in_once_are_read_back_and_are_voided_again(desk: Desk, shop: Lightspeed) -> None:
    parcel = order(2, [mug(), shipping(5, "4.00", "0.80")])
    desk.write("orders.json", page(order(1, [mug(quantity=2)]), parcel))

    shown = desk.ask("run", "orders", "orders.json", *TILL, **reaching(shop))
    assert (shown["outcome"], shown["changes"]["created"], shown["changes"]["held"]) == ("previewed", 1, 1)
    assert shown["effort"]["calls"] == 4
    assert shop.till.shown() == []

    posting = reaching(shop, lightspeed_x_shipping_product="POST")
    run = desk.ask("run", "orders", "orders.json", *APPLY, **posting)
    assert (run["outcome"], run["changes"]["created"], run["discrepancies"]) == ("applied", 2, [])
    assert shop.till.shown() == ["WEB-1 closed 12.00", "WEB-2 closed 16.80"]
    assert shop.till.stock() == {"CAP": 5.0, "MUG": 7.0}
    again = desk.ask("run", "orders", "orders.json", *APPLY, **posting)
    assert (again["outcome"], again["changes"]["unchanged"]) == ("nothing_to_do", 2)

    shop.till.sales[next(iter(shop.till.sales))]["line_items"][0]["quantity"] = 3
    restored = desk.ask("restore", run["run_id"], "--mode", "apply", code=4, **reaching(shop))
    assert (restored["changes"]["updated"], restored["changes"]["conflict"]) == (1, 1)
    assert restored["discrepancies"] == []
    assert shop.till.stock() == {"CAP": 5.0, "MUG": 8.0}

    held = desk.ask("run", "orders", "orders.json", *TILL, **posting)
    assert held["changes"]["held"] == 2, "a voided sale stays void, and an edited one is not written over"


@pytest.mark.thorough
def test_a_neutral_history_with_new_products_leaves_the_stock_and_goes_back_whole(desk: Desk, shop: Lightspeed) -> None:
    hat = item(2, 1, product_id=900, sku="HAT", name="Hat")
    desk.write("orders.json", page(order(1, [mug(quantity=2), hat])))

    history = ("--stock", "neutral", "--on-missing-product", "create")
    run = desk.ask("run", "orders", "orders.json", *APPLY, *history, **reaching(shop))

    assert (run["outcome"], run["discrepancies"]) == ("applied", [])
    assert shop.till.stock() == {"CAP": 5.0, "MUG": 10.0, "HAT": 0.0}

    desk.ask("restore", run["run_id"], "--mode", "apply", **reaching(shop))
    assert shop.till.shown() == ["WEB-1 voided 24.00"]
    assert shop.till.stock() == {"CAP": 5.0, "MUG": 10.0, "HAT": 0.0}
    assert [p["active"] for p in shop.till.products.values() if p["sku"] == "HAT"] == [False]


@pytest.mark.thorough
def test_a_till_begins_with_what_a_list_says_where_it_shows_none(desk: Desk, shop: Lightspeed) -> None:
    desk.write("stock.csv", "SKU,Name,Price,Stock\nPOT,Pot,12.50,4\nMUG,Mug,12.00,7\n")
    places = ("--outlet", "Main street", "--at-register", "Counter")

    run = desk.ask("run", "stock", "stock.csv", *APPLY, *places, code=4, **reaching(shop))

    assert (run["changes"]["created"], run["changes"]["held"], run["discrepancies"]) == (1, 1, [])
    assert shop.till.stock() == {"CAP": 5.0, "MUG": 10.0, "POT": 4.0}
    desk.ask("restore", run["run_id"], "--mode", "apply", **reaching(shop))
    assert shop.till.stock() == {"CAP": 5.0, "MUG": 10.0, "POT": 0.0}


def test_what_the_settings_lack_is_said_before_anything_is_written(desk: Desk, shop: Lightspeed) -> None:
    desk.write("orders.json", page(order(1, [mug()])))

    answer = desk.ask("run", "orders", "orders.json", *APPLY, code=2, **reaching(shop, lightspeed_x_payment_type=""))

    assert "COUNTERFOIL_LIGHTSPEED_X_PAYMENT_TYPE is not set" in answer["says"]
    assert "'Cash', 'Web shop'" in answer["says"]
    assert shop.till.shown() == []


def payments_of(shop: Lightspeed) -> dict[str, list[tuple[float, str]]]:
    """Return what was paid for each sale and with which payment type, by invoice number."""
    names = {row["id"]: row["name"] for row in shop.till.lists["payment_types"]}
    return {
        sale["invoice_number"]: [
            (each["amount"], names[each["type"]["config_id"]]) for each in sale.get("payments", [])
        ]
        for sale in shop.till.sales.values()
    }


@pytest.mark.thorough
def test_orders_are_paid_as_the_settings_say_and_what_was_there_before_asks_for_nothing(
    desk: Desk, shop: Lightspeed
) -> None:
    """The first run is one of before there were such settings: all is paid alike."""
    shop.till.lists["payment_types"].append(shop.till.payment_type("Web card"))
    card = {"payment_method": "stripe", "payment_method_title": "Card"}
    first, klarna = order(1, [mug()], **card), order(3, [mug()], payment_method="klarna")
    desk.write("orders.json", page(first))
    desk.ask("run", "orders", "orders.json", *APPLY, **reaching(shop))
    told = reaching(shop, lightspeed_x_payment_types="stripe=Web card", lightspeed_x_returns="book")

    again = desk.ask("run", "orders", "orders.json", *APPLY, **told)
    assert (again["outcome"], again["changes"]["unchanged"]) == ("nothing_to_do", 1)

    desk.write("orders.json", page(first, order(2, [mug()], **card), klarna))
    run = desk.ask("run", "orders", "orders.json", *APPLY, **told)
    assert (run["changes"]["created"], run["changes"]["unchanged"], run["discrepancies"]) == (2, 1, [])
    assert payments_of(shop) == {"WEB-1": [(12, "Web shop")], "WEB-2": [(12, "Web card")], "WEB-3": [(12, "Web shop")]}
    report = json.loads(desk.read(desk.fetch(run["run_id"], "report.json")))
    (shown,) = (each["rows"] for each in report["exhibits"] if each["name"] == "payments")
    notifications_of = [(row["payment_method"], row["payment_type"], row["mapped"], row["orders"]) for row in shown]
    assert notifications_of == [("klarna", "Web shop", "no", 1), ("stripe", "Web card", "yes", 1)]

    back = [refund(90 + number, "12.00", [returned(1, 1, -1, "-10.00", "-2.00")]) for number in (1, 2)]
    refunded = [order(1, [mug()], back[:1], **card), order(2, [mug()], back[1:], **card)]
    desk.write("orders.json", page(*[each | {"refunds": [came]} for each, came in zip(refunded, back, strict=True)]))
    desk.ask("run", "orders", "orders.json", *APPLY, **told)
    assert payments_of(shop)["WEB-1-R1"] == [(-12, "Web shop")]
    assert payments_of(shop)["WEB-2-R1"] == [(-12, "Web card")]

    restored = desk.ask("restore", run["run_id"], "--mode", "apply", code=4, **told)
    assert (restored["changes"]["updated"], restored["changes"]["conflict"]) == (1, 1)
    assert [sale for sale in shop.till.shown() if "voided" in sale] == ["WEB-3 voided 12.00"]


@pytest.mark.thorough
def test_a_payment_method_that_the_settings_send_nowhere_is_said_by_the_preview_and_by_the_doctor(
    desk: Desk, shop: Lightspeed
) -> None:
    desk.write("orders.json", page(order(1, [mug()])))
    wrong = reaching(shop, lightspeed_x_payment_types="stripe=Web card")
    says = (
        "COUNTERFOIL_LIGHTSPEED_X_PAYMENT_TYPES names 'Web card', and the shop has the payment types 'Cash', 'Web shop'"
    )

    assert says in desk.ask("run", "orders", "orders.json", *TILL, code=2, **wrong)["says"]
    checks = desk.ask("doctor", code=2, **wrong)["checks"]
    assert [each["state"] for each in checks if says in each["says"]] == ["fails"]


def buyers_of(shop: Lightspeed) -> dict[str, str]:
    """Return the last name of each sale's customer, by invoice number; empty where it has none."""
    names = {each["id"]: each["last_name"] for each in shop.customers.customers.values()}
    return {each["invoice_number"]: names.get(each.get("customer_id"), "") for each in shop.till.sales.values()}


@pytest.mark.thorough
def test_new_sales_are_linked_to_whoever_has_the_address_of_the_buyer_where_the_settings_say_so(
    desk: Desk, shop: Lightspeed
) -> None:
    for name, email in (("Ada", "Ada@example.com"), ("Bo", "family@example.com"), ("Cy", "family@example.com")):
        shop.customers.create({"first_name": "", "last_name": name, "email": email})
    bought = [("1", "ada@example.com"), ("2", "family@example.com"), ("3", "new@example.com")]
    pages = [order(int(number), [mug()], billing={"email": email}) for number, email in bought]
    desk.write("first.json", page(pages[0]))
    desk.write("orders.json", page(*pages))

    desk.ask("run", "orders", "first.json", *APPLY, **reaching(shop))
    linking = reaching(shop, lightspeed_x_buyers="link")
    run = desk.ask("run", "orders", "orders.json", *APPLY, **linking)

    assert (run["changes"]["created"], run["changes"]["unchanged"], run["discrepancies"]) == (2, 1, [])
    assert buyers_of(shop) == {"WEB-1": "", "WEB-2": "", "WEB-3": ""}, "what is there stays, who is not one is nobody"

    desk.write("later.json", page(order(4, [mug()], billing={"email": "ADA@example.com"})))
    desk.ask("run", "orders", "later.json", *APPLY, **linking)
    assert buyers_of(shop)["WEB-4"] == "Ada"


@pytest.mark.thorough
def test_a_refund_is_booked_though_the_buyer_of_its_closed_sale_became_a_customer_since(
    desk: Desk, shop: Lightspeed
) -> None:
    sold, billing = mug(quantity=3), {"email": "ada@example.com"}
    desk.write("orders.json", page(order(1, [sold], billing=billing)))
    desk.ask("run", "orders", "orders.json", *APPLY, **reaching(shop))
    shop.customers.create({"first_name": "", "last_name": "Ada", "email": "ada@example.com"})
    back = refund(90, "12.00", [returned(91, 1, -1, "-10.00", "-2.00", product_id=7, sku="mug", name="Mug")])
    desk.write("orders.json", page(order(1, [sold], [back], billing=billing) | {"refunds": [back]}))

    booking = reaching(shop, lightspeed_x_buyers="link", lightspeed_x_returns="book")
    run = desk.ask("run", "orders", "orders.json", *APPLY, **booking)

    assert (run["changes"]["updated"], run["changes"]["held"], run["discrepancies"]) == (1, 0, [])
    assert len(shop.till.shown()) == 2, "the sale, and what was paid back of it"
    assert set(buyers_of(shop).values()) == {""}


@pytest.mark.thorough
def test_a_web_shop_is_compared_with_the_sales_of_lightspeed(desk: Desk, shop: Lightspeed) -> None:
    for number in range(1, 8):
        shop.till.add_product(f"SKU-{number}", stock=10)
    with woocommerce(Fake(shop=a_shop(4))) as web:
        keys = {"woo_url": web.url, "woo_key": web.keys.key, "woo_secret": web.keys.secret}
        both = reaching(shop, lightspeed_x_domain_prefix="acme", **keys)
        synced = desk.ask("sync-orders", "--since", "2024-02-01", *APPLY, **both)
        assert (synced["outcome"], synced["changes"]["created"]) == ("applied", 4)
        compare = ("reconcile-orders", "--from", "2024-02-01", *TILL)
        assert desk.ask(*compare, **both)["says"] == "4 orders agree; 0 missing, 0 different, 0 gone"

        web.shop.trash(1)
        sold = {sale["source"]["id"]: sale for sale in shop.till.sales.values()}
        sold["2"]["line_items"][0]["quantity"] = 3
        del shop.till.sales[sold["3"]["id"]]
        found = desk.ask(*compare, code=4, **both)

    assert found["says"] == "1 order agrees; 1 missing, 1 different, 1 gone"


@pytest.mark.thorough
def test_a_restore_waits_for_a_person_where_it_is_not_known_what_became_of_a_sale(desk: Desk, shop: Lightspeed) -> None:
    desk.write("orders.json", page(order(1, [mug(quantity=2)]), order(2, [mug()])))
    shop.trouble = [Trouble("drop", method="POST", path="stock_adjustments$")]
    run = desk.ask("run", "orders", "orders.json", *APPLY, "--stock", "neutral", code=4, **reaching(shop))
    assert run["changes"]["unknown"] == 1

    restored = desk.ask("restore", run["run_id"], "--mode", "apply", code=3, **reaching(shop))

    assert [each["code"] for each in restored["concerns"]] == ["RESTORE_UNKNOWN"]
    assert restored["changes"]["updated"] == 1

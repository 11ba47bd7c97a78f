"""How a WooCommerce shop is asked, beside a shop over real HTTP that behaves as a running 11.0.1 did."""

import json
import re
import ssl
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.connectors.woocommerce.api import MARK, WooCommerce, open_woocommerce
from infra.http.transport import Edge, Http, Site
from infra.settings import Settings
from schemas.problems import Declined, Problem, Refused, SettingsNeedFixing, Unanswered, Unavailable
from tests.fakes.scripted import Reply, scripted
from tests.fakes.woo_orders import a_line, a_product, a_refund, a_shop, a_variation, an_order, give_back
from tests.fakes.woo_shop import Shop
from tests.fakes.woocommerce import Fake, Trouble, woocommerce
from tests.mailing.post_office import make_certificate

ALL = {"before": "2030-01-01T00:00:00", "dates_are_gmt": "true"}


def certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    made = make_certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    return context, made


def shop_at(fake: Fake, **settings: Any) -> WooCommerce:
    keys = {"woo_url": fake.url, "woo_key": fake.keys.key, "woo_secret": fake.keys.secret}
    return open_woocommerce(Settings(**{**keys, **settings}), Edge(sleep=lambda _: None))


def ids(page: Any) -> list[object]:
    return [item["id"] for item in page.items]


# who asks


@pytest.mark.parametrize("place", ["header", "query"])
def test_over_plain_http_requests_are_signed_and_the_secret_never_travels(place: str):
    with woocommerce(Fake(shop=a_shop(3))) as fake:
        shop = shop_at(fake, woo_keys_in=place)
        assert ids(shop.orders(ALL | {"search": "ö & b+c ~x"}, 1)) == [1, 2, 3]
        assert fake.keys.secret not in repr(fake.asked)
    assert len(fake.keys.nonces) == 2


@pytest.mark.parametrize("place", ["header", "query"])
def test_over_tls_the_keys_themselves_are_sent_where_the_settings_say(tmp_path: Path, place: str):
    context, ca_file = certificate(tmp_path)
    with woocommerce(Fake(shop=a_shop(3), tls=context)) as fake:
        shop = shop_at(fake, woo_keys_in=place, woo_ca_file=ca_file)
        assert ids(shop.orders(ALL, 1)) == [1, 2, 3]
    assert all((fake.keys.secret in repr(request.params)) == (place == "query") for request in fake.asked)


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path):
    context, _ = certificate(tmp_path)
    with woocommerce(Fake(tls=context)) as fake, pytest.raises(Refused, match="certificate that nobody vouches for"):
        shop_at(fake).orders(ALL, 1)


def test_a_server_that_keeps_the_header_is_named_as_a_possible_reason_and_the_query_gets_through():
    with woocommerce(Fake(shop=a_shop(1), strips_header=True)) as fake:
        with pytest.raises(Declined, match="COUNTERFOIL_WOO_KEYS_IN=query") as caught:
            shop_at(fake).orders(ALL, 1)
        assert caught.value.code == "woocommerce_rest_cannot_view"
        assert ids(shop_at(fake, woo_keys_in="query").orders(ALL, 1)) == [1]


def test_over_plain_http_another_address_than_the_shops_own_is_named_as_a_possible_reason():
    """It checks the signature with the address of its settings, whatever name it was called by."""
    with woocommerce(Fake(shop=a_shop(1))) as fake:
        alias = fake.url.replace("127.0.0.1", "localhost")
        with pytest.raises(Declined, match="COUNTERFOIL_WOO_URL must be just that"):
            shop_at(fake, woo_url=alias).orders(ALL, 1)


def test_keys_that_may_only_read_do():
    with woocommerce(Fake(shop=a_shop(1))) as fake:
        fake.keys.may = "read"
        shop = shop_at(fake)
        assert ids(shop.orders(ALL, 1)) == [1]
        with pytest.raises(Declined, match="refused a note on an order"):
            shop.add_note("1", "x")


def test_without_a_shop_in_the_settings_its_settings_are_named():
    with pytest.raises(SettingsNeedFixing, match="COUNTERFOIL_WOO_URL"):
        open_woocommerce(Settings())


# where the shop is


@pytest.mark.parametrize("folder", ["", "/shop", "/a/b"])
@pytest.mark.parametrize("route", ["permalinks", "index", "rest_route"])
def test_a_shop_is_found_in_its_folder_whatever_its_permalinks(folder: str, route: str):
    """Signed over plain http: WooCommerce checks a signature with its own address, which has no stroke at its end."""
    ways = {"permalinks": route == "permalinks", "index": route == "index", "sees_plain_keys": True}
    with woocommerce(Fake(shop=a_shop(2), folder=folder, **ways)) as fake:
        shop = shop_at(fake)
        assert ids(shop.orders(ALL, 1)) == [1, 2]
        assert shop.route == route


def test_a_shop_that_sees_no_keys_without_permalinks_is_told_so():
    with woocommerce(Fake(shop=a_shop(2), permalinks=False)) as fake, pytest.raises(Declined, match="Permalinks"):
        shop_at(fake).orders(ALL, 1)


@pytest.mark.parametrize("page", [Reply(404, "<html>"), Reply(404, '{"code":"rest_no_route"}')])
def test_a_site_that_is_no_shop_is_told_so(page: Reply):
    with scripted(page, page, page) as server, pytest.raises(Refused, match="No WooCommerce answers at"):
        open_woocommerce(Settings(woo_url=server.url, woo_key="k", woo_secret="s")).orders(ALL, 1)


def test_a_shop_too_old_to_tell_what_changed_is_refused_and_named():
    with (
        woocommerce(Fake(shop=a_shop(1, honours_modified_after=False))) as fake,
        pytest.raises(Refused, match=r"older than 5\.8"),
    ):
        shop_at(fake).orders(ALL, 1)


# lists


def test_pages_are_oldest_id_first_with_the_total_of_the_list():
    with woocommerce(Fake(shop=a_shop(250))) as fake:
        pages = [shop_at(fake).orders(ALL, number) for number in (1, 2, 3)]
    assert [ids(page) for page in pages] == [[*range(1, 101)], [*range(101, 201)], [*range(201, 251)]]
    assert [page.total for page in pages] == [250, 250, 250]


@pytest.mark.parametrize("legacy", [True, False])
def test_the_total_of_a_page_past_the_end_is_never_taken(legacy: bool):
    with woocommerce(Fake(shop=a_shop(3, legacy=legacy))) as fake:
        page = shop_at(fake).orders(ALL, 2)
    assert (page.items, page.total) == ((), None)


def test_an_empty_list_has_a_total_of_none():
    with woocommerce(Fake(shop=Shop())) as fake:
        assert shop_at(fake).orders(ALL, 1).total == 0


@pytest.mark.parametrize("hours", [-8, 0, 1, 12])
def test_times_are_utc_wherever_the_shop_is(hours: int):
    with woocommerce(Fake(shop=a_shop(5, hours=hours))) as fake:
        query = {"modified_after": "2024-03-01T08:03:00", "dates_are_gmt": "true"}
        assert ids(shop_at(fake).orders(query, 1)) == [4, 5]


def test_what_the_shop_sent_is_kept_byte_by_byte_and_prices_are_exact():
    with woocommerce(Fake(shop=Shop())) as fake:
        fake.shop.put(an_order(7, a_line(70, 1, "A", net="39.92") | {"price": 7.992}))
        page = shop_at(fake).orders(ALL, 1)
    lines: Any = page.items[0]["line_items"]
    assert lines[0]["price"] == Decimal("7.992")
    assert b'"price": 7.992' in page.content
    assert "Björk".encode() in page.content


def test_no_cache_may_answer():
    with woocommerce(Fake(shop=a_shop(1))) as fake:
        shop_at(fake).orders(ALL, 1)
    assert {request.headers["Cache-Control"] for request in fake.asked} == {"no-cache"}


@pytest.mark.parametrize("kind", ["drop", "maintenance", "web page", "cut", "error", "busy seconds", "busy date"])
def test_a_list_is_asked_for_again_when_something_is_in_the_way(kind: Any):
    with woocommerce(Fake(shop=a_shop(3))) as fake:
        shop = shop_at(fake)
        shop.orders(ALL, 1)
        fake.trouble = [Trouble(kind, path="orders", times=2)]
        assert ids(shop.orders(ALL, 1)) == [1, 2, 3]


def test_what_stands_in_the_way_for_good_is_told_without_a_word_of_its_page():
    with woocommerce(Fake(shop=a_shop(3))) as fake:
        shop = shop_at(fake)
        shop.orders(ALL, 1)
        for kind in ("firewall", "error", "web page"):
            fake.trouble = [Trouble(kind, times=9)]
            with pytest.raises(Unavailable) as caught:
                shop.orders(ALL, 1)
            assert "ada" not in str(caught.value)


def test_one_order_is_found_in_the_trash_too_and_one_that_is_no_more_is_none():
    with woocommerce(Fake(shop=a_shop(2))) as fake:
        fake.shop.trash(2)
        shop = shop_at(fake)
        found = shop.order("2")
        assert (found and found.data["status"], shop.order("9")) == ("trash", None)  # type: ignore[index]
        assert ids(shop.orders(ALL, 1)) == [1]


def test_all_refunds_of_an_order_come_and_none_of_one_that_is_gone():
    with woocommerce(Fake(shop=a_shop(2))) as fake:
        give_back(fake.shop, 1, *(a_refund(100 + n, "0.01") for n in range(203)))
        shop = shop_at(fake)
        assert [refund["id"] for refund in json.loads(shop.refunds("1"))] == [*range(100, 303)]
        assert (shop.refunds("2"), shop.refunds("9")) == (b"[]", b"[]")


def test_a_page_that_is_not_full_is_not_the_last_where_the_shop_cannot_show_some():
    with woocommerce(Fake(shop=a_shop(1, unreadable={105, 301}))) as fake:
        give_back(fake.shop, 1, *(a_refund(100 + n, "0.01") for n in range(203)))
        assert len(json.loads(shop_at(fake).refunds("1"))) == 201


@pytest.mark.parametrize("decimals", [0, 2, 4])
def test_amounts_come_with_the_decimals_of_the_currency_whatever_the_shop_shows(decimals: int):
    with woocommerce(Fake(shop=Shop(price_decimals=decimals))) as fake:
        fake.shop.put(an_order(7, a_line(70, 1, "A", net="39.92", tax="7.98")))
        give_back(fake.shop, 7, a_refund(71, "12.34"))
        shop = shop_at(fake)
        listed, found = shop.orders(ALL, 1).items[0], shop.order("7")
        assert (listed["total"], found and found.data["total"]) == ("47.90", "47.90")  # type: ignore[index]
        assert [refund["amount"] for refund in json.loads(shop.refunds("7"))] == ["12.34"]


def test_products_and_variations_are_found_by_sku():
    with woocommerce(Fake(shop=Shop())) as fake:
        fake.shop.products = {n: a_product(n, f"S{n}") for n in (1, 2, 3)}
        fake.shop.variations = {2: {20: a_variation(20, 2, "V20"), 21: a_variation(21, 2, "V21")}}
        shop = shop_at(fake)
        assert ids(shop.products({"sku": "S1,V20"}, 1)) == [1, 20]
        assert ids(shop.variations("2", {}, 1)) == [20, 21]


# changes


def test_a_note_is_for_the_shops_people_only_and_moves_nothing_but_a_mark_does():
    with woocommerce(Fake(shop=a_shop(1))) as fake:
        shop, before = shop_at(fake), fake.shop.orders[1]["date_modified_gmt"]
        shop.add_note("1", "Please sync again.")
        assert fake.shop.orders[1]["date_modified_gmt"] == before
        shop.mark("1", "run7")
        assert fake.shop.orders[1]["date_modified_gmt"] > before
        assert [(note["note"], note["customer_note"]) for note in shop.notes("1")] == [("Please sync again.", False)]
    assert fake.shop.orders[1]["meta_data"] == [{"id": 1, "key": MARK, "value": "run7"}]


@pytest.mark.parametrize("legacy", [True, False])
def test_a_mark_moves_the_date_of_change_unless_orders_are_stored_in_posts(legacy: bool):
    with woocommerce(Fake(shop=a_shop(1, legacy=legacy))) as fake:
        shop, before = shop_at(fake), fake.shop.orders[1]["date_modified_gmt"]
        shop.mark("1", "run7")
        assert (fake.shop.orders[1]["date_modified_gmt"] > before) == (not legacy)
        assert shop.stores_orders_in == ("posts" if legacy else "tables")


def test_a_shop_that_does_not_tell_how_it_stores_orders_is_not_guessed_at():
    with woocommerce(Fake(shop=a_shop(1))) as fake:
        shop = shop_at(fake)
        shop.orders(ALL, 1)
        fake.trouble = [Trouble("firewall", path="system_status", times=9)]
        assert shop.stores_orders_in == "unknown"


def test_a_note_whose_answer_is_lost_is_written_once_and_found_again():
    with woocommerce(Fake(shop=a_shop(1))) as fake:
        fake.trouble = [Trouble("drop after", method="POST")]
        shop = shop_at(fake)
        with pytest.raises(Unanswered):
            shop.add_note("1", "Please sync again.")
        assert len(shop.notes("1")) == 1


def test_a_mark_whose_answer_is_lost_is_written_again():
    with woocommerce(Fake(shop=a_shop(1))) as fake:
        fake.trouble = [Trouble("drop after", method="PUT"), Trouble("error after", method="PUT")]
        shop_at(fake).mark("1", "run7")
    assert len(fake.paths("PUT")) == 3
    assert len(fake.shop.orders[1]["meta_data"]) == 1


def test_each_change_of_a_batch_is_told_by_itself():
    with woocommerce(Fake(shop=Shop())) as fake:
        fake.shop.products = {1: a_product(1, "A"), 2: a_product(2, "B")}
        changes = [{"id": 1, "sku": "B"}, {"id": 2, "name": "Cup"}, {"id": 9, "name": "Cup"}]
        updated = shop_at(fake).update_batch("products", changes)  # type: ignore[arg-type]
    codes = [item.get("error", {}).get("code") for item in updated]  # type: ignore[attr-defined]
    assert codes == ["product_invalid_sku", None, "woocommerce_rest_product_invalid_id"]


@pytest.mark.parametrize("kind", ["drop after", "error after", "web page", "cut"])
def test_a_batch_whose_answer_is_lost_is_never_sent_again(kind: Any):
    with woocommerce(Fake(shop=Shop())) as fake:
        fake.shop.products = {1: a_product(1, "A")}
        fake.trouble = [Trouble(kind, method="POST")]
        with pytest.raises(Unanswered):
            shop_at(fake).update_batch("products", [{"id": 1, "name": "Cup"}])
    assert len(fake.paths("POST")) == 1


def test_more_than_a_hundred_at_once_are_refused_by_the_shop():
    with woocommerce(Fake(shop=Shop())) as fake, pytest.raises(Declined) as caught:
        shop_at(fake).update_batch("products", [{"id": n} for n in range(101)])
    assert (caught.value.status, caught.value.code) == (413, "woocommerce_rest_request_entity_too_large")


def test_ids_that_are_no_numbers_lead_nowhere_else():
    with woocommerce(Fake(shop=a_shop(1))) as fake, pytest.raises((ValueError, Problem)):
        shop_at(fake).order("1/notes")
    assert fake.paths() == []


# what stands before a shop

PAGES = {
    "a bot check": (200, b"<!DOCTYPE html><html><head><title>Just a moment...</title>", Unavailable, "Just a moment"),
    "a firewall": (403, b"<html><head><title>Request blocked</title>", Unavailable, "Request blocked"),
    "a notice of PHP": (200, b"<br />\n<b>Notice</b>: x in y.php on line 1<br />\n[]", Unavailable, "WP_DEBUG_DISPLAY"),
}


@pytest.mark.parametrize("what", [*PAGES])
def test_what_stands_before_a_shop_is_named_and_nobody_is_sent_to_the_keys(what: str):
    status, content, problem, says = PAGES[what]
    answer = httpx.Response(status, content=content, headers={"Content-Type": "text/html"})
    edge = Edge(transport=httpx.MockTransport(lambda _: answer), sleep=lambda _: None)
    shop = WooCommerce(Http(Site(name="The web shop", url="https://shop.example"), edge), 2)
    with pytest.raises(problem, match=re.escape(says)) as raised:
        shop.orders({}, 1)
    assert "keys" not in str(raised.value)


def test_a_page_that_passes_by_itself_is_not_noticed_once_the_shop_was_found():
    answers = iter([b"[]", b"<html><title>Briefly unavailable</title>", b"[]"])

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=next(answers), headers={"X-WP-Total": "0"})

    edge = Edge(transport=httpx.MockTransport(answer), sleep=lambda _: None)
    assert WooCommerce(Http(Site(name="The web shop", url="https://shop.example"), edge), 2).orders({}, 1).items == ()

"""A shop whose cache leaves out part of an address, and that tells no totals: no list of it is read for ever."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

import pytest

from infra.connectors.woocommerce.api import WooCommerce, open_woocommerce
from infra.http.transport import Edge
from infra.settings import Settings
from schemas.orders.pages import OrdersAsked
from schemas.problems import Refused
from tasks.orders.crawl import walk_list
from tests.fakes.scripted import Asked, Reply, scripted
from tests.fakes.woo_orders import a_shop
from tests.fetching.walks import walking

ENOUGH = 12
"""Requests after which a list of one or two pages must have ended."""
ORDERS = json.loads(a_shop(150).list_orders({"orderby": "id", "order": "asc", "per_page": "100"})[0])


@dataclass(frozen=True)
class Served:
    """The shop that a scripted server stands for."""

    url: str

    def connect(self) -> WooCommerce:
        keys = {"woo_url": self.url, "woo_key": "k", "woo_secret": "s"}
        return open_woocommerce(Settings(**keys), Edge(sleep=lambda _: None))


def without(*left_out: str) -> Callable[[Asked], Reply]:
    """Answer for a list of a hundred, as if these parameters had not been said."""

    def answer(asked: Asked) -> Reply:
        query = {name: values[0] for name, values in parse_qs(asked.query).items() if name not in left_out}
        shown = ORDERS[int(query.get("offset", "0")) :] if query.get("page", "1") == "1" else []
        knocks = query.get("modified_after", "").startswith("2035")
        return Reply(body=json.dumps([] if knocks else shown))

    return answer


@pytest.mark.parametrize("left_out", ["page", "offset"])
def test_a_list_whose_parts_are_all_the_same_ends_in_words(left_out: str):
    with (
        scripted(*[without(left_out)] * ENOUGH) as server,
        walking(Served(server.url)),
        pytest.raises(Refused, match=r"same part of a list.*lets addresses through to /wp-json/ whole"),
    ):
        walk_list("r", OrdersAsked())


def test_refunds_whose_pages_are_all_the_same_end_in_words():
    with scripted(*[without("page")] * ENOUGH) as server, pytest.raises(Refused, match="same part of a list"):
        Served(server.url).connect().refunds("1")


def test_a_list_that_tells_no_total_and_takes_all_of_an_address_is_read_to_its_end():
    with scripted(*[without()] * ENOUGH) as server, walking(Served(server.url)):
        assert walk_list("r", OrdersAsked()).seen.height == 100

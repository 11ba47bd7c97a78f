"""A WooCommerce in this very process, over a wire of the test's own: quick enough for many walks, and by its own clock.

``wire.between`` is called before each request is answered, and may change the shop and the time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx

from infra.connectors.woocommerce.api import WooCommerce
from infra.http.transport import Edge, Http, Site
from tests.fakes.woo_shop import Fault, Shop
from tests.fakes.woocommerce import Request, respond


@dataclass
class Wire:
    """The shop, what time it is there, and how many requests it got."""

    shop: Shop
    now: datetime = datetime(2024, 5, 1, 12, 0, 0, tzinfo=UTC)
    between: Callable[[], None] = lambda: None
    asked: list[Request] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shop.clock = lambda: self.now

    def pass_by(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def connect(self) -> WooCommerce:
        """Return the shop as we talk to it."""
        edge = Edge(transport=httpx.MockTransport(self._answer), sleep=lambda _: None)
        return WooCommerce(Http(Site(name="The web shop", url="https://shop.example"), edge), 2)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.between()
        place = request.url.path.removeprefix("/wp-json/wc/v3/")
        asked = Request(request.method, place, dict(request.url.params), {}, None)
        self.asked.append(asked)
        headers = {"Date": format_datetime(self.now, usegmt=True), "Content-Type": "application/json"}
        try:
            content, total, status = respond(self.shop, asked)
        except Fault as fault:
            return httpx.Response(fault.status, json=fault.document, headers=headers)
        return httpx.Response(status, content=content, headers=headers | {"X-WP-Total": str(total)})

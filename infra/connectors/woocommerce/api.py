"""A WooCommerce shop, by its REST interface v3: how it is asked and what its answers are.

What its orders mean is decided in ``tasks.core.orders``. Facts that shaped this: times are asked for in UTC
without a Z and with ``dates_are_gmt`` (a Z as well shifts them twice), they are exclusive and to the second;
the total of a page past the end can be 0; what a shop cannot show it leaves out of a page, so that only the total
tells which is the last; amounts have as many decimals as the shop shows its buyers, unless others are asked for;
pages are cached by some hosts; and a note alone moves nothing.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from typing import Literal

import httpx

from infra.connectors.web_lists import PER_PAGE, Page, every_page
from infra.connectors.woocommerce.answers import answered_at, expect_changes_are_told, listed
from infra.databases.errors import LATER
from infra.http.oauth import KeysInQuery, OAuth1
from infra.http.transport import Answer, Call, Edge, Effect, Http, Site
from infra.http.web_pages import what_came
from infra.settings import Settings
from schemas.orders.pages import Answered
from schemas.problems import Declined, Refused, SettingsNeedFixing, Unanswered, Unavailable
from tasks.core.reading.currencies import minor_digits

MARK = "_counterfoil_nudge"
"""The order's own field that moves its date of change, and by which a nudge is known again."""

_API = "wc/v3"
_NEVER = {"modified_after": "2035-01-01T00:00:00", "dates_are_gmt": "true", "per_page": "1", "_fields": "id"}
_BY_ID = {"orderby": "id", "order": "asc", "per_page": str(PER_PAGE)}

Method = Literal["POST", "PUT", "DELETE"]
Route = Literal["permalinks", "index", "rest_route"]
_PLACES: Mapping[Route, str] = {
    "permalinks": f"wp-json/{_API}/",
    "index": f"index.php/wp-json/{_API}/",
    "rest_route": "index.php",
}
"""Where the interface is: as most have it, where the server rewrites no addresses, and without permalinks."""

OrderStorage = Literal["tables", "posts", "unknown"]
"""How a shop stores orders: in tables of their own (HPOS), or the old way; some keys may not ask."""


class WooCommerce:
    """One shop. Threads may share it."""

    def __init__(self, http: Http, digits: int) -> None:
        """*digits* is how many decimals amounts are asked for in."""
        self._http = http
        self._dp = {"dp": str(digits)}

    @cached_property
    def route(self) -> Route:
        """How the shop's interface is reached; found out, and the shop judged, on first use.

        Raises:
            Refused: No WooCommerce is there, or one so old that it does not say what changed.
            Unavailable: A web page stands in its place.
        """
        odd = b""
        for route in _PLACES:
            answer = self._knock(route)
            if answer and isinstance(answer.data, list):
                expect_changes_are_told(answer)
                return route
            odd = odd or (answer.content if answer and answer.data is None else b"")
        if odd:
            raise Unavailable(
                f"{self._http.site.url} answered with {what_came(odd)}. If it is no shop at all, correct "
                f"COUNTERFOIL_WOO_URL (its front page). {LATER}"
            )
        raise Refused(
            f"No WooCommerce answers at {self._http.site.url}. Correct COUNTERFOIL_WOO_URL (the shop's front page), or "
            "switch the plugin and its REST interface on, then run again."
        )

    def orders(self, query: Mapping[str, str], number: int) -> Page:
        """Return a page of the list of orders, oldest id first."""
        return self._page("orders", {**query, **self._dp, **_BY_ID, "page": str(number)}, "the list of orders")

    def order_ids(self, query: Mapping[str, str], offset: int) -> Page:
        """Return ids of the list of orders from a place on; without anything else they come quickly."""
        part = {**query, **_BY_ID, "_fields": "id", "offset": str(offset), "page": "1"}
        return self._page("orders", part, "the list of orders")

    def time(self) -> str:
        """Return what time it is by the shop's own clock; empty where it does not say."""
        return answered_at(self._ask("orders", _NEVER, "the time"))

    def order(self, order_id: str) -> Answer | None:
        """Return one order, in whatever status, None where the shop has none of that id."""
        return self._found(f"orders/{int(order_id)}", self._dp, "an order")

    def refunds(self, order_id: str) -> bytes:
        """Return all refunds of an order as the shop sends them, one JSON list; empty where the order is gone."""
        place, query = f"orders/{int(order_id)}/refunds", {**self._dp, **_BY_ID}

        def ask(number: int) -> Page:
            return self._page(place, {**query, "page": str(number)}, "the refunds of an order")

        try:
            return b"[" + b",".join(page.content.strip()[1:-1] for page in every_page(ask) if page.items) + b"]"
        except Declined as no:
            if no.status != HTTPStatus.NOT_FOUND:
                raise
            return b"[]"

    def products(self, query: Mapping[str, str], number: int) -> Page:
        """Return a page of the list of products, oldest id first. Drafts are among them unless a status is asked."""
        return self._page("products", {**query, **_BY_ID, "page": str(number)}, "the list of products")

    def variations(self, product_id: str, query: Mapping[str, str], number: int) -> Page:
        """Return a page of the variations of a product."""
        place = f"products/{int(product_id)}/variations"
        return self._page(place, {**query, **_BY_ID, "page": str(number)}, "the variations of a product")

    def customers(self, query: Mapping[str, str]) -> Page:
        """Return a part of the list of customers, oldest id first, from the *offset* of the query on."""
        return self._page("customers", {**_BY_ID, "page": "1", **query}, "the list of customers")

    def customer(self, customer_id: str) -> Answer | None:
        """Return one user of the shop, None where it has none of that id."""
        return self._found(f"customers/{int(customer_id)}", {}, "a customer")

    def write_customer(self, method: Method, customer_id: str, fields: Mapping[str, object]) -> Answer:
        """Create (without an id), change or delete a customer; deleted is for good, there is no trash.

        Raises:
            Unanswered: It may be done all the same.
        """
        path = f"customers/{int(customer_id)}" if customer_id else "customers"
        query = {"force": "true"} if method == "DELETE" else {}
        return self._send(method, path, fields, "a write of a customer", "once", query)

    def setting(self, group: str, name: str) -> str:
        """Return a setting of the shop; empty where the keys may not look."""
        try:
            answer = self._ask(f"settings/{group}/{name}", {}, "a setting")
        except Declined:
            return ""
        return str(answer.data.get("value", "")) if isinstance(answer.data, dict) else ""

    @property
    def stores_orders_in(self) -> OrderStorage:
        """How orders are stored. In posts, a mark does not move the date by which others ask what changed."""
        in_tables = self._shop_settings.get("HPOS_enabled")
        return "unknown" if in_tables is None else "tables" if in_tables is True else "posts"

    @property
    def currency(self) -> str:
        """In which currency the shop sells; empty where it does not say."""
        return str(self._shop_settings.get("currency") or "")

    @cached_property
    def _shop_settings(self) -> Mapping[str, object]:
        """What the shop says of its settings; nothing where it does not let us look."""
        try:
            answer = self._ask("system_status", {"_fields": "settings"}, "the settings of the shop")
        except (Declined, Unavailable):
            return {}
        return answer.data.get("settings") or {} if isinstance(answer.data, dict) else {}

    def notes(self, order_id: str) -> tuple[Answered, ...]:
        """Return all notes of an order: they come on one page, whatever is asked."""
        return listed(self._ask(f"orders/{int(order_id)}/notes", {"type": "any"}, "the notes of an order"))

    def add_note(self, order_id: str, text: str) -> None:
        """Write a note that only the shop's people see: one for the buyer would be mailed.

        Raises:
            Unanswered: It may be there all the same; ``notes`` tells.
        """
        body = {"note": text, "customer_note": False, "added_by_user": True}
        self._send("POST", f"orders/{int(order_id)}/notes", body, "a note on an order", "once")

    def mark(self, order_id: str, value: str) -> None:
        """Write the order's mark. It moves its date of change, unless orders are stored in posts."""
        body = {"meta_data": [{"key": MARK, "value": value}]}
        self._send("PUT", f"orders/{int(order_id)}", body, "a mark on an order", "repeatable")

    def update_batch(self, place: str, items: Sequence[Mapping[str, object]]) -> tuple[Answered, ...]:
        """Change at most 100 things at once and return what became of each, in order: some may be errors.

        Raises:
            Unanswered: Some or all may be done; reading them tells.
        """
        answer = self._send(
            "POST", f"{place}/batch", {"update": list(items)}, f"a batch of {len(items)} changes", "once"
        )
        updated = answer.data.get("update") if isinstance(answer.data, dict) else None
        if not isinstance(updated, list) or len(updated) != len(items):
            raise Unanswered(f"{self._http.site.name} did not say what became of each change of a batch.")
        return tuple(updated)

    def _page(self, path: str, query: Mapping[str, str], what: str) -> Page:
        answer = self._ask(path, query, what)
        items = listed(answer)
        total = answer.headers.get("X-WP-Total", "")
        return Page(
            content=answer.content,
            items=items,
            total=int(total) if total.isdigit() and (items or query["page"] == "1") else None,
        )

    def _found(self, path: str, query: Mapping[str, str], what: str) -> Answer | None:
        try:
            return self._ask(path, query, what)
        except Declined as no:
            if no.status != HTTPStatus.NOT_FOUND:
                raise
            return None

    def _ask(self, path: str, query: Mapping[str, str], what: str) -> Answer:
        return self._http.ask(_call(self.route, path, query, what))

    def _send(
        self,
        method: Method,
        path: str,
        body: object,
        what: str,
        effect: Effect,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        call = _call(self.route, path, query or {}, what)
        content = json.dumps(body).encode() if body else b""
        return self._http.ask(
            Call(method=method, path=call.path, params=call.params, what=what, content=content, effect=effect)
        )

    def _knock(self, route: Route) -> Answer | None:
        """Ask for orders of the year 2035, in one of the ways; None where nobody is there."""
        call = _call(route, "orders", _NEVER, "the list of orders")
        try:
            answer = self._http.ask(Call(path=call.path, params=call.params, what=call.what, expects="file"))
            cut_off = answer.data is None and "json" in answer.headers.get("Content-Type", "")
            return self._http.ask(call) if cut_off else answer
        except Declined as no:
            if no.status == HTTPStatus.NOT_FOUND:
                return None
            raise Declined(f"{no.says}{self._hint(route, no.code)}", status=no.status, code=no.code) from None

    def _hint(self, route: Route, code: str) -> str:
        """Say what else than the keys may be the reason."""
        if code == "woocommerce_rest_authentication_error":
            return "" if self._http.site.url.lower().startswith("https://") else _ADDRESS_HINT
        return _PERMALINKS_HINT if route == "rest_route" else _KEYS_HINT


_ADDRESS_HINT = (
    " If they are right: over plain http the shop checks a signature by its own address. COUNTERFOIL_WOO_URL must be "
    "just that (Settings > General in WordPress), and both clocks right to a quarter of an hour. https needs neither."
)
_KEYS_HINT = " If they are right, the server may keep them from the shop: set COUNTERFOIL_WOO_KEYS_IN=query."
_PERMALINKS_HINT = (
    " If they are right: the shop's permalinks are plain, and WooCommerce before 11.1 looks at no keys there. Choose "
    "any other in WordPress (Settings > Permalinks), then run again."
)


def open_woocommerce(settings: Settings, edge: Edge | None = None) -> WooCommerce:
    """Return the shop of the settings.

    Raises:
        SettingsNeedFixing: The settings name no shop, or no keys.
    """
    key, secret = settings.woo_key, settings.woo_secret.get_secret_value()
    if not (settings.woo_url and key and secret):
        raise SettingsNeedFixing(
            "No web shop is set. Set COUNTERFOIL_WOO_URL, COUNTERFOIL_WOO_KEY and COUNTERFOIL_WOO_SECRET, then run "
            "again."
        )
    site = Site(
        name="The web shop",
        url=settings.woo_url,
        auth=_keys(settings.woo_url, key, secret, settings.woo_keys_in),
        headers={"Cache-Control": "no-cache"},
        ca_file=settings.woo_ca_file,
        timeout_seconds=settings.woo_timeout_seconds,
        per_minute=settings.woo_requests_per_minute,
    )
    return WooCommerce(Http(site, edge), minor_digits(settings.currency))


def _keys(url: str, key: str, secret: str, place: Literal["header", "query"]) -> httpx.Auth:
    """Over plain http the secret itself must never travel, and WooCommerce would not take it."""
    if not url.lower().startswith("https://"):
        return OAuth1(key, secret, place)
    return httpx.BasicAuth(key, secret) if place == "header" else KeysInQuery(key, secret)


def _call(route: Route, path: str, query: Mapping[str, str], what: str) -> Call:
    if route == "rest_route":
        return Call(path=_PLACES[route], params={"rest_route": f"/{_API}/{path}", **query}, what=what)
    return Call(path=f"{_PLACES[route]}{path}", params=query, what=what)

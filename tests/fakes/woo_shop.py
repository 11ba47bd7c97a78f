"""What a WooCommerce shop holds and how its lists behave, after what was seen on a running 11.0.1 with HPOS.

Where nothing was seen, after its source: texts are cleaned as they are saved, a SKU is one in any case and free
again in the trash, a batch moves a variation to the product it is sent to, and parents are not looked for.

No HTTP here: see ``tests.fakes.woocommerce``.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.fakes.woo_customers import Users
from tests.fakes.woo_faults import Fault

Thing = dict[str, Any]
HIDDEN = {"trash", "auto-draft", "checkout-draft"}
STATUSES = {"any", "trash", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"}
AMOUNTS = {"subtotal", "subtotal_tax", "total", "total_tax", "shipping_total", "shipping_tax", "cart_tax", "amount"}
FORMAT = "%Y-%m-%dT%H:%M:%S"


@dataclass
class Shop:
    """The state. Tests change it at will, also between two requests."""

    hours: int = 1
    """How far the shop's own time is ahead of UTC."""
    legacy: bool = False
    currency: str = "EUR"
    """Legacy storage keeps the true total past the end of a list, and metadata do not move an order's date."""
    price_decimals: int = 2
    """As many does the shop show its buyers; orders tell amounts in so many, unless others are asked for."""
    unreadable: set[int] = field(default_factory=set)
    """What the shop counts in its lists and cannot show."""
    honours_modified_after: bool = True
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    orders: dict[int, Thing] = field(default_factory=dict)
    refunds: dict[int, list[Thing]] = field(default_factory=dict)
    notes: dict[int, list[Thing]] = field(default_factory=dict)
    products: dict[int, Thing] = field(default_factory=dict)
    variations: dict[int, dict[int, Thing]] = field(default_factory=dict)
    users: Users = field(default_factory=Users)
    _rendered: dict[int, bytes] = field(default_factory=dict)
    _walks: dict[tuple[tuple[str, str], ...], list[int]] = field(default_factory=dict)

    def put(self, *orders: Thing) -> None:
        for order in orders:
            self.orders[order["id"]] = order
            self._rendered.pop(order["id"], None)
        self._walks.clear()

    def delete(self, order_id: int) -> None:
        del self.orders[order_id]
        self._walks.clear()

    def trash(self, order_id: int) -> None:
        """What the screen's Move to trash does: the date of change stays."""
        self.put(self.orders[order_id] | {"status": "trash"})

    def touch(self, order_id: int, **changes: Any) -> None:
        self.put(self.orders[order_id] | changes | self._now("date_modified"))

    def list_orders(self, params: dict[str, str]) -> tuple[bytes, int]:
        """Return a page and the total it states."""
        page, size = _paging(params)
        walk = self._walk(params)
        first = int(params.get("offset") or (page - 1) * size)  # where both are asked, the offset counts
        part = walk[first : first + size]
        total = len(walk) if part or self.legacy or page == 1 else 0
        fields = params.get("_fields")
        shown = [i for i in part if i not in self.unreadable]
        if fields:
            rows = [{name: self.orders[i][name] for name in {"id", *fields.split(",")}} for i in shown]
            return json.dumps(rows).encode(), total
        digits = int(params.get("dp", self.price_decimals))
        return b"[" + b",".join(self._bytes(i, digits) for i in shown) + b"]", total

    def order(self, order_id: int, params: dict[str, str]) -> bytes:
        if order_id not in self.orders:
            raise Fault(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
        return self._bytes(order_id, int(params.get("dp", self.price_decimals)))

    def put_order(self, order_id: int, body: Thing) -> Thing:
        if order_id not in self.orders:
            raise Fault(400, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
        held = {entry["key"]: entry for entry in self.orders[order_id].get("meta_data", [])}
        held |= {entry["key"]: entry for entry in body.get("meta_data", [])}
        changes = {name: value for name, value in body.items() if name != "meta_data"}
        changes["meta_data"] = [{"id": n, **e} for n, e in enumerate(held.values(), start=1)]
        if self.legacy and "status" not in changes:
            self.put(self.orders[order_id] | changes)
        else:
            self.touch(order_id, **changes)
        return self.orders[order_id]

    def list_refunds(self, order_id: int, params: dict[str, str]) -> tuple[bytes, int]:
        digits = int(params.get("dp", self.price_decimals))
        return self._page_of([_rounded(each, digits) for each in self.refunds.get(order_id, [])], params)

    def list_notes(self, order_id: int) -> list[Thing]:
        if order_id not in self.orders:
            raise Fault(404, "woocommerce_rest_shop_order_invalid_id", "Invalid order ID.")
        return self.notes.get(order_id, [])[::-1]

    def add_note(self, order_id: int, body: Thing) -> Thing:
        """A comment is inserted; the order is not saved, so its date of change stays."""
        if order_id not in self.orders:
            raise Fault(404, "woocommerce_rest_order_invalid_id", "Invalid order ID.")
        notes = self.notes.setdefault(order_id, [])
        note = {
            "id": 1 + sum(map(len, self.notes.values())),
            "author": "shop",
            **self._now("date_created"),
            "note": body["note"],
            "customer_note": body.get("customer_note", False),
        }
        notes.append(note)
        return note

    def list_products(self, params: dict[str, str]) -> tuple[bytes, int]:
        wanted = params.get("status", "any")
        found = [p for p in self.products.values() if p["status"] == wanted or (wanted == "any" and not _gone(p))]
        if params.get("include"):
            found = [p for p in found if str(p["id"]) in params["include"].split(",")]
        if params.get("sku"):
            skus = params["sku"].casefold().split(",")
            alive = (
                v for parent, vs in self.variations.items() if not _gone(self.products[parent]) for v in vs.values()
            )
            found = [thing for thing in (*found, *alive) if thing["sku"].casefold() in skus]
        return self._page_of(found, params)

    def list_variations(self, product_id: int, params: dict[str, str]) -> tuple[bytes, int]:
        found = list(self.variations.get(product_id, {}).values())
        if params.get("include"):
            found = [v for v in found if str(v["id"]) in params["include"].split(",")]
        return self._page_of(map(_shown, found), params)

    def batch(self, parent_id: int | None, body: Thing) -> Thing:
        """Update products, or variations, one by one: each is told by itself, and what fails stops no other."""
        if sum(len(body.get(kind, [])) for kind in ("create", "update", "delete")) > 100:
            raise Fault(
                413,
                "woocommerce_rest_request_entity_too_large",
                "Unable to accept more than 100 items for this request.",
            )
        return {"update": [_shown(self._update_one(parent_id, item)) for item in body.get("update", [])]}

    def _update_one(self, parent_id: int | None, item: Thing) -> Thing:
        thing = self.products.get(item["id"]) if parent_id is None else self._taken_over(parent_id, item["id"])
        if thing is None or thing.get("locked"):
            code = "woocommerce_rest_product_invalid_id" if thing is None else "woocommerce_rest_cannot_edit"
            return {"id": item["id"], "error": {"code": code, "message": "Invalid ID.", "data": {"status": 400}}}
        others = [*self.products.values(), *(v for vs in self.variations.values() for v in vs.values())]
        same = [o for o in others if o["sku"].casefold() == item.get("sku", "").casefold() and not _gone(o)]
        if item.get("sku") and any(o["id"] != item["id"] for o in same):
            data = {"status": 400, "resource_id": 0, "unique_sku": f"{item['sku']}-1"}
            return {
                "id": item["id"],
                "error": {"code": "product_invalid_sku", "message": "Invalid or duplicated SKU.", "data": data},
            }
        thing.update(_cleaned(item))
        if thing["type"] in ("variable", "grouped"):
            thing["regular_price"] = ""
        thing["price"] = thing.get("sale_price") or thing.get("regular_price", "")
        if thing.get("manage_stock") is True:
            thing["stock_quantity"] = int(thing["stock_quantity"] or 0)
            thing["stock_status"] = "instock" if thing["stock_quantity"] > 0 else "outofstock"
        else:
            thing["stock_quantity"] = None
        thing.update(self._now("date_modified"))
        return thing

    def _taken_over(self, parent_id: int, variation_id: int) -> Thing | None:
        """Find a variation wherever it is, and make it one of this product."""
        for held in self.variations.values():
            if variation_id in held:
                self.variations.setdefault(parent_id, {})[variation_id] = held.pop(variation_id)
                break
        return self.variations.get(parent_id, {}).get(variation_id)

    def _page_of(self, things: Iterable[Thing], params: dict[str, str]) -> tuple[bytes, int]:
        page, size = _paging(params)
        found = sorted(things, key=lambda thing: thing["id"], reverse=params.get("order", "desc") == "desc")
        part = [thing for thing in found[(page - 1) * size : page * size] if thing["id"] not in self.unreadable]
        return json.dumps(part).encode(), len(found)

    def _walk(self, params: dict[str, str]) -> list[int]:
        """Return the ids of a list in its order, worked out once per list."""
        query = {
            k: v
            for k, v in params.items()
            if k not in ("page", "per_page", "offset", "_fields", "dp") and "oauth" not in k
        }
        place = tuple(sorted(query.items()))
        if place not in self._walks:
            self._walks[place] = self._filtered(query)
        return self._walks[place]

    def _filtered(self, query: dict[str, str]) -> list[int]:
        statuses = set(query.get("status", "any").split(","))
        if not statuses <= STATUSES:
            raise Fault(400, "rest_invalid_param", "Invalid parameter(s): status", params={"status": "not one of"})
        found = [o for o in self.orders.values() if o["status"] in statuses or _counts(statuses, o)]
        bounds = [("after", "created", 1), ("before", "created", -1), ("modified_after", "modified", 1)]
        for name, which, sign in [*bounds, ("modified_before", "modified", -1)]:
            if name in query and not (name == "modified_after" and not self.honours_modified_after):
                bound = self._utc(name, query)
                found = [o for o in found if _compare(o[f"date_{which}_gmt"], bound) == sign]
        if query.get("include"):
            found = [o for o in found if str(o["id"]) in query["include"].split(",")]
        by = {"id": "id", "modified": "date_modified_gmt", "date": "date_created_gmt"}[query.get("orderby", "date")]
        found.sort(key=lambda o: (o[by], o["id"]), reverse=query.get("order", "desc") == "desc")
        return [o["id"] for o in found]

    def _utc(self, name: str, query: dict[str, str]) -> str:
        """Read a bound as WooCommerce does: by the shop's own time unless told otherwise, and twice if told twice."""
        text = query[name]
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?", text):
            raise Fault(400, "rest_invalid_param", f"Invalid parameter(s): {name}", params={name: "Invalid date."})
        at = datetime.fromisoformat(text)
        gmt = query.get("dates_are_gmt") == "true"
        if at.tzinfo:
            at = (at.astimezone(UTC) + timedelta(hours=self.hours if gmt else 0)).replace(tzinfo=None)
        elif not gmt:
            at -= timedelta(hours=self.hours)
        return at.strftime(FORMAT)

    def _bytes(self, order_id: int, digits: int) -> bytes:
        if order_id not in self._rendered:
            self._rendered[order_id] = json.dumps(self.orders[order_id], ensure_ascii=False).encode()
        if digits == 2:
            return self._rendered[order_id]
        return json.dumps(_rounded(self.orders[order_id], digits), ensure_ascii=False).encode()

    def _now(self, field_name: str) -> Thing:
        at = self.clock()
        local = (at + timedelta(hours=self.hours)).strftime(FORMAT)
        return {field_name: local, f"{field_name}_gmt": at.strftime(FORMAT)}


def _rounded(thing: Any, digits: int) -> Any:
    """Tell amounts in so many decimals."""
    if isinstance(thing, list):
        return [_rounded(each, digits) for each in thing]
    if not isinstance(thing, dict):
        return thing
    amounts = {name: value for name, value in thing.items() if name in AMOUNTS and isinstance(value, str)}
    inner = {name: _rounded(value, digits) for name, value in thing.items()}
    return inner | {name: f"{Decimal(value):.{digits}f}" for name, value in amounts.items()}


def _cleaned(item: Thing) -> Thing:
    """Save texts as the shop does: as HTML, and SKUs without blanks at their ends."""
    texts = {name: re.sub(r"&(?!#?\w+;)", "&amp;", item[name]) for name in ("name", "description") if name in item}
    return item | texts | ({"sku": " ".join(item["sku"].split())} if "sku" in item else {})


def _shown(thing: Thing) -> Thing:
    """Show the description of a variation as pages do, also to who wants to edit it."""
    if thing.get("type") != "variation" or not thing["description"]:
        return thing
    return thing | {"description": f"<p>{thing['description']}</p>\n"}


def _paging(params: dict[str, str]) -> tuple[int, int]:
    page, size = params.get("page", "1"), params.get("per_page", "10")
    for name, text, most in (("page", page, 10**9), ("per_page", size, 100)):
        if not (text.isdigit() and 1 <= int(text) <= most):
            raise Fault(400, "rest_invalid_param", f"Invalid parameter(s): {name}", params={name: "out of bounds"})
    return int(page), int(size)


def _counts(statuses: set[str], order: Thing) -> bool:
    return "any" in statuses and order["status"] in STATUSES - HIDDEN


def _gone(thing: Thing) -> bool:
    return bool(thing["status"] == "trash")


def _compare(text: str, bound: str) -> int:
    return (text > bound) - (text < bound)

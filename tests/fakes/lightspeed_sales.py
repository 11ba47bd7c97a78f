"""The till of a Lightspeed Retail (X-Series): sales, products, stock and the lists they refer to, without HTTP.

Written after its specification of version 2026-07, and where that says nothing, after what the connector's page calls
assumed: a closed sale takes its products from the register's outlet, a voided one brings them back for good.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID, uuid5

from tests.fakes.lightspeed_cards import USER, Rule

Row = dict[str, Any]
_SPACE = UUID("7b1d2c66-43a9-5f0e-8a55-0f8d3f6a9b10")
SCOPES = (
    "sales:read sales:write products:read products:write inventory:read inventory:write outlets:read registers:read "
    "payment_types:read taxes:read users:read retailer:read"
)


def uid(name: str) -> str:
    """Return the id of whatever is called so."""
    return str(uuid5(_SPACE, name))


@dataclass
class Till:
    """One shop with an outlet, a register, taxes, and what it sells. Each change of a row gets the next version."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    page_rows: int = 1000
    voids_closed: bool = True
    sales: dict[str, Row] = field(default_factory=dict)
    products: dict[str, Row] = field(default_factory=dict)
    levels: dict[tuple[str, str], Row] = field(default_factory=dict)
    adjustments: list[Row] = field(default_factory=list)
    reasons: list[Row] = field(default_factory=list)
    lists: dict[str, list[Row]] = field(default_factory=dict)
    _version: int = 70_000_000_000

    def __post_init__(self) -> None:
        self.lists = {
            "outlets": [self._outlet("Main street")],
            "registers": [],
            "payment_types": [self.payment_type("Web shop"), self.payment_type("Cash")],
            "taxes": [self.tax("No Tax", 0), self.tax("VAT 20", 0.2), self.tax("VAT 5.5", 0.055)],
            "users": [self.user("owner", USER)],
        }
        self.add_register("Counter", "Main street")
        self.retailer: Row = {
            "id": uid("retailer"),
            "name": "Acme",
            "currency": {"code": "EUR", "symbol": "€"},
            "tax_exclusive": False,
            "discount_product_id": uid("discount"),
        }
        self.add_product("discount", price=0, tracked=False, name="Discount")

    # -- what tests put into it -------------------------------------------------------------------------------------

    def add_register(self, name: str, outlet: str) -> None:
        row = {"id": uid(name), "name": name, "outlet_id": uid(outlet), "is_open": True, "version": self._next()}
        self.lists["registers"].append(row)

    def add_product(
        self, sku: str, *, price: float = 12.0, stock: float = 0, tracked: bool = True, name: str = "", **more: Any
    ) -> str:
        body = {"name": name or sku.title(), "sku": sku, "price_including_tax": price, **more}
        product = self._product(uid(sku), body)
        product["has_inventory"] = tracked
        self.products[product["id"]] = product
        if stock:
            self.move(product["id"], uid("Main street"), Decimal(str(stock)))
        return str(product["id"])

    def stock(self) -> dict[str, float]:
        """Return how much there is, by SKU, of what there is any or was any."""
        return {self.products[product]["sku"]: float(row["level"]) for (product, _), row in sorted(self.levels.items())}

    def shown(self) -> list[str]:
        """Draw the sales: number, state and total."""
        drawn = [f"{s['invoice_number']} {s['state']} {s['totals']['price_incl_tax']:.2f}" for s in self.sales.values()]
        return sorted(drawn)

    def move(self, product: str, outlet: str, quantity: Decimal) -> None:
        row = self.levels.setdefault((product, outlet), {"level": Decimal()})
        row["level"] += quantity
        row["version"] = self._next()

    # -- what it is asked -------------------------------------------------------------------------------------------

    def page(self, name: str, after: int, rows: int) -> Row:
        listed = {
            "products": list(self.products.values()),
            "stock_adjustments": self.adjustments,
            "custom_inventory_adjustment_reasons": self.reasons,
            **self.lists,
        }[name]
        newer = sorted((row for row in listed if row["version"] > after), key=lambda row: int(row["version"]))
        data = newer[: min(rows, self.page_rows)]
        versions = [row["version"] for row in data]
        return {"data": data, "version": {"min": min(versions, default=None), "max": max(versions, default=None)}}

    def inventory(self, after: int, rows: int, product: str = "") -> list[Row]:
        found = [
            self._level(place, row)
            for place, row in self.levels.items()
            if row["version"] > after and product in ("", place[0])
        ]
        return sorted(found, key=lambda row: int(row["version"]))[: min(rows, self.page_rows)]

    def find_sale(self, sale_id: str) -> Row:
        if sale_id not in self.sales:
            raise Rule(404, "Sale not found", "Not Found")
        return self.sales[sale_id]

    def create_sale(self, body: Row) -> Row:
        sale_id = body.get("id") or uid(f"sale {len(self.sales)}")
        if sale_id in self.sales:
            raise Rule(422, "The sale is there already")
        return self._book(sale_id, body)

    def update_sale(self, sale_id: str, body: Row) -> Row:
        sale = self.find_sale(sale_id)
        if sale["state"] == "voided":
            raise Rule(422, "This sale is voided and cannot be changed")
        if sale["state"] == "closed" and body["state"] != "voided":
            raise Rule(422, "This sale is closed and cannot be changed")
        return self._book(sale_id, body)

    def create_product(self, body: Row) -> str:
        if "price_including_tax" in body and "price_excluding_tax" in body:
            raise Rule(422, "Give one of the two prices")
        if any(each["sku"] == body.get("sku") for each in self.products.values()):
            raise Rule(422, "The sku is there already")
        product = self._product(uid(f"product {len(self.products)}"), body)
        self.products[product["id"]] = product
        return str(product["id"])

    def update_product(self, product_id: str, body: Row) -> Row:
        if product_id not in self.products:
            raise Rule(404, "Product not found", "Not Found")
        product = self.products[product_id]
        product["active"] = body["details"].get("is_active", product["active"])
        product["version"] = self._next()
        return product

    def adjust(self, items: list[Row]) -> list[Row]:
        kinds = {row["id"]: row["type"] for row in self.reasons}
        for item in items:
            kind = kinds.get(item.get("custom_inventory_adjustment_reason_id", ""))
            if item["reason"] != "CUSTOM" or kind is None:
                raise Rule(422, "The reason is not known")
            if (Decimal(item["quantity"]) > 0) != (kind == "POSITIVE") or item["product_id"] not in self.products:
                raise Rule(422, "The quantity has the wrong sign, or the product is not known")
        made = [self._adjustment(item) for item in items]
        self.adjustments += made
        return made

    def create_reason(self, body: Row) -> Row:
        if any(row["name"] == body["name"] for row in self.reasons):
            raise Rule(409, "A reason of this name is there already", "Conflict")
        row = {"id": uid(f"reason {body['name']}"), **body, "is_from_external_source": True, **self._stamped()}
        self.reasons.append(row)
        return row

    # -- how it keeps its books --------------------------------------------------------------------------------------

    def _book(self, sale_id: str, body: Row) -> Row:
        register = next((r for r in self.lists["registers"] if r["id"] == body["source"].get("register_id")), None)
        if register is None:
            raise Rule(422, "The register is not known")
        taxes = {row["id"] for row in self.lists["taxes"]}
        types = {row["id"] for row in self.lists["payment_types"]}
        for item in body.get("line_items", []):
            if item["product"]["id"] not in self.products or item["tax"]["id"] not in taxes:
                raise Rule(422, "A product or a tax is not known")
        if any(each["type"]["config_id"] not in types for each in body.get("payments", [])):
            raise Rule(422, "The payment type is not known")
        before = self.sales.get(sale_id)
        sale = self._sale(sale_id, body, register)
        for one, sign in ((before, 1), (sale, -1)):
            if one and one["state"] == "closed":
                self._take(one, sign)
        self.sales[sale_id] = sale
        return sale

    def _take(self, sale: Row, sign: int) -> None:
        for item in sale["line_items"]:
            if self.products[item["product"]["id"]]["has_inventory"]:
                self.move(item["product"]["id"], sale["source"]["outlet_id"], sign * Decimal(str(item["quantity"])))

    def _sale(self, sale_id: str, body: Row, register: Row) -> Row:
        items = [self._item(place, item) for place, item in enumerate(body.get("line_items", []))]
        price = sum((Decimal(str(item["pricing"]["total"])) for item in items), Decimal())
        tax = sum((Decimal(str(item["tax"]["total"])) for item in items), Decimal())
        source = body["source"]
        sale = {
            "id": sale_id,
            "invoice_number": body.get("invoice_number", f"A-{len(self.sales) + 1}"),
            "state": body["state"],
            "attributes": body.get("attributes", []),
            "date": body.get("date", self.now().isoformat()),
            "source": {
                **{name: source[name] for name in ("id", "type") if name in source},
                "register_id": register["id"],
                "outlet_id": register["outlet_id"],
                "author": {"id": source["author_id"]},
            },
            "line_items": items,
            "payments": [
                {"id": each.get("id") or uid(f"{sale_id} payment {n}"), **each}
                for n, each in enumerate(body.get("payments", []))
            ],
            "totals": {"price": float(price), "tax": float(tax), "price_incl_tax": float(price + tax)},
            "return": {"is_return": False, "return_sale_ids": []},
            "created_at": self.now().isoformat(),
            "updated_at": self.now().isoformat(),
            "_metadata": {"version": self._next()},
        }
        return sale | {name: body[name] for name in ("note", "customer_id") if name in body}

    def _item(self, place: int, item: Row) -> Row:
        quantity = Decimal(str(item["quantity"]))
        price, tax = Decimal(str(item["pricing"]["price"])), Decimal(str(item["tax"]["amount"]))
        return {
            "id": item.get("id") or uid(f"line {place} {self._version}"),
            "product": dict(item["product"]),
            "quantity": item["quantity"],
            "pricing": {"price": item["pricing"]["price"], "discount": 0, "total": _money(price * quantity)},
            "tax": {"id": item["tax"]["id"], "amount": item["tax"]["amount"], "total": _money(tax * quantity)},
            "status": "CONFIRMED",
            "_metadata": {"sequence": place, "is_price_override": True},
        }

    def _product(self, product_id: str, body: Mapping[str, Any]) -> Row:
        price = body.get("price_including_tax", body.get("price_excluding_tax", 0))
        return {
            "id": product_id,
            "name": body["name"],
            "handle": body.get("handle") or body["name"].lower(),
            "sku": body.get("sku") or str(10_000 + len(self.products)),
            "description": body.get("description", ""),
            "active": body.get("is_active", True),
            "is_composite": False,
            "has_inventory": True,
            "has_variants": False,
            **{name: [] for name in _EMPTY},
            "price_excluding_tax": price,
            "price_including_tax": price,
            "packaging": {},
            "source": body.get("source", "USER"),
            "source_id": body.get("source_id"),
            "source_variant_id": body.get("source_variant_id"),
            "deleted_at": None,
            "version": self._next(),
        }

    def _level(self, place: tuple[str, str], row: Row) -> Row:
        return {
            "id": uid("@".join(place)),
            "product_id": place[0],
            "outlet_id": place[1],
            "current_inventory_level": float(row["level"]),
            "deleted_at": None,
            "version": row["version"],
        }

    def _adjustment(self, item: Row) -> Row:
        self.move(item["product_id"], item["outlet_id"], Decimal(item["quantity"]))
        return {"id": uid(f"adjustment {self._version}"), "user_id": USER, **item, **self._stamped()}

    def _stamped(self) -> Row:
        at = self.now().isoformat()
        return {"created_at": at, "updated_at": at, "version": self._next()}

    def add_outlet(self, name: str, register: str, currency: str) -> None:
        self.lists["outlets"].append({**self._outlet(name), "currency": currency})
        self.add_register(register, name)

    def _outlet(self, name: str) -> Row:
        return {
            "id": uid(name),
            "name": name,
            "time_zone": "Europe/Paris",
            "currency": "EUR",
            "currency_symbol": "€",
            "display_prices": "inclusive",
            "default_tax_id": uid("VAT 20"),
            "attributes": [],
            "deleted_at": None,
            "version": self._next(),
        }

    def payment_type(self, name: str) -> Row:
        row = {"id": uid(name), "name": name, "type_id": 1, "config": None, "disabled": False, "internal": False}
        return row | {"deleted_at": None, "version": self._next()}

    def tax(self, name: str, rate: float) -> Row:
        rates = [{"id": uid(f"{name} rate"), "name": name, "display_name": name, "rate": rate}]
        row = {"id": uid(name), "name": name, "display_name": name, "is_default": rate == 0.2, "rates": rates}
        return row | {"deleted_at": None, "version": self._next()}

    def user(self, name: str, user_id: str) -> Row:
        row = {"id": user_id, "username": name, "account_type": "admin", "is_primary_user": True}
        return row | self._stamped()

    def _next(self) -> int:
        self._version += 1
        return self._version


_EMPTY = (
    *("variant_options", "product_codes", "product_suppliers", "tag_ids", "categories", "attributes"),
    *("customizations", "images", "skuImages"),
)


def _money(amount: Decimal) -> float:
    return float(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))

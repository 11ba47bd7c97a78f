"""By what a shop's sales are booked in Lightspeed: user, payment type, taxes, products for what is no product.

The settings name them in the shop's own words; they are looked up in the live lists before anything is planned. Pure.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from infra.connectors.lightspeed_x.lists import Row
from schemas.orders.steps import PaymentTypes
from schemas.problems import SettingsNeedFixing

NO_TAX = "No Tax"
"""What Lightspeed calls the tax of lines without tax."""
_SUCH_AS = "write a payment method and a payment type, such as stripe=Web card; bacs=Bank transfer"
_MOST_NAMED = 12


@dataclass(frozen=True, kw_only=True)
class SaleSettings:
    """What the settings say, in names or ids. ``products`` are SKUs, by the kind of line."""

    user: str
    payment_type: str
    payment_types: str
    taxes: str
    products: Mapping[str, str]
    invoice_prefix: str
    order_type: str


@dataclass(frozen=True, kw_only=True)
class LiveLists:
    """What there is in Lightspeed. ``own_user`` is whom the token belongs to."""

    own_user: Row
    users: Sequence[Row]
    payment_types: Sequence[Row]
    taxes: Sequence[Row]
    products: Sequence[Row]
    retailer: Row


@dataclass(frozen=True, kw_only=True)
class Tax:
    """A tax of the shop: *rate* is a share, such as 0.2."""

    tax_id: str
    rate: Decimal
    is_default: bool


@dataclass(frozen=True, kw_only=True)
class SaleTerms:
    """By what sales are booked, as ids of Lightspeed. ``products`` go by the kind of line: shipping, fee, discount."""

    author_id: str
    payments: PaymentTypes
    taxes: tuple[Tax, ...]
    products: Mapping[str, str]
    invoice_prefix: str
    order_type: str

    def tax_of(self, net_cents: int, tax_cents: int) -> Tax | None:
        """Return the tax by which a line was taxed, to the cent; None where the shop has no such tax."""
        off = {tax: abs(net_cents * tax.rate - tax_cents) for tax in self.taxes}
        fitting = [tax for tax, by in off.items() if by <= 1 and (tax.rate == 0) == (tax_cents == 0)]
        return min(fitting, key=lambda tax: (off[tax], not tax.is_default, tax.tax_id), default=None)


def choose_terms(settings: SaleSettings, live: LiveLists) -> SaleTerms:
    """Find what the settings name in the live lists.

    Raises:
        SettingsNeedFixing: Something of it is not there, or not said; all of it is named.
    """
    wrong: list[str] = []
    terms = SaleTerms(
        author_id=_author(settings.user, live, wrong),
        payments=_payments(settings, live.payment_types, wrong),
        taxes=tuple(_taxes(settings.taxes, live.taxes, wrong)),
        products=_products(settings.products, live, wrong),
        invoice_prefix=settings.invoice_prefix,
        order_type=settings.order_type,
    )
    if wrong:
        raise SettingsNeedFixing(f"Sales cannot be booked in Lightspeed yet. {' '.join(wrong)} Nothing was written.")
    return terms


def _author(named: str, live: LiveLists, wrong: list[str]) -> str:
    if not named:
        return str(live.own_user["id"])
    found = _find(live.users, named, "id", "username", "display_name")
    if not found:
        wrong.append(  # whose names these are, is told nobody: they may be addresses
            f"COUNTERFOIL_LIGHTSPEED_X_USER names none of the {len(live.users)} users of the shop: give the id of one."
        )
    return str(found["id"]) if found else ""


def _payments(settings: SaleSettings, types: Sequence[Row], wrong: list[str]) -> PaymentTypes:
    """Find the payment types of the payment methods that are named, and that of all others."""
    usable = [each for each in types if not each.get("disabled")]
    methods = list(_methods(settings.payment_types, wrong))
    return PaymentTypes(
        by_method={method: _payment_type("_PAYMENT_TYPES", named, usable, wrong) for method, named in methods},
        others=_payment_type("_PAYMENT_TYPE", settings.payment_type, usable, wrong),
        names={str(each["id"]): str(each["name"]) for each in types},
    )


def _methods(setting: str, wrong: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each payment method, in small letters, and the payment type that the setting names for it."""
    named: set[str] = set()
    for part in filter(None, (each.strip() for each in setting.split(";"))):
        method, sign, payment_type = (each.strip() for each in part.partition("="))
        if not (sign and method and payment_type):
            wrong.append(f"COUNTERFOIL_LIGHTSPEED_X_PAYMENT_TYPES is not understood at {part!r}: {_SUCH_AS}.")
        elif method.lower() in named:
            wrong.append(f"COUNTERFOIL_LIGHTSPEED_X_PAYMENT_TYPES names {method!r} twice.")
        else:
            named.add(method.lower())
            yield method.lower(), payment_type


def _payment_type(setting: str, named: str, usable: Sequence[Row], wrong: list[str]) -> str:
    found = _find(usable, named, "id", "name")
    if not found:
        said = f"names {named!r}" if named else "is not set"
        known = _listed(usable, "name")
        wrong.append(f"COUNTERFOIL_LIGHTSPEED_X{setting} {said}, and the shop has the payment types {known}.")
    return str(found["id"]) if found else ""


def _taxes(chosen: str, taxes: Sequence[Row], wrong: list[str]) -> Iterator[Tax]:
    """Yield the taxes by which lines may be taxed: those that are chosen, or all; and the one of lines without."""
    named = {each.strip().lower() for each in chosen.split(",") if each.strip()}
    names = [name for tax in taxes for name in _names(tax)]
    for missing in sorted(named - set(names)):
        known = _listed(taxes, "name")
        wrong.append(f"COUNTERFOIL_LIGHTSPEED_X_TAXES names {missing!r}, and the shop has the taxes {known}.")
    if NO_TAX.lower() not in names:
        wrong.append(f"The shop has no tax called {NO_TAX}, which lines without tax are booked with.")
    for tax in taxes:
        untaxed = NO_TAX.lower() in _names(tax)
        rate = sum((Decimal(str(each["rate"])) for each in tax.get("rates") or ()), Decimal())
        if untaxed or (rate and (not named or named & set(_names(tax)))):
            yield Tax(tax_id=str(tax["id"]), rate=Decimal() if untaxed else rate, is_default=bool(tax["is_default"]))


def _products(skus: Mapping[str, str], live: LiveLists, wrong: list[str]) -> Mapping[str, str]:
    """Return the product that a line of each kind is booked on; a kind that nothing is set for is left out."""
    found = {"discount": str(live.retailer.get("discount_product_id") or "")}
    for kind, sku in skus.items():
        product = _find([each for each in live.products if each.get("active")], sku, "sku") if sku else None
        if sku and not product:
            wrong.append(
                f"COUNTERFOIL_LIGHTSPEED_X_{kind.upper()}_PRODUCT names the SKU {sku!r}, which no product has."
            )
        if product and product.get("has_inventory"):
            wrong.append(
                f"COUNTERFOIL_LIGHTSPEED_X_{kind.upper()}_PRODUCT names the SKU {sku!r}, of which Lightspeed counts "
                "the stock: each sale would take one out. Name a product whose inventory it does not track."
            )
        found[kind] = str(product["id"]) if product else ""
    return {kind: product_id for kind, product_id in found.items() if product_id}


def _names(tax: Row) -> list[str]:
    return [str(tax[name]).lower() for name in ("id", "name", "display_name") if tax.get(name)]


def _find(rows: Iterable[Row], named: str, *columns: str) -> Mapping[str, Any] | None:
    """Return the one row of that name; a name that several have is no name."""
    if not named:
        return None
    found = [row for row in rows if any(str(row.get(c) or "").lower() == named.strip().lower() for c in columns)]
    return found[0] if len(found) == 1 else None


def _listed(rows: Iterable[Row], column: str) -> str:
    names = sorted(str(row.get(column) or "") for row in rows)
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(repr(name) for name in names[:_MOST_NAMED]) + more if names else "none"

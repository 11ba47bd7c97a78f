"""Orders, refunds and products in the shape that a running WooCommerce 11.0.1 answered them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tests.fakes.woo_shop import FORMAT, Shop, Thing

FIRST = datetime(2024, 3, 1, 8, 0, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def an_order(order_id: int, *lines: Thing, at: datetime | None = None, **fields: Any) -> Thing:
    """Make an order; its totals are those of its lines."""
    at = at or FIRST + order_id * timedelta(minutes=1)
    net, tax = (sum((Decimal(line[name]) for line in lines), Decimal(0)) for name in ("total", "total_tax"))
    order = {
        "id": order_id,
        "parent_id": 0,
        "number": str(order_id),
        "order_key": f"wc_order_{order_id:013d}",
        "created_via": "checkout",
        "version": "11.0.1",
        "status": "completed",
        "currency": "EUR",
        "prices_include_tax": True,
        **_dates(at),
        "discount_total": "0.00",
        "discount_tax": "0.00",
        "shipping_total": "0.00",
        "shipping_tax": "0.00",
        "cart_tax": f"{tax:.2f}",
        "total": f"{net + tax:.2f}",
        "total_tax": f"{tax:.2f}",
        "customer_id": 0,
        "customer_note": "",
        "billing": {
            "first_name": "Zoë",
            "last_name": "Björk",
            "country": "SE",
            "email": f"guest{order_id}@example.test",
        },
        "shipping": {"first_name": "", "last_name": "", "country": "SE"},
        "payment_method": "klarna",
        "payment_method_title": "Kort",
        "transaction_id": "",
        "meta_data": [],
        "line_items": list(lines),
        "tax_lines": [],
        "shipping_lines": [],
        "fee_lines": [],
        "coupon_lines": [],
        "refunds": [],
    }
    return order | fields


def a_line(line_id: int, product_id: int, sku: str, quantity: int = 1, net: str = "10.00", tax: str = "2.00") -> Thing:
    """Make a line of a product without variations."""
    return {
        "id": line_id,
        "name": f"Product {product_id}",
        "product_id": product_id,
        "variation_id": 0,
        "quantity": quantity,
        "tax_class": "",
        "subtotal": net,
        "subtotal_tax": tax,
        "total": net,
        "total_tax": tax,
        "taxes": [{"id": 1, "total": tax, "subtotal": tax}],
        "meta_data": [],
        "sku": sku,
        "global_unique_id": "",
        "price": float(net) / quantity,
        "image": {"id": "", "src": ""},
        "parent_name": None,
    }


def a_refund(refund_id: int, amount: str, *lines: Thing, at: datetime = FIRST) -> Thing:
    return {
        "id": refund_id,
        "date_created": (at + HOUR).strftime(FORMAT),
        "date_created_gmt": at.strftime(FORMAT),
        "amount": amount,
        "reason": "",
        "refunded_by": 1,
        "refunded_payment": False,
        "meta_data": [],
        "line_items": list(lines),
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
    }


def a_product(product_id: int, sku: str, **fields: Any) -> Thing:
    product = {
        "id": product_id,
        "name": f"Product {product_id}",
        "type": "simple",
        "status": "publish",
        "description": "",
        "short_description": "",
        "sku": sku,
        "price": "12.00",
        "regular_price": "12.00",
        "sale_price": "",
        "manage_stock": False,
        "stock_quantity": None,
        "stock_status": "instock",
        "backorders": "no",
        "parent_id": 0,
        "variations": [],
        "meta_data": [],
        **_dates(FIRST),
    }
    return product | fields


def a_variation(variation_id: int, parent_id: int, sku: str, **fields: Any) -> Thing:
    return a_product(variation_id, sku, type="variation", parent_id=parent_id) | fields


def a_shop(count: int, **fields: Any) -> Shop:
    """Make a shop with orders 1 to *count*, one a minute, of a line each."""
    shop = Shop(**fields)
    shop.put(
        *(
            an_order(number, a_line(number * 10, 1 + number % 7, f"SKU-{1 + number % 7}"))
            for number in range(1, count + 1)
        )
    )
    return shop


def give_back(shop: Shop, order_id: int, *refunds: Thing) -> None:
    """Enter refunds with their order, as the shop does: the order names them, and its date of change moves."""
    shop.refunds[order_id] = list(refunds)
    listed = [{"id": r["id"], "reason": r["reason"], "total": f"-{r['amount']}", "total_tax": "0.00"} for r in refunds]
    shop.touch(order_id, refunds=listed)


def _dates(at: datetime) -> Thing:
    names = {"": at + HOUR, "_gmt": at}
    return {
        f"date_{what}{end}": moment.strftime(FORMAT)
        for what in ("created", "modified")
        for end, moment in names.items()
    }

"""Orders as a web shop answers them, right at first, and what plugins, exports and networks do to such answers."""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from tests.shop_orders import item, order, refund, returned, shipping

Orders = list[dict[str, Any]]
AnswerDamage = Callable[[Orders], None]


def valid_answers() -> Orders:
    """Return two orders: one with goods, a parcel and goods that came back, and a plain one."""
    lines = [item(1, 3, "1250.00", "250.00"), item(2, 1, "10.50", "2.10"), shipping(3, "4.90", "0.98")]
    back = refund(9, "500.00", [returned(91, 1, -1, "-416.67", "-83.33", product_id=501, sku="MUG-1")])
    return [order(1042, lines) | {"refunds": [back]}, order(1043, [item(4, 2, "20.00", "4.00")])]


def written(orders: Orders) -> bytes:
    return json.dumps(orders).encode()


def _first(**fields: Any) -> AnswerDamage:
    return lambda orders: orders[0].update(fields)


def _line(**fields: Any) -> AnswerDamage:
    return lambda orders: orders[0]["line_items"][0].update(fields)


def _refund(**fields: Any) -> AnswerDamage:
    return lambda orders: orders[0]["refunds"][0].update(fields)


def _refund_line(**fields: Any) -> AnswerDamage:
    return lambda orders: orders[0]["refunds"][0]["line_items"][0].update(fields)


def _without(*path: str | int) -> AnswerDamage:
    def damage(orders: Orders) -> None:
        place: Any = orders[0]
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return damage


def _numbers_of_json(orders: Orders) -> None:
    for line in orders[0]["line_items"]:
        line.update(total=float(line["total"]), total_tax=float(line["total_tax"]))
    orders[0].update(total=float(orders[0]["total"]))


def _more_decimals(orders: Orders) -> None:
    for line in orders[0]["line_items"]:
        line.update(total=f"{line['total']}0000", total_tax=f"{line['total_tax']}00")


def _repeated(orders: Orders) -> None:
    orders.append(deepcopy(orders[0]))


def _line_twice(orders: Orders) -> None:
    orders[0]["line_items"].append(deepcopy(orders[0]["line_items"][0]))


def _refund_twice(orders: Orders) -> None:
    orders[0]["refunds"].append(deepcopy(orders[0]["refunds"][0]))


def _bigger_refund(orders: Orders) -> None:
    orders[0]["refunds"][0].update(amount="50000.00")


ANSWER_DAMAGES: Mapping[str, AnswerDamage] = {
    # how an answer is written
    "an order that came twice": _repeated,
    "orders in another order": lambda orders: orders.reverse(),
    "numbers instead of texts": _numbers_of_json,
    "more decimals than cents, all zeros": _more_decimals,
    "an id as text": _first(id="1042"),
    "fields of a plugin": _first(
        plugin={"any": ["thing", 1, None]}, meta_data=[{"id": 1, "key": "_x", "value": {"y": []}}]
    ),
    "no meta data": _first(meta_data=None),
    # text
    "half an emoji in a field nobody reads": _first(customer_note="thanks \ud83d"),
    "half an emoji in a name": _line(name="Mug 1\ud83d"),
    "half an emoji in a status": _first(status="completed\ud83d"),
    "a name in HTML": _line(name="<b>Mug</b>&nbsp;1"),
    "a letter lost as a replacement mark in an SKU": _line(sku="MUG-\ufffd"),
    # ids, states, currencies, days
    "an order without id": _without("id"),
    "a line without id": _without("line_items", 0, "id"),
    "an unknown status": _first(status="wc-mystery"),
    "a status in capitals": _first(status="Completed"),
    "a status of refunded without refunds": lambda orders: orders[0].update(status="refunded", refunds=[]),
    "another currency": _first(currency="USD"),
    "no currency": _first(currency=""),
    "a year far ahead": _first(date_created_gmt="9999-03-09T14:02:11", date_created="9999-03-09T15:02:11"),
    "a year long ago": _first(date_created_gmt="0001-03-09T14:02:11", date_created="0001-03-09T15:02:11"),
    "a day that is none": _first(date_created_gmt="2024-02-31T14:02:11", date_created="2024-02-31T15:02:11"),
    "no day": _first(date_created_gmt=None, date_created=None),
    # money and pieces
    "a total with thousands marks": _first(total="1,518.48"),
    "a total that is another": _first(total="15184.80"),
    "a total of nothing": _first(total=None),
    "an amount of a line with a comma": _line(total="1250,00"),
    "an amount of a line times ten": _line(total="12500.00"),
    "an amount of a line that is no number": _line(total="NaN"),
    "an amount of a line beyond all measure": _line(total="1e400"),
    "a quantity below zero": _line(quantity=-3),
    "a quantity of nothing": _line(quantity=None),
    "a quantity as text with a comma": _line(quantity="3,0"),
    "a quantity with many decimals": _line(quantity=2.9999999),
    "a line that stands twice": _line_twice,
    "a line that is lost": lambda orders: orders[0]["line_items"].pop(),
    "lines that are no list": _first(line_items={"0": {}}),
    # refunds
    "a refund that stands twice": _refund_twice,
    "a refund beyond what was paid": _bigger_refund,
    "a refund's line with another sign": _refund_line(quantity=1, total="416.67", total_tax="83.33"),
    "a refund's line larger than its refund": _refund_line(total="-30000.00"),
    "a refund's line of more pieces than were sold": _refund_line(quantity=-4),
    "a refund's line of a line that is not there": _refund_line(
        meta_data=[{"id": 1, "key": "_refunded_item_id", "value": "77"}]
    ),
    "a refund without amount": _refund(amount=None),
    "a refund in a year far ahead": _refund(date_created_gmt="9999-04-01T09:00:00", date_created="9999-04-01T09:00:00"),
}

ANSWER_BYTES: Mapping[str, Callable[[bytes], bytes]] = {
    "a byte-order mark": lambda content: b"\xef\xbb\xbf" + content,
    "an answer cut short": lambda content: content[:-40],
    "a notice before the answer": lambda content: b"<br />Notice: Undefined index\n" + content,
}

"""Orders that cannot be right come back in the form they came in; put right, they go in and close their run."""

import json
from typing import Any

import pytest

from tests.desk import Desk
from tests.shop_orders import item, order, page
from tests.tills import open_till, sales_in, stock_in

APPLY = ("--mode", "apply")
CSV = """order_id,status,order_date,order_total,tax_total,item_id,item_sku,item_quantity,item_total,item_total_tax
1,completed,2024-03-09 15:02:11,12.00,2.00,7,MUG,1,10.00,2.00
2,completed,2024-03-09 15:02:11,99.00,4.00,8,MUG,1,10.00,2.00
2,completed,2024-03-09 15:02:11,99.00,4.00,9,MUG,1,10.00,2.00
"""


def mug(line: int) -> Any:
    return item(line, 1, product_id=7, sku="MUG", name="Mug")


def put_right_in_json(desk: Desk, run_id: str) -> str:
    back = json.loads(desk.read(desk.fetch(run_id, "rejects.json")))
    return desk.write("corrected.json", json.dumps([rejected | {"total": "24.00"} for rejected in back]))


def put_right_in_csv(desk: Desk, run_id: str) -> str:
    return desk.write("corrected.csv", desk.read(desk.fetch(run_id, "rejects.csv")).replace(",99.00,", ",24.00,"))


@pytest.mark.parametrize(
    ("name", "content", "put_right"),
    [
        ("orders.json", page(order(1, [mug(7)]), order(2, [mug(8), mug(9)], total="99.00")), put_right_in_json),
        ("orders.csv", CSV, put_right_in_csv),
    ],
    ids=["json", "csv"],
)
def test_orders_that_do_not_add_up_come_back_and_go_in_when_they_do(desk, name, content, put_right):
    open_till(desk.target_url, {"MUG": 10})
    desk.write(name, content)
    first = desk.ask("run", "orders", name, *APPLY, code=4)
    assert (first["rows"], first["still_open"]) == ({"in": 2, "accepted": 1, "rejected": 1}, 1)
    assert (sales_in(desk.target_url), stock_in(desk.target_url)) == ({"woocommerce:1": "closed"}, {"MUG": 9})

    second = desk.ask("run", "orders", put_right(desk, first["run_id"]), *APPLY)
    assert (second["outcome"], second["follows"]) == ("applied", first["run_id"])
    assert stock_in(desk.target_url) == {"MUG": 7}
    assert desk.ask("show", first["run_id"])["still_open"] == 0

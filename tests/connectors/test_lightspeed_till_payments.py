"""What sales of Lightspeed are paid with: the payment type of each, looked up before anything is written, and kept."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from schemas.orders.records import PAID_BY, PAID_ORDERS, SALES
from schemas.problems import SettingsNeedFixing
from tests.connectors.drawn import batch
from tests.connectors.lightspeed_till import TillShop, changes, open_till_shop
from tests.connectors.test_lightspeed_till_lines import SOLD, change, line, record
from tests.fakes.lightspeed_sales import uid

HEAD = "kind | order_key | before | after\n"
NEW = changes(HEAD + "create | w:1 | null | closed 2xmug")
PARKED = changes(HEAD + "create | w:1 | null | parked 2xmug")
PAID = changes(HEAD + "update | w:1 | parked 2xmug | closed 2xmug")
VOID = changes(HEAD + "update | w:1 | closed 2xmug | voided 2xmug")
RETURNS = {"lightspeed_x_returns": "book"}
SOLD_TWO = change(None, record(SOLD))
BACK = change(record(SOLD), record(SOLD, line("refund", -1000, -200, -1, "MUG", at="2024-03-20T09:00:00Z")))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TillShop]:
    with open_till_shop(tmp_path) as shop:
        shop.till.lists["payment_types"].append(shop.till.payment_type("Web card"))
        yield shop


def pay(shop: TillShop, drawn: pl.DataFrame, before: str = "", after: str = "", **settings: Any) -> list[str]:
    """Carry out changes of sales that are paid with payment types, by name."""
    sides = {f"{PAID_BY}_{side}": uid(name) if name else "" for side, name in (("before", before), ("after", after))}
    asked = drawn.with_columns(pl.lit(value).alias(name) for name, value in sides.items())
    return shop.connect(**settings).write(PAID_ORDERS.resource, asked, batch()).to_list()


def paid(shop: TillShop) -> list[tuple[float, str]]:
    """Draw what was paid, and with what."""
    names = {row["id"]: row["name"] for row in shop.till.lists["payment_types"]}
    payments = [each for sale in shop.till.sales.values() for each in sale.get("payments", [])]
    return [(each["amount"], names[each["type"]["config_id"]]) for each in payments]


def told(shop: TillShop) -> str:
    """Return what the sale of w:1 is paid with, as it is read."""
    names = {row["id"]: row["name"] for row in shop.till.lists["payment_types"]}
    found = shop.connect().read(PAID_ORDERS.resource, pl.Series(["w:1"]))
    return names.get(found[PAID_BY].item(), "")


def test_a_sale_is_paid_with_the_type_of_its_change_and_read_back_with_it(shop: TillShop) -> None:
    assert pay(shop, NEW, after="Web card") == ["written"]
    assert (paid(shop), told(shop)) == ([(2.0, "Web card")], "Web card")
    assert pay(shop, NEW, after="Web card") == ["unchanged"]


def test_a_change_that_says_no_type_is_paid_like_all_others(shop: TillShop) -> None:
    assert shop.connect().write(SALES, NEW, batch()).to_list() == ["written"]
    assert paid(shop) == [(2.0, "Web shop")]


def test_a_parked_sale_is_paid_with_nothing_until_it_is_closed(shop: TillShop) -> None:
    assert pay(shop, PARKED) == ["written"]
    assert (paid(shop), told(shop)) == ([], "")

    assert pay(shop, PAID, after="Web card") == ["written"]
    assert (paid(shop), told(shop)) == ([(2.0, "Web card")], "Web card")


@pytest.mark.parametrize("asked", ["Web card", "Cash", ""])
def test_what_comes_back_is_paid_back_with_what_its_sale_is_paid_with_there(shop: TillShop, asked: str) -> None:
    """Also where the sale was booked before there were settings, or the till or a setting changed since."""
    pay(shop, SOLD_TWO, after="Web card")

    assert pay(shop, BACK, before="Web card", after=asked, **RETURNS) == ["written"]

    assert paid(shop) == [(24.0, "Web card"), (-12.0, "Web card")]
    assert told(shop) == "Web card"


def test_a_sale_that_the_till_paid_otherwise_is_no_conflict_and_is_paid_back_as_it_is_there(shop: TillShop) -> None:
    pay(shop, SOLD_TWO, after="Web card")
    (sale,) = shop.till.sales.values()
    (payment,) = sale["payments"]
    split: list[Mapping[str, Any]] = [
        payment | {"amount": 10},
        payment | {"amount": 14, "type": {"config_id": uid("Cash")}},
    ]
    sale["payments"] = split

    assert told(shop) == "Cash", "most of it"
    assert pay(shop, BACK, before="Cash", after="Cash", **RETURNS) == ["written"]
    assert paid(shop)[-1] == (-12.0, "Cash")


def test_a_voided_sale_is_paid_with_nothing_and_goes_back_without_saying_with_what(shop: TillShop) -> None:
    pay(shop, NEW, after="Web card")
    assert shop.connect().write(SALES, VOID, batch()).to_list() == ["written"]
    assert told(shop) == ""


def test_sales_are_read_without_what_they_are_paid_with_where_nobody_asks(shop: TillShop) -> None:
    pay(shop, NEW, after="Web card")
    assert shop.connect().read(SALES, pl.Series(["w:1"])).columns == [SALES.key, *SALES.columns]


def test_the_settings_say_which_payment_method_is_which_type_in_names_or_ids_of_any_case(shop: TillShop) -> None:
    named = f" Stripe = web CARD ;bacs={uid('Cash')}; "
    types = shop.connect(lightspeed_x_payment_types=named).payment_types()
    assert types.by_method == {"stripe": uid("Web card"), "bacs": uid("Cash")}
    assert (types.others, types.names[types.others]) == (uid("Web shop"), "Web shop")


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("stripe=Bitcoin", "names 'Bitcoin', and the shop has the payment types 'Cash', 'Web card', 'Web shop'"),
        ("stripe", "is not understood at 'stripe': write a payment method and a payment type"),
        ("stripe=", "is not understood at 'stripe='"),
        ("=Cash", "is not understood at '=Cash'"),
        ("stripe=Cash; STRIPE=Web card", "names 'STRIPE' twice"),
        ("stripe=Old", "names 'Old'"),
    ],
)
def test_a_payment_method_that_goes_nowhere_is_said_with_what_there_is(shop: TillShop, setting: str, says: str) -> None:
    shop.till.lists["payment_types"].append(shop.till.payment_type("Old") | {"disabled": True})
    with pytest.raises(SettingsNeedFixing, match=says):
        shop.connect(lightspeed_x_payment_types=setting).payment_types()

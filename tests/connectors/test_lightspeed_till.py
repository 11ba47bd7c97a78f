"""Sales on the till of Lightspeed: each is booked once, found again as it was written, and voided exactly."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.orders.records import SALES
from schemas.problems import Refused, SettingsNeedFixing
from schemas.stock import OUTLETS
from tasks.core.orders.effects import movements
from tests.connectors.drawn import batch
from tests.connectors.lightspeed_till import FULL, TillShop, changes, held, moved, open_till_shop, write
from tests.fakes.lightspeed_sales import uid

HEAD = "kind | order_key | before | after\n"
TWO = """
    kind   | order_key | before | after
    create | w:1       | null   | closed 2xmug 1xcap
    create | w:2       | null   | parked 3xtea
"""


drawn_items = st.builds(
    "{}x{}{}".format,
    st.sampled_from(["1", "2", "0.5", "3"]),
    st.sampled_from(["mug", "cap", "tea"]),
    st.sampled_from(["", "", "?"]),
)
"""Any line of a sale; a ``?`` says that it moves no stock."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[TillShop]:
    with open_till_shop(tmp_path) as shop:
        yield shop


def test_a_sale_is_looked_for_and_then_booked_and_takes_its_products_out(shop: TillShop) -> None:
    till = shop.connect()

    assert write(till, TWO) == ["written", "written"]

    assert shop.till.shown() == ["WEB-1042 closed 3.00", "WEB-1042 parked 3.00"]
    assert shop.till.stock() == FULL | {"MUG": 8.0, "CAP": 9.0}
    assert moved(till) == [("w:1", "CAP", "sale", -1000), ("w:1", "MUG", "sale", -2000)]
    of_sales = [each.method for each in shop.fake.asked if "/sales" in each.path]
    assert of_sales == ["GET", "POST", "GET", "POST"]


def test_a_sale_is_read_back_as_it_was_written_and_one_that_is_not_there_is_not(shop: TillShop) -> None:
    asked = changes(TWO)
    shop.connect().write(SALES, asked, batch())

    found = shop.connect().read(SALES, pl.Series(["W:1", "w:2", "w:3"]))

    wanted = asked.select("order_key", *[pl.col(f"{column}_after").alias(column) for column in SALES.columns])
    assert found.with_columns(pl.col("order_key").str.to_lowercase()).equals(wanted)


def test_the_same_batch_answers_what_it_did_and_another_finds_nothing_to_do(shop: TillShop) -> None:
    name = batch()
    write(shop.connect(), TWO, name)

    assert write(shop.connect(), TWO, name) == ["done", "done"]
    assert write(shop.connect(), TWO) == ["unchanged", "unchanged"]
    assert shop.fake.count("POST", ".*/sales") == 2
    assert shop.connect().outcomes(name).to_list() == ["done", "done"]  # type: ignore[union-attr]


def test_another_sale_under_the_same_order_is_a_conflict(shop: TillShop) -> None:
    write(shop.connect(), TWO)

    assert write(shop.connect(), HEAD + "create | W:1 | null | closed 9xmug") == ["conflict"]
    assert shop.till.stock()["MUG"] == 8.0


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("stock", "left"),
    [("", FULL | {"MUG": 8.0}), ("neutral", FULL)],
)
def test_a_sale_is_voided_once_and_brings_back_what_it_took(shop: TillShop, stock: str, left: Any) -> None:
    write(shop.connect(), HEAD + f"create | w:1 | null | closed {stock} 2xmug")
    assert shop.till.stock() == left

    void = HEAD + f"update | w:1 | closed {stock} 2xmug | voided {stock} 2xmug"
    assert write(shop.connect(), void) == ["written"]
    assert write(shop.connect(), void) == ["unchanged"]

    assert shop.till.shown() == ["WEB-1042 voided 2.00"]
    assert shop.till.stock() == FULL
    assert held(shop.connect(), "w:1") == {"w:1": "voided 200"}


def test_history_that_leaves_the_stock_alone_is_put_back_by_just_what_was_sold(shop: TillShop) -> None:
    till = shop.connect()

    assert write(till, HEAD + "create | w:1 | null | closed neutral 2xmug 0.5xtea") == ["written"]

    assert shop.till.stock() == FULL
    assert [(each["quantity"], each["reason"]) for each in shop.till.adjustments] == [
        ("0.5", "CUSTOM"),
        ("2", "CUSTOM"),
    ]
    assert moved(till) == [
        ("w:1", "MUG", "neutral", 2000),
        ("w:1", "MUG", "sale", -2000),
        ("w:1", "TEA", "neutral", 500),
        ("w:1", "TEA", "sale", -500),
    ]


def test_a_line_that_moves_no_stock_is_put_right_though_lightspeed_moves_it(shop: TillShop) -> None:
    till = shop.connect()

    assert write(till, HEAD + "create | w:1 | null | closed 2xmug? 1xcap") == ["written"]

    assert shop.till.stock() == FULL | {"CAP": 9.0}
    assert moved(till) == [("w:1", "CAP", "sale", -1000)]


def test_products_whose_stock_is_not_kept_are_never_adjusted(shop: TillShop) -> None:
    shop.till.products[uid("MUG")]["has_inventory"] = False

    assert write(shop.connect(), HEAD + "create | w:1 | null | closed neutral 2xmug") == ["written"]

    assert shop.till.adjustments == []


@pytest.mark.thorough
@settings(max_examples=10, deadline=None)
@given(
    state=st.sampled_from(["closed", "closed neutral", "parked"]), lines=st.lists(drawn_items, min_size=1, max_size=4)
)
def test_whatever_is_sold_and_voided_stock_moves_as_the_rule_says(state: str, lines: list[str]) -> None:
    sold = " ".join([state, *lines])
    with TemporaryDirectory() as folder, open_till_shop(Path(folder)) as shop:
        for drawn in (f"create | w:1 | null | {sold}", f"update | w:1 | {sold} | voided {sold.partition(' ')[2]}"):
            before, asked = shop.till.stock(), changes(HEAD + drawn)

            assert shop.connect().write(SALES, asked, batch()).to_list() == ["written"]

            by_rule = movements(asked).group_by("product_id").agg(pl.col("quantity_milli").sum())
            wanted = {uid(sku): round(count * 1000) for sku, count in before.items()}
            for product, milli in by_rule.iter_rows():
                wanted[product] += milli
            assert {uid(sku): round(count * 1000) for sku, count in shop.till.stock().items()} == wanted


def test_a_parked_sale_is_closed_and_only_then_takes_stock(shop: TillShop) -> None:
    write(shop.connect(), HEAD + "create | w:1 | null | parked 2xmug")

    assert write(shop.connect(), HEAD + "update | w:1 | parked 2xmug | closed 3xmug") == ["written"]

    assert shop.till.shown() == ["WEB-1042 closed 3.00"]
    assert shop.till.stock() == FULL | {"MUG": 7.0}


IMPOSSIBLE = [
    ("closed 2xmug", "closed 3xmug", "ORDER_TILL_CLOSED"),
    ("closed 2xmug", "parked 2xmug", "ORDER_TILL_CLOSED"),
    ("voided 2xmug", "closed 2xmug", "ORDER_TILL_VOIDED"),
    (None, "closed 2x-", "ORDER_TILL_PRODUCT"),
    (None, "closed 2xmug -1xmug", "ORDER_TILL_RETURN"),
]


@pytest.mark.thorough
@pytest.mark.parametrize(("before", "after", "code"), IMPOSSIBLE)
def test_what_lightspeed_cannot_take_is_held_and_never_sent(
    shop: TillShop, before: str | None, after: str, code: str
) -> None:
    if before:
        write(shop.connect(), HEAD + "create | w:1 | null | closed 2xmug")
    if before == "voided 2xmug":
        write(shop.connect(), HEAD + "update | w:1 | closed 2xmug | voided 2xmug")
    sent = shop.fake.count("POST|PUT", ".*/sales.*")
    asked = HEAD + f"{'update' if before else 'create'} | w:1 | {before or 'null'} | {after}"

    assert shop.connect().holds(SALES, changes(asked)).select("key", "code").rows() == [("w:1", code)]

    till, name = shop.connect(), batch()
    assert write(till, asked, name) == ["refused"]
    assert len(till.reasons(name)) == 1
    assert shop.fake.count("POST|PUT", ".*/sales.*") == sent


def test_what_lightspeed_can_take_is_not_held(shop: TillShop) -> None:
    assert shop.connect().holds(SALES, changes(TWO)).is_empty()


def test_a_sale_that_was_edited_at_the_till_is_told_as_it_is_and_not_overwritten(shop: TillShop) -> None:
    write(shop.connect(), HEAD + "create | w:1 | null | closed 2xmug")
    (sale,) = shop.till.sales.values()
    sale["line_items"][0]["quantity"], sale["totals"]["price_incl_tax"] = 5, 5.0

    assert held(shop.connect(), "w:1") == {"w:1": "closed 500"}
    assert write(shop.connect(), HEAD + "update | w:1 | closed 2xmug | voided 2xmug") == ["conflict"]
    assert shop.till.shown() == ["WEB-1042 closed 5.00"]


def test_a_sale_that_somebody_voided_at_the_till_is_told_as_voided(shop: TillShop) -> None:
    write(shop.connect(), HEAD + "create | w:1 | null | closed 2xmug")
    (sale,) = shop.till.sales.values()
    sale["state"] = "voided"

    assert held(shop.connect(), "w:1") == {"w:1": "voided 200"}


def test_what_a_sale_is_called_and_noted_is_the_tills_own_to_change(shop: TillShop) -> None:
    write(shop.connect(), HEAD + "create | w:1 | null | closed 2xmug")
    (sale,) = shop.till.sales.values()
    sale["note"], sale["invoice_number"] = "gift, call first", "A-7"

    assert write(shop.connect(), HEAD + "update | w:1 | closed 2xmug | voided 2xmug") == ["written"]
    assert (sale["note"], shop.till.shown()) == ("gift, call first", ["A-7 voided 2.00"])


WRONG_SETTINGS = [
    (
        {"lightspeed_x_payment_type": ""},
        "PAYMENT_TYPE is not set, and the shop has the payment types 'Cash', 'Web shop'",
    ),
    ({"lightspeed_x_payment_type": "Bitcoin"}, "PAYMENT_TYPE names 'Bitcoin'"),
    (
        {"lightspeed_x_payment_types": "stripe=Cash; bacs=Bank"},
        "PAYMENT_TYPES names 'Bank', and the shop has the payment types 'Cash', 'Web shop'",
    ),
    ({"lightspeed_x_user": "nobody"}, "USER names none of the 1 users of the shop"),
    ({"lightspeed_x_taxes": "VAT 20, VAT 17"}, "TAXES names 'vat 17'"),
    ({"lightspeed_x_shipping_product": "POST"}, "SHIPPING_PRODUCT names the SKU 'POST', which no product has"),
    ({"lightspeed_x_fee_product": "MUG"}, "FEE_PRODUCT names the SKU 'MUG', of which Lightspeed counts the stock"),
]


@pytest.mark.parametrize(("settings", "says"), WRONG_SETTINGS)
def test_what_the_settings_name_wrongly_is_said_before_anything_is_written(
    shop: TillShop, settings: dict[str, str], says: str
) -> None:
    with pytest.raises(SettingsNeedFixing, match=says):
        shop.connect(**settings).holds(SALES, changes(TWO))
    assert shop.fake.count("POST", ".*/sales") == 0


def test_whom_a_shop_employs_is_not_said(shop: TillShop) -> None:
    shop.till.lists["users"][0]["username"] = "MARKER@example.com"

    with pytest.raises(SettingsNeedFixing) as said:
        shop.connect(lightspeed_x_user="other@example.com").holds(SALES, changes(TWO))

    assert "example.com" not in said.value.says


def test_all_that_the_settings_name_wrongly_is_said_at_once(shop: TillShop) -> None:
    wrong = {name: value for each, _ in WRONG_SETTINGS[1:] for name, value in each.items()}

    with pytest.raises(SettingsNeedFixing) as said:
        shop.connect(**wrong).holds(SALES, changes(TWO))

    assert said.value.says.count("COUNTERFOIL_LIGHTSPEED_X_") == len(wrong)


def test_outlets_are_made_in_lightspeed(shop: TillShop) -> None:
    new = pl.DataFrame(
        {"kind": "create", "outlet_id": "x", "name_before": None, "name_after": "Kiosk"}
        | {"operation_id": None, "operation": None}
    )
    with pytest.raises(Refused, match="made in Lightspeed, under Setup"):
        shop.connect().write(OUTLETS, new, batch())

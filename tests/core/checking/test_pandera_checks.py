"""What a row model makes of a cell that no reader should have let through: a reject with a code of its own."""

from datetime import UTC, datetime
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest

from schemas.catalogue import CATALOGUE
from schemas.columns import codes_of, columns_in_files
from schemas.customers import Customers, People
from schemas.gift_cards import GiftCards
from schemas.inbox_folders import INBOX_FOLDERS
from schemas.loyalty.pos_sales import PosSales
from schemas.loyalty.reports import Decided
from schemas.orders.files import OrderFileHeads
from schemas.orders.records import Orders
from schemas.stock import StockRows
from tasks.core.checking.pandera_checks import judge

CARD = {"line": 2, "number": "GC1", "currency": "SEK", "balance_cents": 100}
PRODUCT = {"line": 2, "sku": "A", "name": "Apple", "price_cents": 100, "quantity_milli": 1000}
CUSTOMER = {"line": 2, "customer_id": "7"}
ORDER = {
    "line": 2,
    "order_key": "woocommerce:1042",
    "order_id": "1042",
    "number": "1042",
    "status": "completed",
    "state": "closed",
    "sold_at": "2024-03-09T14:02:11Z",
    "modified_at": "",
    "currency": "SEK",
    "total_cents": 100,
    "tax_cents": 20,
    "refunded_cents": 0,
    "customer_email": "",
    "payment_method": "stripe",
    "payment_title": "Card",
    "content_sha256": "0" * 64,
}


SALE = {
    "line": 2,
    "sale_id": "S-1",
    "customer_id": "",
    "sold_at": datetime(2026, 11, 20, tzinfo=UTC),
    "upc": "DOG-1",
    "item": None,
    "quantity_milli": -1000,
    "paid_cents": -500,
}
DECISION = {"line": 2, "failure_key": "", "decision": "", "note": ""}
EXPORTED = dict.fromkeys(("row", "line"), 1) | dict.fromkeys(columns_in_files(OrderFileHeads), "7")
MODELS = [
    model
    for model in dict.fromkeys(model for folder in INBOX_FOLDERS.values() for model in folder.rows)
    if codes_of(model)
]


def judged(model: type[pa.DataFrameModel], *rows: dict[str, Any]) -> list[tuple[int, str, str]]:
    types = {name: column.dtype.type for name, column in model.to_schema().columns.items()}
    frame = pl.DataFrame(list(rows), schema={name: types[name] for name in rows[0]})
    return judge(model, frame).select("line", "column", "code").rows()


@pytest.mark.parametrize(
    ("model", "right", "column", "value", "code"),
    [
        (GiftCards, CARD, "number", "GC-1", "GIFT_NUMBER_CHARS"),
        (GiftCards, CARD, "number", "G" * 65, "GIFT_NUMBER_LENGTH"),
        (GiftCards, CARD, "balance_cents", -1, "AMOUNT_NEGATIVE"),
        (StockRows, PRODUCT, "sku", "", "STOCK_SKU"),
        (StockRows, PRODUCT, "quantity_milli", -1, "AMOUNT_NEGATIVE"),
        (Customers, CUSTOMER, "customer_id", "007", "TIXLY_CUSTOMER_ID_NOT_INT"),
        (Customers, CUSTOMER, "first_name", "Zo\u200bé", "CELL_CONTROL"),
        (Customers, CUSTOMER, "email", "zoe@Example.org", "CUST_EMAIL_INVALID"),
        (Customers, CUSTOMER, "mobile", "070-123 45 67", "CUST_PHONE_INVALID"),
        (Customers, CUSTOMER, "born_on", "31/12/1970", "CUST_DATE"),
        (Customers, CUSTOMER, "shipping_country", "Suède", "CUST_ENUM"),
        (Customers, CUSTOMER, "language", "sv-SE", "CUST_ENUM"),
        (Customers, CUSTOMER, "gender", "F", "CUST_ENUM"),
        (Customers, CUSTOMER, "confirmed", "oui", "CUST_ENUM"),
        (PosSales, SALE, "sale_id", "", "CELL_EMPTY"),
        (PosSales, SALE, "upc", "", "CELL_EMPTY"),
        (PosSales, SALE, "sold_at", None, "LOYALTY_TIME"),
        (PosSales, SALE, "paid_cents", None, "CELL_EMPTY"),
        (Decided, DECISION, "decision", "perhaps", "LOYALTY_DECISION"),
        (Orders, ORDER, "order_key", "1042", "ORDER_ID"),
        (Orders, ORDER, "order_id", "=1042", "ORDER_ID"),
        (Orders, ORDER, "currency", None, "ORDER_CURRENCY"),
        (Orders, ORDER, "state", "completed", "ORDER_STATUS"),
        (Orders, ORDER, "sold_at", "2024-03-09", "ORDER_DATE"),
        (Orders, ORDER, "total_cents", None, "AMOUNT_NOT_A_NUMBER"),
    ],
)
def test_a_value_that_its_column_does_not_allow_is_a_reject_with_the_code_declared_beside_the_check(
    model: type[pa.DataFrameModel], right: dict[str, Any], column: str, value: Any, code: str
):
    assert judged(model, right) == []
    assert judged(model, right | {column: value}) == [(2, column, code)]


def test_of_several_checks_that_fail_on_one_cell_the_first_that_is_declared_is_reported():
    wrong = CARD | {"number": "-" * 65}
    assert judged(GiftCards, wrong, wrong | {"line": 3}) == [
        (2, "number", "GIFT_NUMBER_CHARS"),
        (3, "number", "GIFT_NUMBER_CHARS"),
    ]


def test_an_order_that_is_told_twice_is_a_reject_on_both_lines():
    assert judged(Orders, ORDER, ORDER | {"line": 3}) == [
        (2, "order_key", "ORDER_TWICE"),
        (3, "order_key", "ORDER_TWICE"),
    ]


@pytest.mark.parametrize("column", sorted({*columns_in_files(OrderFileHeads)} - {"order_id"}))
def test_rows_of_one_order_tell_one_thing_of_it_in_every_column_or_nothing(column: str):
    def rows(*cells: str | None) -> list[dict[str, Any]]:
        return [EXPORTED | {"row": at, column: cell} for at, cell in enumerate(cells, 1)]

    assert judged(OrderFileHeads, *rows("1", "", None, "1"), EXPORTED | {"row": 5, "line": 5, column: "2"}) == []
    assert judged(OrderFileHeads, *rows("1", "", "2")) == [(1, column, "ORDER_ROWS_DIFFER")] * 2


def test_a_column_that_the_model_does_not_know_is_a_defect_of_ours_and_no_reject():
    with pytest.raises(RuntimeError, match="column_in_schema"):
        judge(People, pl.DataFrame({"line": pl.Series([2], dtype=pl.UInt32), "customer_id": "", "same_as": "", "x": 1}))


def test_customers_may_lack_columns_and_have_blanks_and_nulls():
    assert judged(Customers, CUSTOMER | {"email": "", "born_on": None, "gender": ""}) == []


@pytest.mark.parametrize("model", MODELS)
def test_every_code_that_a_row_model_declares_is_a_reject_of_the_catalogue(model: type[pa.DataFrameModel]):
    assert {CATALOGUE[code].level for code in codes_of(model).values()} == {"reject"}


@pytest.mark.parametrize("model", MODELS)
def test_every_code_stands_beside_a_check_that_its_column_has(model: type[pa.DataFrameModel]):
    schema = model.to_schema().columns
    of_pandera = {name: {"not_nullable", *(["field_uniqueness"] if c.unique else [])} for name, c in schema.items()}
    checks = {name: {str(check.name) for check in column.checks} | of_pandera[name] for name, column in schema.items()}
    assert [(column, check) for column, check in codes_of(model) if check not in checks[column]] == []

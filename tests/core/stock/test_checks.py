"""Lists of stock: prices and quantities may be written in two ways, and neither is forced on the other."""

from datetime import date

import polars as pl
import pytest

from schemas.stock import STOCK_LIST
from tasks.core.reading.table import Sizes, read_table
from tasks.core.stock.checks import check_stock

SIZES = Sizes(max_file_bytes=10**6, max_cell_chars=1000, max_columns=50)


def stock(*rows: tuple[str, str]) -> tuple[list[int], list[str]]:
    """Return the stock of rows of ``price, stock``, and the codes of those that cannot be read."""
    text = "\n".join(
        ["SKU;Name;Price;Stock", *(f"A{at};Thing;{price};{there}" for at, (price, there) in enumerate(rows))]
    )
    table = read_table(text.encode(), name="stock.csv", dialect=STOCK_LIST, code_page="cp1252", sizes=SIZES)
    checked = check_stock(table, currency="EUR", exponent=2, format_choice=None, today=date(2026, 11, 28))
    return checked.accepted["quantity_milli"].to_list(), checked.findings["code"].to_list()


@pytest.mark.parametrize(
    ("price", "there", "milli"),
    [
        ("12.50", "1,500", 1_500_000),
        ("12.50", "1.500", 1_500),
        ("12,50", "1,500", 1_500),
        ("12,50", "0.35", 350),
        ("1.200,00", "1.0", 1_000),
        ("12.50", "0,5", 500),
        ("1 200,00", "1 500", 1_500_000),
        ("12", "7", 7_000),
    ],
)
def test_a_quantity_is_read_as_its_column_writes_it(price, there, milli):
    assert stock((price, there)) == ([milli], [])


@pytest.mark.parametrize("price", ["12,50", "1.200,00"])
def test_a_point_that_may_be_decimal_is_no_thousands_mark_because_prices_have_one(price):
    assert stock((price, "1.500")) == ([], ["AMOUNT_THOUSANDS"])
    assert stock((price, "1.500"), (price, "1.234.567"))[0] == [1_500_000, 1_234_567_000]


def test_without_any_other_sign_a_number_with_two_readings_is_not_read():
    assert stock(("12", "1.500"))[1] == ["AMOUNT_AMBIGUOUS"]
    assert pl.Series(stock(("12", "1.500"))[0], dtype=pl.Int64).is_empty()

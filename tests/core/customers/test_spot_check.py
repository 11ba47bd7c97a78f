"""The sheet that a person ticks after an import."""

import io

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from schemas.customers import TIXLY
from tasks.core.customers.spot_check import confidence_says, draw, spot_check_sheet
from tests.registers import drawn_file, parts_of, register_of

MANY = pl.DataFrame({"line": range(2, 1002), "customer_id": [str(n) for n in range(1000)]})


def test_the_same_run_draws_the_same_customers_and_another_run_others():
    first, again, other = (draw(MANY, "customer_id", seed=seed, count=300) for seed in ("a", "a", "b"))

    assert first.equals(again)
    assert not first.equals(other)
    assert first["customer_id"].n_unique() == 300


def test_every_customer_is_as_likely_to_be_drawn_as_any_other():
    counts = pl.concat([draw(MANY, "customer_id", seed=str(seed), count=100) for seed in range(100)])
    halves = counts.select((pl.col("line") < 502).mean()).item()
    assert abs(halves - 0.5) < 0.02
    assert counts["customer_id"].n_unique() > 990


def test_of_fewer_customers_all_are_drawn():
    assert draw(MANY.head(5), "customer_id", seed="a", count=300).height == 5


@pytest.mark.parametrize(
    ("drawn", "of", "says"),
    [
        (300, 10_000, "If 0 of 300 are wrong: below 0.99 % of all are, at 95 % confidence."),
        (59, 10_000, "If 0 of 59 are wrong: below 5 % of all are, at 95 % confidence."),
        (5, 5, "All 5 customers that were written are on this sheet: if none is wrong, none is."),
    ],
)
def test_what_it_means_if_nothing_is_wrong(drawn, of, says):
    assert says in confidence_says(drawn, of)


def test_file_and_target_stand_side_by_side_in_the_words_of_the_file():
    drawn_as = "CustomerID | Förnamn | Email | Telefon | VIP\n0 | Zoë | zoe@example.se | 0701 | gold"
    (table,) = parts_of(drawn_file(drawn_as, TIXLY), TIXLY)
    now = register_of("customer_id | first_name | email | phone\n7 | Zoë | zoe@example.se | +46701")
    now = now.with_columns(extra=pl.lit('{"VIP":"gold"}'))
    drawn = pl.DataFrame({"line": [2], "customer_id": ["7"]}, schema_overrides={"line": pl.UInt32})

    content = spot_check_sheet(drawn, now, table, "customer_id", says="Look here.")

    assert CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python() == [
        ["Look here.", "", "", "", "", ""],
        [""] * 6,
        ["Customer", "Line", "Column", "The file said", "The target holds", "Right?"],
        ["7", "2", "Förnamn", "Zoë", "Zoë", ""],
        ["7", "2", "Email", "zoe@example.se", "zoe@example.se", ""],
        ["7", "2", "Telefon", "0701", "+46701", ""],
        ["7", "2", "VIP", "gold", "gold", ""],
    ]

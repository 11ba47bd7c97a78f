"""Every row of a file is checked by what its row model says, and nothing else is written for it."""

from datetime import date

import pandera.polars as pa
import polars as pl
import pytest

from schemas.columns import column, heading, with_columns_of
from schemas.domain import Dialect, Domain, Limits, NumberFormat, Resource
from tasks.core.checking.number_formats import named_format
from tasks.core.checking.rows import CheckedRows, Shop, check_rows
from tasks.core.checking.spreadsheet_codes import without_damage
from tasks.core.reading.table import Sizes, read_table


class Rents(pa.DataFrameModel):
    line: pl.UInt32
    rent_key: str
    place: str = pa.Field(
        str_length={"max_value": 5},
        metadata=column("sku", codes={"str_length": "CELL_THOUSANDS"}, form=heading("Place")),
    )
    from_on: str = pa.Field(metadata=column("day", form=heading("From")))
    rent_cents: pl.Int64 = pa.Field(metadata=column("money", form=heading("Rent")))
    metres_milli: pl.Int64 | None = pa.Field(
        nullable=True, metadata=column("quantity", form=heading("Metres", required=False))
    )
    phone: str | None = pa.Field(
        nullable=True, metadata=column("phone", country_in="country", form=heading("Phone", required=False))
    )
    country: str | None = pa.Field(nullable=True, metadata=column("country", form=heading("Country", required=False)))
    currency: str = pa.Field(metadata=column("currency"))

    class Config:
        strict = True


FORM = with_columns_of(
    Rents,
    Dialect(
        name="form",
        number_format=NumberFormat(),
        error_headings={"en": "Error"},
        reference_heading="Row",
        separator=";",
        qualifiers=("currency",),
    ),
)
RENTS = Domain(
    name="rents",
    title="Rents",
    dialects=(FORM,),
    resource=Resource(
        name="rents", key="rent_key", key_of=("place", "from_on"), columns=("place", "from_on"), known_by="rent_key"
    ),
    rows=(Rents,),
    records=Rents,
    limits=Limits(changed_share=1, changed_rows_floor=1, changed_rows=1),
)
SHOP = Shop(currency="SEK", exponent=2, country="SE", today=date(2026, 11, 29))
SIZES = Sizes(max_file_bytes=10**6, max_cell_chars=1000, max_columns=50)


def check(headings: str, *rows: str, number_format: str = "auto") -> CheckedRows:
    content = "\n".join([headings, *rows]).encode()
    table = read_table(content, name="rents.csv", dialect=FORM, code_page="cp1252", sizes=SIZES)
    return check_rows(without_damage(table, FORM), RENTS, SHOP, named_format(number_format))


def found(checked: CheckedRows) -> list[tuple[object, ...]]:
    return checked.findings.select("line", "heading", "value", "code", "detail").rows()


def test_good_rows_are_as_the_row_model_wants_them():
    checked = check(
        "Place;From;Rent;Metres;Phone", "A1;2026-01-01;1 200,50;12,5;070-123 45 67", "A1;2026-02-01;99 kr;;"
    )
    assert found(checked) == []
    Rents.validate(checked.accepted)
    assert checked.accepted.drop("line").rows() == [
        ("A1@2026-01-01", "A1", "2026-01-01", 120_050, 12_500, "+46701234567", None, "SEK"),
        ("A1@2026-02-01", "A1", "2026-02-01", 9_900, None, None, None, "SEK"),
    ]
    assert checked.file.repairs["AMOUNT_OWN_CURRENCY"] == 1
    assert checked.file.cells.is_empty()


@pytest.mark.parametrize(
    ("row", "finding"),
    [
        ("A1;2026-01-01;12.5O", ("Rent", "12.5O", "AMOUNT_NOT_A_NUMBER", "12.50")),
        ("A1;2026-01-01;12 USD", ("Rent", "12 USD", "AMOUNT_CURRENCY", "12.50")),
        ("A1;2026-02-30;12.50", ("From", "2026-02-30", "DAY_UNREADABLE", "")),
        ("A1;02/03/2026;12.50", ("From", "02/03/2026", "DAY_AMBIGUOUS", "2026-02-03 or 2026-03-02")),
        ("A1;;12.50", ("From", "", "CELL_EMPTY", "")),
        (";2026-01-01;12.50", ("Place", "", "CELL_EMPTY", "")),
        ("NULL;2026-01-01;12.50", ("Place", "", "CELL_EMPTY", "")),
        ("1E+12;2026-01-01;12.50", ("Place", "1E+12", "CELL_SCI_NOTATION", "")),
        ("ABCDEF;2026-01-01;12.50", ("Place", "ABCDEF", "CELL_THOUSANDS", "")),
    ],
)
def test_a_cell_that_cannot_be_right_costs_its_row_and_no_other(row, finding):
    checked = check("Place;From;Rent", "OK;2026-01-01;1.50", row)
    assert found(checked) == [(3, *finding)]
    assert checked.accepted["place"].to_list() == ["OK"]
    assert (checked.rows.rows_in, checked.rows.accepted, checked.rows.rejected) == (2, 1, 1)


def test_rows_about_one_record_are_told_of_each_other_whatever_else_is_wrong_with_them():
    checked = check("Place;From;Rent", "A;2026-01-01;1.50", "B;2026-01-01;1.50", "a;01.01.2026;x")
    assert found(checked) == [
        (2, "Place, From", "A, 2026-01-01", "FILE_ROW_TWICE", "also on line 4"),
        (4, "Rent", "x", "AMOUNT_NOT_A_NUMBER", "12.50"),
        (4, "Place, From", "a, 01.01.2026", "FILE_ROW_TWICE", "also on line 2"),
    ]
    assert checked.accepted["place"].to_list() == ["B"]


def test_every_row_has_a_key_by_which_it_is_known_again_also_one_that_cannot_be_read():
    checked = check("Place;From;Rent", "A;31/01/2026;1.50", "B;someday;1.50")
    assert checked.keys.rows() == [(2, "A@2026-01-31"), (3, "B@someday")]


def test_a_column_of_days_settles_which_of_day_and_month_stands_first():
    checked = check("Place;From;Rent", "A;31/01/2026;1.50", "B;02/03/2026;1.50")
    assert checked.accepted["from_on"].to_list() == ["2026-01-31", "2026-03-02"]


def test_a_number_format_that_people_name_is_the_one_that_is_read():
    assert found(check("Place;From;Rent", "A;2026-01-01;1,234"))[0][3] == "AMOUNT_AMBIGUOUS"
    checked = check("Place;From;Rent", "A;2026-01-01;1,234", number_format="1,234.56")
    assert checked.accepted["rent_cents"].to_list() == [123_400]
    assert checked.formats["rent"].how == "chosen"


def test_a_blank_cell_of_a_column_that_may_be_blank_says_nothing():
    checked = check("Place;From;Rent;Metres;Country", "A;2026-01-01;1.50;;", "B;2026-01-01;1.50;x;Sverige")
    assert checked.accepted.select("metres_milli", "country").rows() == [(None, None)]
    assert [code for *_, code, _ in found(checked)] == ["AMOUNT_NOT_A_NUMBER"]


def test_another_currency_costs_the_row_whether_a_column_beside_or_the_heading_names_it():
    checked = check("Place;From;Rent;Currency", "1;2026-01-01;1.50;SEK", "2;2026-01-01;1.50;USD")
    assert found(checked) == [(3, "Currency", "USD", "AMOUNT_CURRENCY", "")]
    headed = check("Place;From;Rent (USD)", "A;2026-01-01;1.50")
    assert found(headed) == [(2, "Rent (USD)", "1.50", "AMOUNT_CURRENCY", "")]

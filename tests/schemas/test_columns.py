"""What a row model says of its columns is enough to make the columns of a dialect, and to read them."""

from typing import get_args

import pandera.polars as pa
import polars as pl
import pytest

from schemas.columns import (
    Reading,
    coded,
    codes_of,
    column,
    columns_in_files,
    columns_that_read,
    declarations,
    heading,
    is_private,
    with_columns_of,
)
from schemas.customers import CUSTOMERS, LIGHTSPEED_ECOM, TIXLY, Customers
from schemas.domain import Dialect, NumberFormat
from schemas.domains import DOMAINS
from schemas.gift_cards import GiftCards
from schemas.inbox_folders import INBOX_FOLDERS
from schemas.orders.files import OrderFileHeads
from schemas.orders.records import Orders
from schemas.tables import Language
from tasks.core.checking.readers import BY_COUNTRY, READERS
from tasks.core.invitations.recipients import READERS as OF_INVITATIONS
from tasks.core.loyalty.readers import READERS as OF_LOYALTY
from tests.conventions.columns import READ_AS

MODELS = [*dict.fromkeys(model for each in (*DOMAINS.values(), *INBOX_FOLDERS.values()) for model in each.rows)]
READ_BY_DOMAINS = {
    "gift cards": {"card_number"},
    "customers": {"customer_number"},
    "orders": {"decimal", "decimal_quantity", "export_time"},
    "loyalty": {*OF_LOYALTY, "shop_time", "decision", "failure_key"},
    "invitations": {*OF_INVITATIONS},
}


class Weights(pa.DataFrameModel):
    line: pl.UInt32
    cost_cents: pl.Int64 = pa.Field(
        description="what it costs", metadata=column("money", scale=heading("Cost", place=2, fr="Coût|Prix"))
    )
    code: str = pa.Field(
        description="which product",
        metadata=column("sku", codes={"str_matches": "A"}, scale=heading("Code", "as on the label", required=False)),
    )
    remark: str = pa.Field(metadata=coded(str_length="B"))


SCALE = with_columns_of(
    Weights,
    Dialect(name="scale", number_format=NumberFormat(), error_headings={}, reference_heading="Row"),
)


def test_a_dialect_has_the_columns_that_the_row_model_has_a_heading_for_in_the_order_of_their_places():
    code, cost = SCALE.columns
    assert (code.name, code.heading, code.description, code.required) == ("code", "Code", "as on the label", False)
    assert (cost.name, cost.heading, cost.description, cost.required) == ("cost", "Cost", "what it costs", True)
    assert (cost.holds, dict(cost.aliases)) == ("money", {"Coût": "fr", "Prix": "fr"})
    assert SCALE.codes == ("code",)


def test_another_dialect_has_none_of_them():
    other = Dialect(name="other", number_format=NumberFormat(), error_headings={}, reference_heading="Row")
    assert with_columns_of(Weights, other).columns == ()


def test_codes_and_readings_stand_beside_each_other():
    assert dict(codes_of(Weights)) == {("code", "str_matches"): "A", ("remark", "str_length"): "B"}
    assert list(columns_in_files(Weights)) == ["cost", "code"]
    assert columns_that_read(Weights, "money") == ("cost",)


def test_a_register_is_private_as_its_columns_are_about_people():
    assert CUSTOMERS.resource.private
    assert is_private(Customers) and not is_private(GiftCards) and not is_private(Orders)


OF_PEOPLE = ("customer_number", "birth_day", "gender", "email", "phone", "postcode", "mail_address", "mail_name")


@pytest.mark.parametrize("model", MODELS)
def test_what_says_something_of_a_person_is_private_in_every_row_model(model):
    personal = {name for name, each in declarations(model).items() if each.reads in OF_PEOPLE}
    named = {name for name in columns_in_files(model) if "customer" in name or name == "email"}
    assert [name for name in sorted(personal | named) if not declarations(model)[name].private] == []


def test_a_row_that_tells_of_an_order_is_private_only_in_the_address_of_its_buyer():
    assert [name for name, each in declarations(OrderFileHeads).items() if each.private] == ["email"]


def test_files_of_tixly_and_ecom_have_their_columns_in_the_order_of_these_systems():
    assert [each.heading for each in TIXLY.columns][:5] == [
        "CustomerID",
        "FirstName",
        "LastNamePrefix",
        "LastName",
        "Email",
    ]
    assert [each.heading for each in LIGHTSPEED_ECOM.columns][:3] == ["Internal ID", "Registered", "Language"]
    assert len(LIGHTSPEED_ECOM.columns) == 36


def test_every_kind_of_column_has_one_reader():
    kinds = [*READERS, *BY_COUNTRY, "currency", *(kind for own in READ_BY_DOMAINS.values() for kind in own)]
    assert sorted(kinds) == sorted(get_args(Reading))


def test_every_kind_of_column_has_words_in_the_document_of_columns():
    assert READ_AS.keys() == {*get_args(Reading)}


@pytest.mark.parametrize("model", MODELS)
def test_what_a_column_says_of_another_column_is_about_one_that_there_is(model):
    named = {each.country_in for each in declarations(model).values()} - {""}
    assert named <= set(declarations(model))


@pytest.mark.parametrize("model", MODELS)
def test_headings_in_other_languages_are_in_languages_that_we_speak_and_mean_one_column(model):
    for dialect in {name for each in declarations(model).values() for name in each.headings}:
        own = [each.headings[dialect] for each in declarations(model).values() if dialect in each.headings]
        texts = [text.casefold() for each in own for text in (each.text, *each.aliases)]
        assert len(set(texts)) == len(texts)
        assert {language for each in own for language in each.aliases.values()} <= {*get_args(Language)}

"""What Tixly's interface for reading shows, and what becomes of answers that are none."""

import json
import logging
from datetime import UTC, datetime

import pytest

from infra.connectors.tixly.api import TixlyApi
from infra.http.transport import Edge, Http, Site
from schemas.customers import CUSTOMERS
from schemas.problems import Declined, Refused, Unavailable
from tests.fakes.tixly import TOKEN, customer, open_tixly

REGISTER = CUSTOMERS.resource
SINCE = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASA = customer(
    7,
    FirstName="Åsa",
    LastName="Öberg",
    Email="asa@example.se",
    DateOfBirth="1988-04-02T00:00:00",
    ZipCode="114 55",
    City="Lund",
    Country="Sverige",
    AddressOne="Storgatan 1",
)


@pytest.fixture
def tixly():
    with open_tixly() as fake:
        yield fake


def api(tixly, asks="changed", token=TOKEN) -> TixlyApi:
    headers = {"Authorization": f"Bearer {token}"}
    site = Site(name="Tixly", url=tixly.settings["tixly_api_url"], headers=headers, attempts=2)
    return TixlyApi(Http(site, Edge(sleep=lambda _: None)), asks=asks)


def test_a_customer_is_shown_in_our_columns_and_what_is_not_shown_has_none(tixly):
    tixly.customers = [ASA]

    _, shown = api(tixly).ask(SINCE, REGISTER)

    assert shown.records.rows(named=True) == [
        {
            "customer_id": "7",
            "first_name": "Åsa",
            "name_prefix": "",
            "last_name": "Öberg",
            "email": "asa@example.se",
            "born_on": "1988-04-02",
            "street": "Storgatan 1",
            "address_2": "",
            "postcode": "114 55",
            "city": "Lund",
            "country": "Sverige",
        }
    ]


def test_the_answer_is_kept_as_it_came(tixly):
    tixly.customers = [ASA, customer(8)]
    export, _ = api(tixly).ask(SINCE, REGISTER)
    assert [json.loads(line) for line in export.content.decode().splitlines()] == tixly.customers


def test_only_customers_that_changed_since_are_asked_for_or_all(tixly):
    tixly.customers = [customer(1, "2026-02-01T00:00:00"), customer(2, "2026-03-01T11:30:00"), customer(3, None)]

    _, changed = api(tixly).ask(SINCE, REGISTER)
    _, every = api(tixly, "all").ask(SINCE, REGISTER)

    assert (changed.records["customer_id"].to_list(), changed.whole) == (["2"], False)
    assert (every.records["customer_id"].to_list(), every.whole) == (["1", "2", "3"], True)
    assert tixly.asked[0] == {"pageSize": "500", "DateFrom": "2026-03-01T11:00:00Z"}


def test_all_pages_are_fetched_and_one_who_moved_meanwhile_counts_once_as_last_seen(tixly):
    tixly.page_rows = 2
    tixly.customers = [customer(1, City="Lund"), customer(2), customer(3), customer(1, City="Umeå"), customer(5)]

    _, shown = api(tixly).ask(SINCE, REGISTER)

    assert shown.records.select("customer_id", "city").rows() == [("2", ""), ("3", ""), ("1", "Umeå"), ("5", "")]
    assert len(tixly.asked) == 3


def test_nobody_is_nobody(tixly):
    _, shown = api(tixly).ask(SINCE, REGISTER)
    assert shown.records.is_empty()


@pytest.mark.parametrize(
    "answer",
    [
        {"Data": None},
        {"data": []},
        [],
        {"Data": [1]},
        {"Data": [{"Id": "7"}]},
        {"Data": [{"Id": 0}]},
        {"Data": [{"Id": True}]},
        {"Data": [], "Next": 1},
    ],
)
def test_an_answer_in_another_form_is_refused_and_names_the_other_way(tixly, answer):
    tixly.says = answer
    with pytest.raises(Refused, match=r"in a form that we do not know\. Confirm by the next export instead"):
        api(tixly).ask(SINCE, REGISTER)


def test_a_page_that_leads_back_is_not_followed_for_ever(tixly):
    tixly.says = {"Data": [], "Next": f"{tixly.url}/v3/customers?page=2"}
    with pytest.raises(Refused, match="round in circles"):
        api(tixly).ask(SINCE, REGISTER)


def test_a_page_on_another_system_is_not_asked_for(tixly):
    tixly.says = {"Data": [], "Next": "http://elsewhere.example/v3/customers"}
    with pytest.raises(Refused, match="refers to another system"):
        api(tixly).ask(SINCE, REGISTER)


def test_a_wrong_token_says_so_without_naming_it(tixly):
    with pytest.raises(Declined, match=r"refused the list of customers \(401\). Check its keys") as said:
        api(tixly, token="wrong-token").ask(SINCE, REGISTER)
    assert "wrong-token" not in str(said.value)


def test_no_answer_is_unavailable(tixly):
    tixly.down = True
    with pytest.raises(Unavailable, match="Nothing was changed there"):
        api(tixly).ask(SINCE, REGISTER)


def test_neither_people_nor_the_token_are_logged(tixly, caplog):
    caplog.set_level(logging.DEBUG)
    tixly.customers = [ASA]
    api(tixly).ask(SINCE, REGISTER)
    assert not any(secret in caplog.text for secret in (TOKEN, "asa@example.se", "Öberg"))

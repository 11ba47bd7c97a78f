"""The register of customers where a shop has it: in Lightspeed eCom, or in WooCommerce, by their interfaces."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk
from tests.mailing.conftest import with_settings
from tests.web_customers import SYSTEMS, System, open_system

APPLY = ("--mode", "apply")
FILE = (
    "Firstname,Lastname,E-mail,Streetname,Number,City,Country\n"
    "Zoé,Dupré,zoe@example.org,Rue Haute,12,Bruxelles,BE\n"
    "Nils,Ek,nils@example.se,,,Lund,SE\n"
    "Ann,Lee,ann@example.org,,,Gent,BE\n"
)
MORE = "Firstname,Lastname,E-mail,City,Birthdate\nZoé,Dupré,zoe@example.org,Namur,1988-04-02\n"


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    with open_system(request.param) as system:
        yield system


@pytest.fixture
def shop(desk: Desk, system: System) -> Desk:
    """A desk that knows the system, in which one of the file's customers is already."""
    system.add("ann@example.org")
    keys = {"woo_url": system.fake.url, "woo_key": "ck_1234567890", "woo_secret": "cs_0987654321"}
    desk.write("people.csv", FILE)
    desk.write("more.csv", MORE)
    return with_settings(desk, system.fake.settings if system.name == "lightspeed_ecom" else keys)


def emails(system: System) -> list[str]:
    return sorted(email for _, email in system.held())


def test_customers_are_planned_written_read_back_and_put_back(shop: Desk, system: System):
    before = system.held()
    shown = shop.import_customers("people.csv", "--target", system.name)
    assert (shown["guard"], shown["effort"]["calls"] > 0, system.held()) == ("look_then_write", True, before)

    run = shop.import_customers("people.csv", "--target", system.name, *APPLY)
    assert (run["outcome"], run["changes"]["created"], run["changes"]["updated"]) == ("applied", 2, 1)
    assert (run["discrepancies"], emails(system)) == ([], ["ann@example.org", "nils@example.se", "zoe@example.org"])
    assert shop.import_customers("people.csv", "--target", system.name, *APPLY)["outcome"] == "nothing_to_do"

    back = shop.ask("restore", run["run_id"], *APPLY)
    assert (back["outcome"], back["changes"]["removed"], back["changes"]["updated"]) == ("applied", 2, 1)
    assert (system.held(), system.mailed(), back["discrepancies"]) == (before, [], [])


def test_what_a_system_has_no_place_for_is_looked_at_before_anything_is_written(shop: Desk, system: System):
    shop.import_customers("people.csv", "--target", system.name, *APPLY)
    code = 0 if system.name == "lightspeed_ecom" else 3
    run = shop.import_customers("more.csv", "--target", system.name, *APPLY, code=code)
    left_out = [concern["says"] for concern in run["concerns"]]
    assert left_out == (["WooCommerce has no place for 1 filled cell, left out (Birthdate 1)"] if code else [])

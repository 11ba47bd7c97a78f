"""The register of customers where a shop has it: in Lightspeed eCom or X-Series, or in WooCommerce, by interface."""

from collections.abc import Iterator

import pytest

from tests.desk import Desk
from tests.mailing.conftest import with_settings
from tests.web_customers import SYSTEMS, System, XSystem, open_system

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
    desk.write("people.csv", FILE)
    desk.write("more.csv", MORE)
    return with_settings(desk, system.keys())


def emails(system: System) -> list[str]:
    return sorted(email for _, email in system.held())


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_what_a_system_has_no_place_for_is_looked_at_before_anything_is_written(shop: Desk, system: System):
    shop.import_customers("people.csv", "--target", system.name, *APPLY)
    code = 3 if system.name == "woocommerce_customers" else 0
    run = shop.import_customers("more.csv", "--target", system.name, *APPLY, code=code)
    left_out = [concern["says"] for concern in run["concerns"]]
    assert left_out == (["WooCommerce has no place for 1 filled cell, left out (Birthdate 1)"] if code else [])


@pytest.fixture
def x_series(desk: Desk) -> Iterator[tuple[Desk, XSystem]]:
    """A desk that knows an X-Series with one customer whose code is the number of a card."""
    with open_system("lightspeed_x_customers") as system:
        assert isinstance(system, XSystem)
        ann = {"first_name": "Ann", "last_name": "Lee", "email": "ann@example.org", "customer_code": "4711"}
        system.fake.customers.create(ann)
        yield with_settings(desk, system.keys()), system


TO = ("--target", "lightspeed_x_customers", *APPLY)
NUMBERED = "CustomerID;FirstName;LastName;Email;City\n"


@pytest.mark.thorough
def test_x_series_knows_a_customer_by_the_number_in_the_code_and_holds_a_number_it_does_not_know(
    x_series: tuple[Desk, XSystem],
):
    desk, system = x_series
    desk.write("numbers.csv", f"{NUMBERED}4711;Ann;Lee;ann@example.org;Lund\n99;Cy;Un;cy@example.org;Gent\n")

    run = desk.import_customers("numbers.csv", *TO, code=4)

    assert (run["changes"]["updated"], run["changes"]["held"], run["discrepancies"]) == (1, 1, [])
    assert [customer["physical_city"] for customer in system.fake.customers.customers.values()] == ["Lund"]


def test_what_x_series_takes_out_without_a_word_is_found_by_the_read_back(x_series: tuple[Desk, XSystem]):
    desk, _ = x_series
    desk.write("card.csv", f"{NUMBERED}4711;Ann;Lee;ann@example.org;4111 1111 1111 1111\n")

    run = desk.import_customers("card.csv", *TO, code=4)

    assert (run["outcome"], len(run["discrepancies"])) == ("partly_applied", 1)
    assert "The system took a customer and holds something else in: city." in str(run)


@pytest.mark.thorough
def test_x_series_customers_who_got_a_card_since_are_still_those_of_the_run(x_series: tuple[Desk, XSystem]):
    desk, system = x_series
    desk.write("new.csv", f"{NUMBERED}0;Nils;Ek;nils@example.se;Lund\n0;Zoé;Dupré;zoe@example.org;Gent\n")
    run = desk.import_customers("new.csv", *TO)
    nils = next(c for c in system.fake.customers.customers.values() if c["first_name"] == "Nils")
    system.fake.customers.update(nils["id"], {"customer_code": "4712"})

    back = desk.ask("restore", run["run_id"], *APPLY)

    assert (back["outcome"], back["changes"]["removed"]) == ("applied", 2)
    assert [email for _, email in system.held()] == ["ann@example.org"]


@pytest.mark.thorough
def test_a_register_of_x_series_is_exported_with_numbers_only_where_customers_have_some(
    x_series: tuple[Desk, XSystem],
):
    desk, system = x_series
    system.add("bo@example.org")
    desk.type("export", "customers", "--target", "lightspeed_x_customers", "--dialect", "tixly", "-o", "all.csv")
    exported = (desk.folder / "all.csv").read_text()
    assert [line.split(";")[0] for line in exported.splitlines()] == ["CustomerID", "4711", "0"]

    assert desk.import_customers("all.csv", *TO)["outcome"] == "nothing_to_do"

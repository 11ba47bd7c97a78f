"""Cards and customers in a table of a database of the user's own, from the mapping to the restore."""

import pytest
import sqlalchemy as sa

from infra.databases.foreign import open_foreign
from tests.connectors.own_tables import CARDS_MAPPING, PEOPLE_MAPPING, make_tables, rows_of

OWN = ("--target", "own_database", "--mode", "apply")
CARDS_FILE = "Number,Balance\nGC1,10.00\nGC2,20.00\n"
PEOPLE_FILE = "Firstname,Lastname,E-mail,City\nAnna,Berg,anna@example.se,Lund\nBo,Ek,bo@example.se,Malmö\n"


@pytest.fixture
def own(desk):
    """A desk with a database of its own: one card that is spent in part, one customer, and a mapping of each."""
    (desk.folder / "own.sqlite").touch()
    engine = open_foreign(f"sqlite:///{desk.folder / 'own.sqlite'}")
    make_tables(engine)
    mappings = desk.folder / "mappings"
    mappings.mkdir()
    (mappings / "gift-cards.toml").write_text(CARDS_MAPPING.format(stored_as="minor_units"))
    (mappings / "customers.toml").write_text(PEOPLE_MAPPING)
    with engine.begin() as connection:
        card = "INSERT INTO presentkort (kod, valuta, saldo, lage, butik) VALUES ('GC1', 'EUR', 400, 1, 'Umeå')"
        connection.execute(sa.text(card))
        connection.execute(sa.text("INSERT INTO kunder (epost, ort, rabatt) VALUES ('anna@example.se', 'Umeå', 5)"))
    places = {"own_database_url": f"sqlite:///{desk.folder / 'own.sqlite'}", "own_database_mappings": str(mappings)}
    yield desk, engine, places
    engine.dispose()


def cards_in(engine: sa.Engine) -> list[tuple[object, ...]]:
    return rows_of(engine, "presentkort").select("kod", "saldo", "butik").rows()


AT_FIRST = [("GC1", 400, "Umeå")]


@pytest.mark.parametrize("journal", ["bucket", "database"])
def test_cards_are_imported_read_back_and_restored(own, journal: str):
    desk, engine, places = own
    settings = {**places, "own_database_journal": journal}
    if journal == "database":
        desk.ask("prepare-target", "--target", "own-database", **settings)
    desk.write("cards.csv", CARDS_FILE)

    run = desk.run("cards.csv", *OWN, "--existing-cards", "set", **settings)

    assert (run["outcome"], run["changes"]["created"], run["changes"]["updated"]) == ("applied", 1, 1)
    assert run["discrepancies"] == []
    assert cards_in(engine) == [("GC1", 1000, "Umeå"), ("GC2", 2000, "Stockholm")]
    assert desk.run("cards.csv", *OWN, "--existing-cards", "set", **settings)["changes"]["unchanged"] == 2

    assert desk.ask("restore", run["run_id"], "--mode", "apply", **settings)["outcome"] == "applied"
    assert cards_in(engine) == AT_FIRST


@pytest.mark.thorough
def test_customers_are_numbered_there_and_what_has_no_column_is_left_out(own):
    desk, engine, places = own
    desk.write("people.csv", PEOPLE_FILE)

    run = desk.import_customers("people.csv", *OWN, **places)

    assert (run["changes"]["created"], run["changes"]["updated"], run["discrepancies"]) == (1, 1, [])
    people = rows_of(engine, "kunder").select("id", "epost", "ort", "rabatt").rows()
    assert people == [(1, "anna@example.se", "Lund", 5), (2, "bo@example.se", "Malmö", 0)]
    assert desk.import_customers("people.csv", *OWN, **places)["changes"]["unchanged"] == 2

    desk.ask("restore", run["run_id"], "--mode", "apply", **places)
    assert rows_of(engine, "kunder").select("id", "epost", "ort").rows() == [(1, "anna@example.se", "Umeå")]


def test_cards_are_topped_up_only_where_the_database_remembers_it(own):
    desk, engine, places = own
    desk.write("cards.csv", CARDS_FILE)
    top_up = ("cards.csv", *OWN, "--existing-cards", "top_up")

    assert "cannot top up" in desk.run(*top_up, code=2, **places)["says"]
    settings = {**places, "own_database_journal": "database"}
    assert "prepare-target --target own_database" in desk.run(*top_up, code=2, **settings)["says"]
    desk.ask("prepare-target", "--target", "own-database", **settings)
    assert desk.run(*top_up, **settings)["outcome"] == "applied"
    desk.run(*top_up, **settings)

    assert cards_in(engine) == [("GC1", 1400, "Umeå"), ("GC2", 2000, "Stockholm")]


def test_a_mapping_is_proposed_once_and_checked(own):
    desk, _, places = own
    new = {"own_database_url": places["own_database_url"], "home": str(desk.folder)}
    (desk.folder / "mappings" / "gift-cards.toml").unlink()

    answer = desk.ask("map-database", "gift-cards", **new)
    assert (answer["table"], "saldo" in desk.read("mappings/gift-cards.toml")) == ("presentkort", True)
    assert "is there already, and stays as it is" in desk.ask("map-database", "gift-cards", code=2, **new)["says"]
    assert (
        "questions that only you can answer" in desk.ask("map-database", "gift-cards", "--check", code=2, **new)["says"]
    )
    checked = desk.ask("map-database", "customers", "--check", **new)
    assert (checked["records"], checked["wrong"]) == (1, [])


def test_without_a_database_or_a_mapping_the_setting_is_named(own):
    desk, _, places = own
    desk.write("cards.csv", CARDS_FILE)
    assert "COUNTERFOIL_OWN_DATABASE_URL" in desk.run("cards.csv", *OWN, code=2)["says"]
    (desk.folder / "mappings" / "gift-cards.toml").unlink()
    assert "counterfoil map-database gift-cards" in desk.run("cards.csv", *OWN, code=2, **places)["says"]

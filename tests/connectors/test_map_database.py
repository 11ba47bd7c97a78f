"""Proposing a mapping from what a database says of its tables, and checking one without writing."""

import pytest
import sqlalchemy as sa

from infra.connectors.own_database.checking import check_mapping
from infra.connectors.own_database.mapping import read_mapping
from infra.connectors.own_database.proposal import guess_table, propose
from schemas.customers import CUSTOMERS
from schemas.gift_cards import GIFT_CARDS
from schemas.problems import SettingsNeedFixing
from tests.connectors.drawn import fill
from tests.connectors.own_tables import mapping_of, own_database

CARDS = GIFT_CARDS.resource


def proposed(engine: sa.Engine, domain, table: str = "") -> str:
    return propose(engine, domain, guess_table(engine, domain, table), "SEK")


def checked(engine: sa.Engine):
    return check_mapping(engine, mapping_of(engine, CARDS), CARDS, "EUR")


def execute(engine: sa.Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def test_what_names_and_types_tell_is_proposed_and_the_rest_is_asked(own_engine: sa.Engine):
    text = proposed(own_engine, GIFT_CARDS)

    assert 'table = "presentkort"' in text
    assert '[key]\ncolumn = "kod"\nissued_by = "file"' in text
    assert '[columns.currency]\ncolumn = "valuta"' in text
    assert '[columns.balance_cents]\ncolumn = "saldo"' in text
    assert '"butik" = "?"' in text
    with pytest.raises(SettingsNeedFixing, match=r"columns\.status: Which of ACTIVE.*create\.butik: put the answer"):
        read_mapping(text, CARDS, "gift-cards.toml")


def test_keys_that_the_database_numbers_are_known(own_engine: sa.Engine):
    text = proposed(own_engine, CUSTOMERS)

    assert '[key]\ncolumn = "id"\nissued_by = "database"' in text
    assert '[columns.email]\ncolumn = "epost"\nblank = "null"' in text
    assert '[columns.city]\ncolumn = "ort"' in text
    assert '"rabatt" = "?"' in text


def test_a_finished_proposal_is_a_mapping(own_engine: sa.Engine):
    text = proposed(own_engine, CUSTOMERS).replace('"rabatt" = "?"', '"rabatt" = 0')

    mapping = read_mapping(text, CUSTOMERS.resource, "customers.toml")

    assert check_mapping(own_engine, mapping, CUSTOMERS.resource, "EUR").wrong == ()


def test_words_of_a_status_are_matched_and_the_others_asked_about(own_sqlite: sa.Engine):
    insert = "INSERT INTO cards (code, balance, state) VALUES"
    execute(
        own_sqlite,
        "CREATE TABLE cards (code TEXT PRIMARY KEY, balance INTEGER, state TEXT)",
        f"{insert} ('a', 1, 'Active'), ('b', 1, 'used'), ('c', 1, 'frozen')",
    )

    text = proposed(own_sqlite, GIFT_CARDS, "cards")

    assert 'words = { ACTIVE = "Active", REDEEMED = "used" }' in text
    assert 'question = "Which of INACTIVE, VOIDED, EXPIRED is meant by frozen? Add it to words."' in text
    assert 'constant = "?"  # no column is called like currency' in text


def test_several_tables_that_fit_alike_are_asked_about(own_sqlite: sa.Engine):
    execute(own_sqlite, "CREATE TABLE presentkort_2 AS SELECT * FROM presentkort")

    with pytest.raises(SettingsNeedFixing, match=r"Which table holds gift cards.*presentkort, presentkort_2"):
        proposed(own_sqlite, GIFT_CARDS)


def test_a_table_that_fits_is_counted_and_stays_as_it_is(own_engine: sa.Engine):
    fill(own_database(own_engine, "bucket"), "number | card\nGC1 | EUR 1 ACTIVE\nGC2 | SEK 2 VOIDED")

    found = checked(own_engine)

    assert (found.records, found.wrong) == (2, ())


def test_records_that_cannot_be_read_are_counted(own_engine: sa.Engine):
    fill(own_database(own_engine, "bucket"), "number | card\nGC1 | EUR 1 ACTIVE\nGC2 | SEK 2 VOIDED")
    execute(own_engine, "UPDATE presentkort SET lage = 99")

    assert checked(own_engine).wrong == (
        "2 records hold, in column lage, a word that is not among those of the mapping.",
    )


def test_keys_that_differ_in_letter_case_are_counted(own_sqlite: sa.Engine):
    fill(own_database(own_sqlite, "bucket"), "number | card\nGC1 | EUR 1 ACTIVE")
    execute(own_sqlite, "INSERT INTO presentkort (kod, valuta, saldo, lage, butik) VALUES ('gc1', 'EUR', 1, 1, 'x')")

    assert checked(own_sqlite).wrong == (
        "1 keys differ from another only in letter case: nobody could tell which is meant.",
    )


@pytest.mark.parametrize("right", ["SELECT", "SELECT, UPDATE"])
def test_rights_that_are_missing_are_told(own_mariadb: sa.Engine, own_postgres: sa.Engine, right: str):
    execute(
        own_mariadb,
        "CREATE OR REPLACE USER reader@'127.0.0.1' IDENTIFIED BY 'r'",
        f"GRANT {right} ON shop.presentkort TO reader@'127.0.0.1'",
    )
    execute(
        own_postgres,
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN PASSWORD 'r'",
        f"GRANT {right} ON presentkort TO reader",
    )
    try:
        for engine in (own_mariadb, own_postgres):
            reader = sa.create_engine(engine.url.set(username="reader", password="r"))
            missing = ["add", "remove"] if "UPDATE" in right else ["change", "add", "remove"]
            assert [each.split()[4] for each in checked(reader).wrong] == missing
            reader.dispose()
    finally:
        execute(own_mariadb, "DROP USER reader@'127.0.0.1'")
        execute(own_postgres, "DROP OWNED BY reader", "DROP ROLE reader")


def test_triggers_are_told(own_mariadb: sa.Engine):
    execute(own_mariadb, "CREATE TRIGGER watch BEFORE UPDATE ON presentkort FOR EACH ROW SET NEW.butik = 'x'")

    assert checked(own_mariadb).notes == (
        "Triggers run when the table is written: watch. What they change shows as a discrepancy.",
    )

"""Statements for databases that no server was at hand for: MySQL proper, and SQL Server. They compile, and compare.

Every statement that the target sends is seen while it works with SQLite, and then written as those two are spoken to.
What only a server can say (its locks, its collations, what it counts) is not tested here.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.mssql.pyodbc import MSDialect_pyodbc
from sqlalchemy.dialects.mysql.pymysql import MySQLDialect_pymysql
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.schema import CreateTable

from infra.connectors.own_database.database_journal import journal_tables
from infra.databases.foreign import open_foreign
from schemas.customers import CUSTOMERS
from schemas.problems import SettingsNeedFixing
from tests.connectors.drawn import CARDS, changes, write
from tests.connectors.own_tables import make_tables, new_sqlite, own_database

DIALECTS: dict[str, Dialect] = {"mysql+pymysql": MySQLDialect_pymysql(), "mssql+pyodbc": MSDialect_pyodbc()}
CHANGES = """
    kind   | number | before          | after           | operation_id | operation
    create | GC9    | null            | EUR 500 ACTIVE  | file:gc9     | apply
    update | GC1    | EUR 1000 ACTIVE | EUR 700 ACTIVE  | null         | null
    remove | GC2    | EUR 2000 ACTIVE | null            | null         | null
"""
Seen = list[tuple[sa.ClauseElement, list[str]]]


@pytest.fixture(scope="module")
def seen() -> Iterator[Seen]:
    """The statements of a day with somebody's database: read, written, undone, remembered."""
    engine, statements = new_sqlite(), []

    def see(_connection: Any, statement: Any, many: Any, one: Any, _options: Any) -> None:
        if isinstance(statement, sa.ClauseElement) and not isinstance(statement, sa.TextClause | sa.schema.DDLElement):
            statements.append((statement, list((many or [one])[0])))

    make_tables(engine)
    target = own_database(engine, "database")
    sa.event.listen(engine, "before_execute", see)
    write(target, "kind | number | before | after\ncreate | GC1 | null | EUR 1000 ACTIVE")
    write(target, "kind | number | before | after\ncreate | GC2 | null | EUR 2000 ACTIVE")
    assert write(target, CHANGES) == ["written"] * 3
    assert write(target, CHANGES.replace("EUR 700", "EUR 1").replace("apply", "reverse")) != []
    target.read(CARDS, None), target.read(CARDS, pl.Series(["gc1"])), target.totals(CARDS)
    target.read(CUSTOMERS.resource, None), target.totals(CUSTOMERS.resource)
    target.operations(pl.Series(["file:gc9"])), target.issued(CUSTOMERS.resource, pl.Series(["new:asa"]))
    yield statements
    engine.dispose()


def written(statement: sa.ClauseElement, keys: list[str], dialect: Dialect) -> str:
    """Write a statement as a server of that dialect reads it."""
    names = {"column_keys": keys} if isinstance(statement, sa.Insert | sa.Update) and keys else {}
    return str(statement.compile(dialect=dialect, **names))


def test_a_day_with_a_database_needs_every_kind_of_statement(seen: Seen) -> None:
    assert {type(statement) for statement, _ in seen} >= {sa.Select, sa.Insert, sa.Update, sa.Delete}
    assert len(changes(CHANGES)) == 3


@pytest.mark.parametrize("name", DIALECTS)
def test_every_statement_can_be_written_for_a_server_that_was_not_at_hand(seen: Seen, name: str) -> None:
    texts = [written(statement, keys, DIALECTS[name]) for statement, keys in seen]

    assert all(texts)
    assert not any("RETURNING" in text for text in texts)


@pytest.mark.parametrize("name", DIALECTS)
def test_a_record_is_changed_only_where_it_still_is_as_before_whatever_the_database(seen: Seen, name: str) -> None:
    of_cards = [
        written(statement, keys, DIALECTS[name])
        for statement, keys in seen
        if isinstance(statement, sa.Update | sa.Delete) and statement.table.name == "presentkort"  # type: ignore[union-attr]
    ]

    assert of_cards
    for text in of_cards:
        condition = text.partition("WHERE")[2]
        assert all(column in condition for column in ("kod", "valuta", "saldo", "lage")), text


@pytest.mark.parametrize("name", DIALECTS)
def test_the_tables_of_the_journal_can_be_made_anywhere(name: str) -> None:
    for table in journal_tables("ours").sorted_tables:
        text = str(CreateTable(table).compile(dialect=DIALECTS[name]))
        assert f"ours.{table.name}" in text
        assert ("LONGTEXT" in text) is (name == "mysql+pymysql"), text


@pytest.mark.parametrize("url", ["mysql://u:p@127.0.0.1/shop", "mysql+mysqldb://u:p@127.0.0.1/shop"])
def test_mysql_is_spoken_to_by_its_url_with_the_driver_that_comes_with_counterfoil(url: str) -> None:
    engine = open_foreign(url)
    assert (engine.dialect.name, engine.driver) == ("mysql", "pymysql")
    assert engine.url.query["charset"] == "utf8mb4"


def test_sql_server_needs_an_extra_and_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyodbc", None)
    with pytest.raises(SettingsNeedFixing, match=r"pip install 'counterfoil\[sqlserver\]'"):
        open_foreign("mssql://u:p@127.0.0.1/shop")

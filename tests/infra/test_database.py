"""Opening databases, bringing their tables up to date, and saying what is wrong with them."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from infra.connectors.sql.tables import GIFT_CARDS, TARGET
from infra.databases.database import open_database, reading, writing
from infra.databases.errors import translating_errors
from infra.ledger.tables import LEDGER
from infra.migrations.migrate import make_tables, migrate
from infra.migrations.versions import MIGRATIONS, Tree, newest_version, version_table
from schemas.problems import Refused, SettingsNeedFixing, Unavailable
from tests.parts import temporary_postgres

CARD = {"number": "GC1234567", "currency": "EUR", "balance_cents": 1000, "status": "ACTIVE"}
TREES = [("ledger", LEDGER), ("target", TARGET)]


@pytest.fixture(scope="module")
def postgres_url() -> Iterator[str]:
    try:
        with temporary_postgres() as url:
            yield url
    except Refused as problem:
        pytest.skip(f"No PostgreSQL to test with: {problem}")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new folder' / 'data.sqlite'}"
    url = request.getfixturevalue("postgres_url")
    with writing(open_database(url)) as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    return url


@pytest.mark.filterwarnings("ignore:.*expression-based index")  # SQLite does not tell of these; the contract suite does
@pytest.mark.parametrize(("tree", "tables"), TREES, ids=["ledger", "target"])
def test_the_migrations_make_the_tables_that_the_code_declares(url: str, tree: Tree, tables: sa.MetaData) -> None:
    engine = open_database(url)
    migrate(engine, tree)

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": version_table(tree)})
        assert compare_metadata(context, tables) == []


@pytest.mark.parametrize("tree", ["ledger", "target"])
def test_the_newest_version_is_known_without_alembic(tree: Tree) -> None:
    scripts = ScriptDirectory(str(MIGRATIONS), version_locations=[str(MIGRATIONS / tree)])

    assert scripts.get_current_head() == newest_version(tree)


def test_both_trees_live_in_one_database_and_a_second_time_changes_nothing(url: str) -> None:
    engine = open_database(url)
    for _ in range(2):
        migrate(engine, "ledger")
        migrate(engine, "target")

    with reading(engine) as connection:
        names = set(sa.inspect(connection).get_table_names())
    assert names >= set(LEDGER.tables) | set(TARGET.tables)


def test_no_table_is_made_in_a_target_of_others_unless_someone_asks_for_it(url: str) -> None:
    engine = open_database(url)
    make_others(engine, "wp_posts")

    with pytest.raises(Refused, match=r"holds tables of another program: wp_posts.*counterfoil prepare-target"):
        migrate(engine, "target")
    assert table_names(engine) == {"wp_posts"}
    make_tables(engine, "target")
    migrate(engine, "target")
    assert table_names(engine) >= {"wp_posts", *TARGET.tables}


@pytest.mark.parametrize(("tree", "name"), [("target", "gift_cards"), ("ledger", "runs")])
def test_a_table_of_others_with_the_name_of_one_of_ours_is_left_alone(url: str, tree: Tree, name: str) -> None:
    engine = open_database(url)
    make_others(engine, name)

    with pytest.raises(Refused, match=f"tables that Counterfoil would make, but did not: {name}"):
        make_tables(engine, tree)
    with pytest.raises(Refused, match=name):
        migrate(engine, tree)
    assert table_names(engine) == {name}


@pytest.mark.parametrize("tree", ["ledger", "target"])
def test_tables_of_a_newer_counterfoil_are_left_alone(url: str, tree: Tree) -> None:
    engine = open_database(url)
    migrate(engine, tree)
    with writing(engine) as connection:
        connection.exec_driver_sql(f"UPDATE {version_table(tree)} SET version_num = '9999'")

    with pytest.raises(Refused, match="was last used by a newer Counterfoil: its tables are of version 9999"):
        migrate(engine, tree)


def make_others(engine: sa.Engine, name: str) -> None:
    """Be another program that has a table of its own."""
    with writing(engine) as connection:
        connection.exec_driver_sql(f"CREATE TABLE {name} (id INTEGER)")


def table_names(engine: sa.Engine) -> set[str]:
    with reading(engine) as connection:
        return set(sa.inspect(connection).get_table_names())


def test_a_database_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    migrate(open_database(f"sqlite:///{tmp_path / 'data.sqlite'}"), "target")

    assert {stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()} == {0o600}


def test_a_database_that_is_up_to_date_costs_a_command_nothing(url: str) -> None:
    engine = open_database(url)
    migrate(engine, "ledger")
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _d, statement, *_: asked.append(statement))

    migrate(engine, "ledger")

    assert len([statement for statement in asked if not statement.startswith("BEGIN")]) <= 2, asked


def test_several_processes_may_migrate_at_once(url: str) -> None:
    imports = "from infra.databases.database import *; from infra.migrations.migrate import *"
    in_four_processes(imports, "migrate(open_database(sys.argv[1]), 'ledger')", url)


def in_four_processes(imports: str, work: str, url: str) -> None:
    """Do *work* in four processes at once, which have imported what they need when they start."""
    code = (
        f"import os, sys; {imports}\n"
        "for _ in range(4):\n"
        "    if not os.fork():\n"
        f"        {work}\n"
        "        sys.exit()\n"
        "sys.exit(max(os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(4)))\n"
    )
    ended = subprocess.run([sys.executable, "-c", code, url], stderr=subprocess.PIPE, timeout=120, check=False)
    assert (ended.stderr, ended.returncode) == (b"", 0)


def test_a_writer_waits_for_the_one_before(url: str) -> None:
    engine = open_database(url)
    migrate(engine, "target")

    imports = (
        "import sqlalchemy as sa; from infra.databases.database import *; "
        "from infra.connectors.sql.tables import GIFT_CARDS"
    )
    topped_up = "sa.update(GIFT_CARDS).values(balance_cents=GIFT_CARDS.c.balance_cents + 1)"
    with writing(engine) as connection:
        connection.execute(sa.insert(GIFT_CARDS).values(**CARD))
    in_four_processes(imports, f"with writing(open_database(sys.argv[1])) as c: c.execute({topped_up})", url)

    with reading(engine) as connection:
        assert connection.scalar(sa.select(GIFT_CARDS.c.balance_cents)) == 1004


def test_an_error_rolls_back_what_was_written(url: str) -> None:
    engine = open_database(url)
    migrate(engine, "target")

    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        connection.execute(sa.insert(GIFT_CARDS).values(**CARD))
        raise ZeroDivisionError

    with reading(engine) as connection:
        assert connection.execute(sa.select(GIFT_CARDS)).all() == []


def test_sqlite_keeps_what_was_committed_through_a_power_cut(tmp_path: Path) -> None:
    with reading(open_database(f"sqlite:///{tmp_path / 'data.sqlite'}")) as connection:
        asked = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]

    assert asked == ["wal", 2]


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/data", "sqlite://", "postgresql://host"])
def test_a_url_that_cannot_be_used_is_named_as_such(url: str) -> None:
    with pytest.raises(SettingsNeedFixing, match="The database URL is not one that can be used"):
        open_database(url)


def test_a_server_that_is_not_there_is_unavailable_and_keeps_its_password() -> None:
    engine = open_database("postgresql://someone:geheim@127.0.0.1:1/till")

    with pytest.raises(Unavailable) as raised:
        migrate(engine, "ledger")

    assert str(raised.value) == (
        "The database till on 127.0.0.1 did not answer (connection refused). "
        "Nothing was lost: run the same again in a while (in Prefect: press Retry)."
    )


def test_a_wrong_password_is_said_without_it(postgres_url: str) -> None:
    wrong = sa.make_url(postgres_url).set(password="geheim").render_as_string(hide_password=False)

    with pytest.raises(Unavailable, match="does not accept the user or password") as raised:
        migrate(open_database(wrong), "ledger")

    assert "geheim" not in str(raised.value)


def test_a_locked_file_is_unavailable(tmp_path: Path) -> None:
    file = tmp_path / "data.sqlite"
    engine = open_database(f"sqlite:///{file}")
    migrate(engine, "target")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(Unavailable, match="locked by another program"), reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 10")
        connection.execute(sa.insert(GIFT_CARDS).values(**CARD))
    other.close()


def test_a_row_that_stays_locked_is_unavailable(postgres_url: str) -> None:
    engine = open_database(postgres_url)
    with engine.connect() as waits, engine.connect() as holds:
        holds.exec_driver_sql("SELECT pg_advisory_lock(1)")
        assert waits.exec_driver_sql("SHOW lock_timeout").scalar() == "30s"
        waits.exec_driver_sql("SET LOCAL lock_timeout = 10")
        with pytest.raises(Unavailable, match="locked for someone else"), translating_errors("the database"):
            waits.exec_driver_sql("SELECT pg_advisory_lock(1)")


def test_a_full_disk_says_what_to_do(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'data.sqlite'}")
    migrate(engine, "target")

    with pytest.raises(Unavailable, match=r"data.sqlite cannot grow: the disk is full. Free some space"):  # noqa: SIM117
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
            connection.exec_driver_sql("CREATE TABLE large AS SELECT zeroblob(1000000)")


def test_a_read_only_database_says_what_to_do(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'data.sqlite'}")
    migrate(engine, "target")

    with pytest.raises(Unavailable, match="read-only for this user"), reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")
        connection.execute(sa.insert(GIFT_CARDS).values(**CARD))


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "data.sqlite").write_text("Number,Balance\n" * 100)

    with pytest.raises(Unavailable, match=r"The database data.sqlite is no SQLite database"):
        migrate(open_database(f"sqlite:///{tmp_path / 'data.sqlite'}"), "target")


def test_a_broken_constraint_is_refused_without_the_row(url: str) -> None:
    engine = open_database(url)
    migrate(engine, "target")

    with pytest.raises(Refused, match="refused the change") as raised, writing(engine) as connection:
        connection.execute(sa.insert(GIFT_CARDS).values(**CARD))
        connection.execute(sa.insert(GIFT_CARDS).values(**CARD))

    assert "1234567" not in str(raised.value)
    assert raised.value.__suppress_context__


def test_a_bug_of_ours_is_left_as_it_is() -> None:
    with pytest.raises(ValueError, match="ours"), translating_errors("the database"):
        raise ValueError("ours")

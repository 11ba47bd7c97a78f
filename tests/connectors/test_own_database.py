"""A database of the user's own: what its tables, its collations and its rules do to writes, and crashes in between."""

import logging
import os
import random
import signal
import threading
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from infra.connectors.memory.target import MemoryTarget
from infra.connectors.own_database.database_journal import expect_journal
from infra.connectors.own_database.target import OwnDatabase
from infra.databases.foreign import open_foreign
from schemas.problems import Refused, SettingsNeedFixing, Unavailable
from schemas.records import BatchName
from tests.children import run_child
from tests.connectors.drawn import CARDS, batch, changes, fill, held, write
from tests.connectors.own_tables import JournalKind, Notes, make_tables, own_database, own_tables, rows_of
from tests.connectors.test_agreement import assert_agree, random_changes
from tests.connectors.test_issued_keys import change
from tests.connectors.test_issued_keys import write as write_people

ONE = """
    number | card
    -------+----------------
    GC1    | EUR 1000 ACTIVE
"""
SPEND = """
    kind   | number | before          | after
    update | GC1    | EUR 1000 ACTIVE | EUR 700 ACTIVE
    create | GC2    | null            | EUR 500 ACTIVE
"""


@pytest.fixture(params=["database", "bucket"])
def kind(request: pytest.FixtureRequest) -> JournalKind:
    return request.param


def execute(engine: sa.Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_nothing_is_made_in_a_database_whose_journal_lies_elsewhere(own_engine: sa.Engine):
    before = sa.inspect(own_engine).get_table_names()
    target = own_database(own_engine, "bucket")
    fill(target, ONE)

    assert sorted(sa.inspect(own_engine).get_table_names()) == sorted(before)


def test_a_journal_that_nobody_made_is_asked_for(own_engine: sa.Engine):
    with pytest.raises(SettingsNeedFixing, match=r"counterfoil prepare-target --target own_database"):
        expect_journal(own_engine, "")


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path):
    target = own_database(open_foreign(f"sqlite:///{tmp_path / 'slip.sqlite'}"), "bucket")

    with pytest.raises(Exception, match="cannot be opened"):
        held(target)
    assert not (tmp_path / "slip.sqlite").exists()


def test_new_records_get_what_the_mapping_says_and_other_columns_stay(own_engine: sa.Engine):
    target = own_database(own_engine, "bucket")
    fill(target, ONE)
    execute(own_engine, "UPDATE presentkort SET anteckning = 'for Anna'")

    assert write(target, "kind | number | before | after\nupdate | GC1 | EUR 1000 ACTIVE | EUR 999 ACTIVE") == [
        "written"
    ]

    row = rows_of(own_engine, "presentkort").row(0, named=True)
    assert (row["butik"], row["anteckning"], row["lage"]) == ("Stockholm", "for Anna", 1)


def test_amounts_are_exact_to_the_last_cent(own_postgres: sa.Engine, own_mariadb: sa.Engine):
    for engine in (own_postgres, own_mariadb):
        fill(own_database(engine, "bucket"), "number | card\nGC1 | EUR 9007199254740993 ACTIVE")
        assert str(rows_of(engine, "presentkort")["saldo"][0]) == "90071992547409.93"


@pytest.mark.thorough
@pytest.mark.parametrize("edited", ["lund", "Lünd", "Lund "])
def test_an_edit_between_look_and_write_is_a_conflict_if_only_a_letter_of_it_differs(
    own_postgres: sa.Engine, own_mariadb: sa.Engine, edited: str
):
    for engine in (own_postgres, own_mariadb):
        target = own_database(engine, "bucket")
        execute(engine, "INSERT INTO kunder (epost, ort, rabatt) VALUES ('a@x.se', 'Lund', 0)")
        key = str(rows_of(engine, "kunder")["id"][0])
        other = sa.create_engine(engine.url)
        edit = partial(execute, other, f"UPDATE kunder SET ort = '{edited}'")
        before_first(engine, "UPDATE kunder", edit)

        outcomes = write_people(target, person_change("update", key, "a@x.se", "b@x.se", city="Lund"))

        assert outcomes == ["conflict"]
        assert rows_of(engine, "kunder").select("epost", "ort").rows() == [("a@x.se", edited)]
        other.dispose()


def before_first(engine: sa.Engine, statement: str, happens: Callable[[], None]) -> None:
    """Let something happen just before the first statement that begins like this."""
    waiting = [happens]

    def look(_connection: object, _cursor: object, text: str, *_: object) -> None:
        if waiting and text.startswith(statement):
            waiting.pop()()

    sa.event.listen(engine, "before_cursor_execute", look)


def person_change(kind: str, key: str, before: str, after: str, city: str) -> dict[str, str | None]:
    drawn = change(kind, key, before, after)
    return drawn | {f"city_{side}": city for side in ("before", "after")}


def test_a_value_that_the_mapping_cannot_read_stops_the_run_and_is_not_shown(own_engine: sa.Engine):
    target = own_database(own_engine, "bucket")
    fill(target, ONE)
    execute(own_engine, "UPDATE presentkort SET lage = 77")

    with pytest.raises(Refused, match="presentkort holds, in column lage, a word that is not among those") as raised:
        held(target)
    assert "77" not in str(raised.value)
    assert "GC1" not in str(raised.value)


def test_records_that_differ_only_in_letter_case_stop_the_run(own_sqlite: sa.Engine, own_postgres: sa.Engine):
    for engine in (own_sqlite, own_postgres):
        target = own_database(engine, "bucket")
        fill(target, ONE)
        execute(engine, "INSERT INTO presentkort (kod, valuta, saldo, lage, butik) VALUES ('gc1', 'EUR', 1, 1, 'Umeå')")
        with pytest.raises(Refused, match="keys differ only in letter case"):
            held(target, "GC1")


def test_what_the_table_turns_down_is_refused_and_the_rest_is_written(own_engine: sa.Engine):
    target, name = own_database(own_engine, "bucket"), batch()
    fill(target, ONE)
    long = "G" * 70 if own_engine.dialect.name != "sqlite" else "GC8"
    execute(own_engine, "CREATE UNIQUE INDEX one_amount ON presentkort (saldo)")
    try:
        drawn = changes(
            f"""
            kind   | number | before          | after
            update | GC1    | EUR 1000 ACTIVE | EUR 700 ACTIVE
            create | GC7    | null            | EUR 500 ACTIVE
            create | {long} | null            | EUR 500 ACTIVE
            """
        )
        outcomes = target.write(CARDS, drawn, name).to_list()
    finally:
        make_tables(own_engine)

    assert outcomes == ["written", "written", "refused"]
    assert len(target.reasons(name)) == 1
    assert "presentkort does not take a change" in target.reasons(name)[0]


def test_a_status_that_the_mapping_has_no_word_for_is_refused(own_engine: sa.Engine):
    target, name = own_database(own_engine, "bucket"), batch()
    drawn = changes("kind | number | before | after\ncreate | GC1 | null | EUR 5 STOLEN")

    assert target.write(CARDS, drawn, name).to_list() == ["refused"]
    assert target.reasons(name) == ("status cannot be written to lage: the mapping has no word for it",)


def test_accents_are_no_letter_case(own_mariadb: sa.Engine):
    """MariaDB takes gcé for GCE, we do not: one is there, so the other cannot be made, and nobody's card is touched."""
    target = own_database(own_mariadb, "bucket")
    fill(target, "number | card\nGCE | EUR 1 ACTIVE")

    assert held(target, "gcé") == []
    assert write(target, "kind | number | before | after\ncreate | gcé | null | EUR 2 ACTIVE") == ["refused"]
    assert write(target, "kind | number | before | after\nupdate | gcé | EUR 1 ACTIVE | EUR 2 ACTIVE") == ["conflict"]
    assert held(target) == ["GCE EUR 1 ACTIVE"]


@pytest.mark.thorough
def test_of_writers_at_once_one_wins_and_the_others_see_a_conflict(own_engine: sa.Engine, kind: JournalKind):
    fill(own_database(own_engine, kind), "number | card\n" + "\n".join(f"GC{n} | EUR 1 ACTIVE" for n in range(50)))
    outcomes: list[list[str]] = [[], [], []]

    def change(writer: int) -> None:
        rows = "\n".join(f"update | GC{n} | EUR 1 ACTIVE | EUR {100 + writer} ACTIVE" for n in range(50))
        drawn = changes(f"kind | number | before | after\n{rows}")
        outcomes[writer] = own_database(own_engine, kind).write(CARDS, drawn, batch(f"run{writer}")).to_list()

    threads = [threading.Thread(target=change, args=(writer,)) for writer in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    per_card = [sorted(each) for each in zip(*outcomes, strict=True)]
    assert per_card == [["conflict", "conflict", "written"]] * 50


@pytest.mark.thorough
def test_batches_of_any_changes_come_out_as_in_the_reference(own_engine: sa.Engine, kind: JournalKind):
    dice = random.Random(20_263)
    batches = [random_changes(dice, 60, 90) for _ in range(8)]
    if kind == "bucket":
        none = pl.lit(None, dtype=pl.String)
        batches = [each.with_columns(operation_id=none, operation=none) for each in batches]
    assert_agree(own_database(own_engine, kind), MemoryTarget(), batches)


class Killed(Exception):  # noqa: N818 - it stands for no error
    """What stands for the end of a process in this one."""


def write_and_lose(
    target: OwnDatabase, moment: str, monkeypatch: pytest.MonkeyPatch, name: BatchName, drawn: str = SPEND
) -> None:
    """Write a batch in a process that ends just before or just after its commit."""
    with monkeypatch.context() as patch:
        commit = sa.engine.default.DefaultDialect.do_commit

        def die(dialect: object, connection: object) -> None:
            if moment == "after":
                commit(dialect, connection)  # type: ignore[arg-type]
            raise Killed

        patch.setattr(sa.engine.default.DefaultDialect, "do_commit", die)
        with pytest.raises(Killed):
            target.write(CARDS, changes(drawn), name)
    target._tables.engine.dispose()


@pytest.mark.thorough
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_batch_whose_commit_was_not_answered_is_written_once(
    own_engine: sa.Engine, kind: JournalKind, moment: str, monkeypatch: pytest.MonkeyPatch
):
    notes, name = Notes(), batch()
    target = own_database(own_engine, kind, notes)
    fill(target, ONE)
    write_and_lose(target, moment, monkeypatch, name)
    later = own_database(own_engine, kind, notes)

    then = later.outcomes(name)

    assert (then is None) == (moment == "before")
    assert later.write(CARDS, changes(SPEND), name).to_list() == (["written"] * 2 if then is None else ["done"] * 2)
    assert held(later) == ["GC1 EUR 700 ACTIVE", "GC2 EUR 500 ACTIVE"]


def test_without_a_journal_there_what_others_did_meanwhile_makes_it_unknown_and_nothing_is_written(
    own_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
):
    notes, name = Notes(), batch()
    fill(own_database(own_engine, "bucket", notes), ONE)
    write_and_lose(own_database(own_engine, "bucket", notes), "after", monkeypatch, name)
    back = "10.00" if own_engine.dialect.name != "sqlite" else "1000"
    execute(own_engine, f"UPDATE presentkort SET saldo = {back} WHERE kod = 'GC1'")
    later = own_database(own_engine, "bucket", notes)

    assert later.write(CARDS, changes(SPEND), name).to_list() == ["unknown", "unknown"]
    assert held(later) == ["GC1 EUR 1000 ACTIVE", "GC2 EUR 500 ACTIVE"]


@pytest.mark.thorough
def test_with_the_journal_there_what_others_did_meanwhile_changes_nothing_about_it(
    own_engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
):
    name = batch()
    fill(own_database(own_engine, "database"), ONE)
    write_and_lose(own_database(own_engine, "database"), "after", monkeypatch, name)
    back = "10.00" if own_engine.dialect.name != "sqlite" else "1000"
    execute(own_engine, f"UPDATE presentkort SET saldo = {back} WHERE kod = 'GC1'")

    assert own_database(own_engine, "database").write(CARDS, changes(SPEND), name).to_list() == ["done", "done"]


@pytest.mark.thorough
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_that_is_killed_at_its_commit_has_written_all_or_nothing(
    own_engine: sa.Engine, moment: str, tmp_path: Path
):
    fill(own_database(own_engine, "database"), ONE)
    url = own_engine.url.render_as_string(hide_password=False)
    if own_engine.dialect.name == "sqlite":
        url = f"sqlite:///{(own_engine.url.database or '').removeprefix('file:').partition('?')[0]}"
    own_engine.dispose()

    ended = run_child(write_and_be_killed, {}, tmp_path / "child", url, moment)

    assert ended.code == -signal.SIGKILL, ended.err
    later = own_database(own_engine, "database")
    assert held(later) == (AS_BEFORE if moment == "before" else AS_WANTED)
    outcome = "written" if moment == "before" else "done"
    assert later.write(CARDS, changes(SPEND), THE_BATCH).to_list() == [outcome, outcome]
    assert held(later) == AS_WANTED


AS_BEFORE = ["GC1 EUR 1000 ACTIVE"]
AS_WANTED = ["GC1 EUR 700 ACTIVE", "GC2 EUR 500 ACTIVE"]
THE_BATCH = BatchName(plan_id="plan", number=1, run_id="killed")


def write_and_be_killed(url: str, moment: str) -> None:
    """Write the batch in a process that ends just before or just after its commit."""
    target = own_database(open_foreign(url), "database")
    target.read(CARDS, None)
    commit = sa.engine.default.DefaultDialect.do_commit

    def die(dialect: object, connection: object) -> None:
        if moment == "after":
            commit(dialect, connection)  # type: ignore[arg-type]
        os.kill(os.getpid(), signal.SIGKILL)

    sa.engine.default.DefaultDialect.do_commit = die  # type: ignore[assignment,method-assign]
    target.write(CARDS, changes(SPEND), THE_BATCH)


def test_a_view_a_computed_column_and_a_key_that_may_be_there_twice_are_refused(own_sqlite: sa.Engine):
    execute(own_sqlite, "DROP TABLE presentkort")
    columns = "valuta TEXT, lage INTEGER, saldo INTEGER GENERATED ALWAYS AS (1) STORED"
    execute(own_sqlite, f"CREATE TABLE presentkort (id INTEGER PRIMARY KEY, kod TEXT, butik TEXT, {columns})")
    with pytest.raises(SettingsNeedFixing, match=r"kod may be there twice: CREATE UNIQUE INDEX.*saldo is made by the"):
        own_tables(own_sqlite).of("gift_cards")

    execute(own_sqlite, "ALTER TABLE presentkort RENAME TO cards")
    execute(own_sqlite, "CREATE VIEW presentkort AS SELECT * FROM cards")
    with pytest.raises(SettingsNeedFixing, match="presentkort is a view"):
        own_tables(own_sqlite).of("gift_cards")


def test_a_table_that_cannot_take_a_batch_back_is_refused(own_mariadb: sa.Engine):
    execute(own_mariadb, "ALTER TABLE presentkort ENGINE=MyISAM")

    with pytest.raises(SettingsNeedFixing, match=r"stored by MyISAM.*ENGINE=InnoDB"):
        own_tables(own_mariadb).of("gift_cards")


def test_a_floating_point_amount_is_refused(own_mariadb: sa.Engine):
    execute(own_mariadb, "ALTER TABLE presentkort MODIFY saldo DOUBLE NOT NULL")

    with pytest.raises(SettingsNeedFixing, match=r"saldo is DOUBLE.*which rounds: make it a DECIMAL"):
        own_tables(own_mariadb).of("gift_cards")


@pytest.mark.parametrize("driver", ["postgresql", "mysql", "mariadb"])
def test_a_server_that_does_not_answer_is_named_without_its_user_and_its_password(
    driver: str, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    engine = open_foreign(f"{driver}://MARKER-USER:MARKER-PASSWORD@127.0.0.1:1/shop")
    target = own_database(engine, "bucket")

    with pytest.raises(Unavailable) as problem:
        held(target)

    shown = "".join(traceback.format_exception(problem.value))
    assert "MARKER" not in f"{problem.value!r}{shown}{target!r}{caplog.text}"

"""What a database adds to the contract: whole transactions, and other people writing at the same time."""

import threading
from collections.abc import Callable

import polars as pl
import pytest
import sqlalchemy as sa

from infra.connectors.sql.tables import BATCHES, GIFT_CARDS, OPERATIONS
from infra.connectors.sql.target import SqlTarget
from infra.databases.database import reading, writing
from schemas.problems import Refused, Unavailable
from tests.connectors.drawn import CARDS, batch, changes, fill, held, write

ONE = "number | card\nGC1 | EUR 1000 ACTIVE\nGC2 | EUR 2000 ACTIVE"
CONFLICT_FREE = """
    kind   | number | before          | after           | operation_id | operation
    update | GC1    | EUR 1000 ACTIVE | EUR 1500 ACTIVE | file:gc1     | apply
    remove | GC2    | EUR 2000 ACTIVE | null            | null         | null
    create | GC3    | null            | EUR 1 ACTIVE    | null         | null
"""


def count(database: sa.Engine, table: sa.Table) -> int:
    with reading(database) as connection:
        return connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def in_a_thread(work: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    answers: list[object] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()
    return thread, answers


@pytest.mark.parametrize("broken", ["create", "update"])
def test_a_change_that_the_database_refuses_takes_the_whole_batch_with_it(database: sa.Engine, broken: str) -> None:
    target = SqlTarget(database)
    fill(target, ONE)
    before, batches = held(target), count(database, BATCHES)
    negative = {
        "create": "create | GC4 | null | EUR -1 ACTIVE",
        "update": "update | GC2 | EUR 2000 ACTIVE | EUR -1 ACTIVE",
    }[broken]

    with pytest.raises(Refused, match="balance_not_negative") as refused:
        write(target, f"{CONFLICT_FREE.replace('remove | GC2', 'remove | GC5')} {negative} | null | null")

    assert "GC" not in str(refused.value)
    assert held(target) == before
    assert (count(database, BATCHES), count(database, OPERATIONS)) == (batches, 0)


def test_a_lost_connection_leaves_nothing_and_the_same_batch_settles_it(
    database: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, name = SqlTarget(database), batch()
    fill(target, ONE)
    before, batches = held(target), count(database, BATCHES)

    def cut(_connection: sa.Connection) -> None:
        raise Unavailable("the line was cut just before the commit")

    sa.event.listen(database, "commit", cut)
    try:
        with pytest.raises(Unavailable):
            target.write(CARDS, changes(CONFLICT_FREE), name)
    finally:
        sa.event.remove(database, "commit", cut)

    assert held(target) == before
    assert (count(database, BATCHES), count(database, OPERATIONS)) == (batches, 0)
    assert target.write(CARDS, changes(CONFLICT_FREE), name).to_list() == ["written"] * 3
    assert held(target) == ["GC1 EUR 1500 ACTIVE", "GC3 EUR 1 ACTIVE"]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("edit", "now"),
    [
        (sa.update(GIFT_CARDS).values(balance_cents=900).where(GIFT_CARDS.c.number == "GC1"), "GC1 EUR 900 ACTIVE"),
        (sa.update(GIFT_CARDS).values(status="VOIDED").where(GIFT_CARDS.c.number == "GC2"), "GC2 EUR 2000 VOIDED"),
        (
            sa.insert(GIFT_CARDS).values(number="gc3", currency="EUR", balance_cents=5, status="ACTIVE"),
            "gc3 EUR 5 ACTIVE",
        ),
    ],
    ids=["updated", "about to be removed", "created"],
)
def test_an_edit_that_commits_while_we_wait_for_it_is_kept(database: sa.Engine, edit: sa.Executable, now: str) -> None:
    """The till writes first and commits late; our batch finds its row locked and must look again."""
    target = SqlTarget(database)
    fill(target, ONE)

    with writing(database) as till:
        till.execute(edit)
        thread, outcomes = in_a_thread(lambda: write(target, CONFLICT_FREE))
        thread.join(0.3)
        assert thread.is_alive()
    thread.join(20)

    key = now.split(maxsplit=1)[0].upper()
    assert outcomes == [["conflict" if number == key else "written" for number in ("GC1", "GC2", "GC3")]]
    assert now in held(target)


def test_an_addition_tried_by_two_runs_at_once_happens_once(database: sa.Engine) -> None:
    target = SqlTarget(database)
    fill(target, ONE)
    outcomes: list[list[str]] = []
    start = threading.Barrier(4)

    def add() -> None:
        start.wait()
        outcomes.append(write(target, CONFLICT_FREE.splitlines()[1] + "\n" + CONFLICT_FREE.splitlines()[2]))

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(outcomes) == [["unchanged"], ["unchanged"], ["unchanged"], ["written"]]
    assert held(target, "GC1") == ["GC1 EUR 1500 ACTIVE"]


def test_the_same_batch_sent_twice_at_once_is_written_once(database: sa.Engine) -> None:
    target, name = SqlTarget(database), batch()
    fill(target, ONE)

    pairs = [in_a_thread(lambda: target.write(CARDS, changes(CONFLICT_FREE), name).to_list()) for _ in range(2)]
    for thread, _ in pairs:
        thread.join(30)

    assert sorted(answers for _, answers in pairs) == [[["done"] * 3], [["written"] * 3]]


def test_a_read_sees_one_moment(postgres: sa.Engine) -> None:
    target = SqlTarget(postgres)
    fill(target, ONE)

    with reading(postgres) as connection:
        first = connection.scalar(sa.select(sa.func.sum(GIFT_CARDS.c.balance_cents)))
        write(target, "kind | number | before | after\ncreate | GC3 | null | EUR 1 ACTIVE")
        assert connection.scalar(sa.select(sa.func.sum(GIFT_CARDS.c.balance_cents))) == first


def test_many_pages_are_read_whole(database: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.databases.bulk.PAGE_ROWS", 7)
    monkeypatch.setattr("infra.databases.bulk.PAGE_BLOCKS", 1)
    target = SqlTarget(database)
    fill(target, "number | card\n" + "\n".join(f"GC{n} | EUR {n} ACTIVE" for n in range(1_000)))

    read = target.read(CARDS, None).sort("balance_cents")

    assert read["balance_cents"].to_list() == list(range(1_000))
    wanted = pl.Series([f"gc{n}" for n in range(100)])
    assert sorted(target.read(CARDS, wanted)["balance_cents"]) == list(range(100))

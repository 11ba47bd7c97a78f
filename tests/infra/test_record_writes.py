"""The journal of writes of single records, and the tokens of a login, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from infra.connectors.record_hashes import hash_of, key_hash
from infra.ledger import Ledger
from infra.ledger.access_tokens import TokenBook
from infra.ledger.record_writes import WriteBook
from schemas.record_writes import OPEN, RecordWrite
from schemas.records import BatchName

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def line(card: str, position: int = 0, *, number: int = 1, run: str = "run", outcome: str = OPEN) -> RecordWrite:
    batch = BatchName(plan_id="plan", number=number, run_id=run)
    return RecordWrite(
        batch=batch,
        position=position,
        rows=3,
        key_sha256=key_hash(card),
        kind="add",
        change_sha256=hash_of(card, "add", 500),
        request_key=f"{run}-{number}-{position}",
        operation_sha256="",
        operation="",
        begun_at=NOON,
        outcome=outcome,
    )


@pytest.fixture
def book(ledger: Ledger) -> WriteBook:
    return WriteBook(ledger.engine, "shop")


def test_lines_come_back_as_they_were_entered_in_the_order_of_the_batch(book: WriteBook) -> None:
    for position in (2, 0, 1):
        book.begin(line(f"GC{position}", position))
    book.enter(line("GC9", 0, number=2, outcome="written"))

    assert book.recall(line("", 0).batch) == [line(f"GC{position}", position) for position in range(3)]
    assert book.recall(line("", 0, run="another").batch) == []
    assert [each.position for each in book.list_open()] == [0, 1, 2]


def test_an_outcome_takes_the_place_of_the_intent(book: WriteBook) -> None:
    book.begin(line("GC1"))
    book.enter(line("GC1", outcome="written"))

    assert (book.recall(line("GC1").batch), book.list_open()) == ([line("GC1", outcome="written")], [])


def test_a_line_that_never_left_is_taken_back(book: WriteBook) -> None:
    book.begin(line("GC1"))
    book.begin(line("GC2", 1))
    book.withdraw(line("GC1"))

    assert [each.position for each in book.list_open()] == [1]


def test_whoever_wants_the_same_takes_over_the_key_and_is_the_only_one_whose_it_is(book: WriteBook) -> None:
    later = replace(line("GC1", run="later"), begun_at=NOON + timedelta(hours=1))
    (first, was_first), (other, _) = book.begin(line("GC1")), book.begin(line("GC2", 1))
    (second, was_second), (third, _) = book.begin(later), book.begin(line("GC1", number=2, run="later"))

    assert (was_first, was_second, second.begun_at) == (True, False, NOON)
    assert (first.request_key, second.request_key, third.request_key) == ("run-1-0", "run-1-0", "run-1-0")
    assert other.request_key == "run-1-1"
    assert [(each.batch.run_id, each.batch.number, each.outcome) for each in book.list_open()] == [
        ("run", 1, OPEN),
        ("later", 2, OPEN),
    ]
    assert [each.outcome for each in book.recall(first.batch)] == ["unchanged", OPEN]


def test_what_is_settled_gives_its_key_to_nobody(book: WriteBook) -> None:
    book.enter(line("GC1", outcome="written"))

    assert book.begin(line("GC1", run="later"))[0].request_key == "later-1-0"


def test_of_an_operation_the_last_that_was_done_counts(book: WriteBook) -> None:
    done = ("apply", "written"), ("reverse", "written"), ("apply", "conflict"), ("reverse", OPEN)
    assert book.operations(["op"]) == {}
    for number, (operation, outcome) in enumerate(done):
        book.enter(replace(line("GC1", number=number, outcome=outcome), operation_sha256="op", operation=operation))

    assert book.operations(["op", "other"]) == {"op": "reverse"}
    assert book.operations([f"op{number}" for number in range(2_000)]) == {}


def test_targets_have_journals_of_their_own(book: WriteBook) -> None:
    book.begin(line("GC1"))
    another = WriteBook(book.engine, "another")

    assert another.begin(line("GC1", run="later"))[0].request_key == "later-1-0"
    assert len(book.list_open()) == 1


def test_one_at_a_time_renews_tokens_and_not_those_that_were_renewed(ledger: Ledger) -> None:
    tokens, later = TokenBook(ledger.engine, "shop"), NOON + timedelta(minutes=1)
    assert tokens.find() is None
    assert not tokens.claim("one", 1, at=NOON, until=later)
    tokens.save("sealed", NOON)
    found = tokens.find()
    assert found is not None
    assert (found.sealed, found.expires_at, found.revision) == ("sealed", NOON, 1)

    assert tokens.claim("one", 1, at=NOON, until=later)
    assert not tokens.claim("two", 1, at=NOON, until=later)
    tokens.give_back("two")
    assert not tokens.claim("two", 1, at=NOON, until=later), "it was not hers to give back"
    assert tokens.claim("two", 1, at=later, until=later + timedelta(minutes=1)), "the turn of one is over"

    tokens.save("renewed", later)
    renewed = tokens.find()
    assert renewed is not None
    assert (renewed.sealed, renewed.revision) == ("renewed", 2)
    assert not tokens.claim("three", 1, at=later, until=later)
    assert tokens.claim("three", 2, at=NOON, until=later)
    tokens.give_back("three")
    assert tokens.claim("four", 2, at=NOON, until=later)

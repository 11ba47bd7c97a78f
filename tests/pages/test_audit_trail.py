"""The audit trail is only added to, and says so of itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from infra.databases.database import writing
from infra.ledger.audit import FIRST, AuditBook, first_broken, seal
from infra.migrations.migrate import migrate
from schemas.people import AuditEntry
from schemas.problems import Problem
from tests.databases import open_database

DAY = datetime(2026, 11, 29, 8, tzinfo=UTC)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def trail(said: list[tuple[str, str]]) -> list[AuditEntry]:
    entries: list[AuditEntry] = []
    for number, (person, about) in enumerate(said, 1):
        entry = AuditEntry(
            number=number,
            at=DAY + timedelta(minutes=number),
            person=person,
            shop="",
            action="looked",
            about=about,
            detail="",
            previous_sha256=entries[-1].sha256 if entries else FIRST,
            sha256="",
        )
        entries.append(replace(entry, sha256=seal(entry)))
    return entries


@pytest.fixture
def book(tmp_path: Path) -> AuditBook:
    engine = open_database(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    migrate(engine, "ledger")
    return AuditBook(engine)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1, max_size=6))
def test_a_trail_that_nobody_touched_holds(said):
    entries = trail(said)
    assert first_broken(iter(entries)) == (len(entries), None, entries[-1].sha256)


@given(st.lists(st.tuples(NAMES, NAMES), min_size=2, max_size=6), st.data())
def test_whatever_is_changed_or_taken_out_before_the_end_is_found(said, data):
    entries = trail(said)
    at = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:at], replace(entries[at], person=entries[at].person + "x"), *entries[at + 1 :]]
    assert first_broken(iter(changed))[:2] == (at, changed[at])
    without = [*entries[:at], *entries[at + 1 :]]
    if at < len(entries) - 1:
        assert first_broken(iter(without))[:2] == (at, without[at])


def test_what_was_entered_is_read_back_with_hashes_that_hold(book: AuditBook):
    for about in ("4f2a91c07be3", "räksmörgås", ""):
        book.enter("looked", person="Maria", now=DAY, about=about)
    assert first_broken(book.entries()) == (3, None, [*book.entries()][-1].sha256)


REPLACE = (
    "REPLACE INTO audit SELECT number, at, 'Nils', shop, action, about, detail, previous_sha256, sha256 FROM audit"
)


@pytest.mark.parametrize("statement", ["UPDATE audit SET person = 'Nils'", "DELETE FROM audit", REPLACE])
def test_the_database_refuses_to_change_or_delete_an_entry(book: AuditBook, statement: str):
    book.enter("looked", person="Maria", now=DAY)
    with pytest.raises((Problem, sa.exc.DatabaseError)), writing(book.engine) as connection:
        connection.execute(sa.text(statement))
    assert [entry.person for entry in book.entries()] == ["Maria"]

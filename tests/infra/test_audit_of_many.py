"""The audit trail where many write at once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from infra.databases.database import writing
from infra.ledger import Ledger
from infra.ledger.audit import AuditBook, first_broken
from schemas.problems import Problem

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_what_many_enter_at_once_is_one_chain(ledger: Ledger):
    book = AuditBook(ledger.engine)
    before = len([*book.entries()])
    with ThreadPoolExecutor(8) as pool:
        entered = [*pool.map(lambda n: book.enter("looked", person=f"Maria {n}", now=NOON), range(40))]
    assert len({entry.number for entry in entered}) == 40
    assert first_broken(book.entries())[:2] == (before + 40, None)


@pytest.mark.parametrize("statement", ["UPDATE audit SET person = 'Nils'", "DELETE FROM audit"])
def test_either_database_refuses_to_change_or_delete_an_entry(ledger: Ledger, statement: str):
    AuditBook(ledger.engine).enter("looked", person="Maria", now=NOON)
    with pytest.raises((Problem, sa.exc.DatabaseError)), writing(ledger.engine) as connection:
        connection.execute(sa.text(statement))

"""Two people who decide about one plan at the same moment, on the database where neither waits for the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from threading import Barrier
from uuid import uuid4

import pytest
import sqlalchemy as sa

from infra.databases.database import writing
from infra.ledger import Ledger
from infra.ledger.approvals import Use, claim, decide
from infra.ledger.taking_back import ApprovalsTakenBack, end_unclaimed
from schemas.problems import Refused
from schemas.records import Approval, Artifact, ChangeCounts, Plan, Totals
from tests.databases import open_database

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def test_of_two_who_decide_at_once_the_second_is_told(ledger_on_postgres: str):
    ledger = Ledger(open_database(ledger_on_postgres))
    plan_id = planned(ledger)
    yes = Approval(plan_id=plan_id, decision="approve", approver="Ada", reason="as counted", decided_at=NOON)
    no = Approval(plan_id=plan_id, decision="reject", approver="Nils", reason="wrong file", decided_at=NOON)
    with ThreadPoolExecutor(1) as pool:
        with writing(ledger.engine) as connection:
            decide(connection, yes)
            second = pool.submit(ledger.record_approval, no)
            while not second.done() and not _waiting(ledger):
                pass
        with pytest.raises(Refused, match="approved already, by Ada"):
            second.result()


def _waiting(ledger: Ledger) -> int:
    with ledger.engine.connect() as connection:
        return connection.scalar(WAITING) or 0


@pytest.mark.parametrize("first", ["apply", "person"])
def test_of_an_apply_and_a_person_who_takes_the_approval_back_the_second_is_told(ledger_on_postgres: str, first: str):
    ledger = Ledger(open_database(ledger_on_postgres))
    plan_id = approved(ledger)
    take_back = partial(ApprovalsTakenBack(ledger.engine).take_back, plan_id, now=NOON)
    with ThreadPoolExecutor(1) as pool:
        with writing(ledger.engine) as connection:
            if first == "apply":
                assert claim(connection, plan_id, Use(run_id="run-1"), NOON)
                second = pool.submit(take_back)
            else:
                assert end_unclaimed(connection, plan_id, NOON) == ("Ada",)
                second = pool.submit(ledger.claim_approval, plan_id, "run-1", NOON)
            while not second.done() and not _waiting(ledger):
                pass
        if first == "apply":
            with pytest.raises(Refused, match="is being carried out already, by run run-1"):
                second.result()
        else:
            assert second.result() is None


def test_of_an_apply_and_a_person_at_the_same_moment_exactly_one_wins(ledger: Ledger):
    for _round in range(8):
        plan_id = approved(ledger)
        begin = Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            applied = pool.submit(_at_once, begin, partial(ledger.claim_approval, plan_id, "run-1", NOON))
            take_back = partial(ApprovalsTakenBack(ledger.engine).take_back, plan_id, now=NOON)
            taken = pool.submit(_at_once, begin, take_back)
        wins = [bool(each.result()) for each in (applied, taken) if not each.exception()]
        assert wins.count(True) == 1, (applied, taken)
        assert taken.exception() is None or isinstance(taken.exception(), Refused)


def _at_once(begin: Barrier, do: Callable[[], object]) -> object:
    begin.wait()
    return do()


def approved(ledger: Ledger) -> str:
    """Enter a plan that Ada approved; return its id."""
    plan_id = planned(ledger)
    yes = Approval(plan_id=plan_id, decision="approve", approver="Ada", reason="as counted", decided_at=NOON)
    ledger.record_approval(yes)
    return plan_id


def planned(ledger: Ledger) -> str:
    """Enter a plan; return its id."""
    plan_id = uuid4().hex
    changes = Artifact(name="changes.parquet", key="runs/a/changes.parquet", sha256="1" * 64, size_bytes=10)
    counts = {"counts": ChangeCounts(created=2), "totals": Totals(), "changes": changes, "concerns": ()}
    about = {"domain": "gift-cards", "target": "sql", "options": {}}
    ledger.save_plan(Plan(**about, **counts, plan_id=plan_id), run_id=plan_id[:12], now=NOON, hours=1)
    return plan_id

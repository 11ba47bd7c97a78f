"""Two runs of one process whose batches lie between each other's in a drawn order, and what each of them says."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from threading import Condition
from typing import Any

import sqlalchemy as sa

from infra.clock import now
from infra.connectors.sql.tables import TARGET
from infra.connectors.sql.target import SqlTarget
from infra.context import ledger, settings, storage, thread_pool
from infra.databases.database import reading, writing
from infra.systems import open_systems
from schemas.named_plans import NamedPlan
from schemas.records import Run, RunReport
from tasks.chain.approve import approve
from tests.databases import open_database
from tests.without_prefect_engine import new_flow_run_id, remove_prefect_engine, run_id_of

CARDS = TARGET.tables["gift_cards"]
FILES = {
    "same": "Number,Balance\nA1,10.00\nA2,10.00\nB1,20.00\nB2,20.00\nC1,10.00\nC2,10.00\n",
    "other": "Number,Balance\nA2,10.00\nB1,20.00\nB2,30.00\nC3,10.00\nC4,10.00\nC5,10.00\n",
}
"""The first run's file is "same"; the second's is the same, or shares some cards with it."""
AT_FIRST = {"B1": 1500, "B2": 1500}


def orders(batches: int) -> list[str]:
    """List every order in which two runs can write their batches."""
    return sorted({"".join(order) for order in permutations("1" * batches + "2" * batches)})


@open_systems()
def import_in_every_order(second: str, undone: str, batches: int) -> None:
    """Import two files at once in every order of their batches, undo both runs, *undone* first, and look each time."""
    remove_prefect_engine()
    for order in orders(batches):
        _begin_anew()
        first, other = _import_both(second, order)
        _accounts_hold(first, other, order)
        for run_id in (first.run_id, other.run_id) if undone == "first" else (other.run_id, first.run_id):
            held = _till()
            _undo(run_id)
            _put_back(run_id, held, order)
        assert _till() == AT_FIRST, order


def _begin_anew() -> None:
    with writing(open_database(settings().target)) as connection:
        connection.execute(sa.delete(CARDS))
        rows = [
            {"number": number, "currency": "EUR", "balance_cents": cents, "status": "ACTIVE"}
            for number, cents in AT_FIRST.items()
        ]
        connection.execute(sa.insert(CARDS), rows)


def _import_both(second: str, order: str) -> tuple[RunReport, RunReport]:
    planned = [_plan(FILES[name]) for name in ("same", second)]
    turns = dict(zip((run.run_id for run, *_ in planned), "12", strict=True))
    with _in_order(order, turns), thread_pool(2) as pool:
        first, other = (ended.result() for ended in [pool.submit(_carry_out, *each) for each in planned])
    return first, other


def _plan(content: str) -> tuple[Run, Any, Any]:
    """Plan an import before either of two has written anything."""
    steps = sys.modules["flows.gift_cards"]
    run_id = run_id_of(new_flow_run_id())
    storage().put(f"inbox/gift-cards/{run_id}.csv", content.encode())
    run = ledger().start_run(
        run_id=run_id,
        domain="gift-cards",
        flow="gift-cards",
        mode="apply",
        target="sql",
        source=f"gift-cards/{run_id}.csv",
        options={"existing_cards": "set", "reference": ""},
        submitted_by="",
        now=now(),
    )
    cards = steps.GIFT_CARDS
    batch = steps.extract(run)
    validated = steps.validate_gift_cards(run, batch, cards, number_format="auto", zero_balances="reject")
    before = steps.snapshot(run, cards, validated.accepted)
    plan = steps.plan_gift_cards(run, cards, validated, before, cards.limits, existing_cards="set")
    return run, validated, plan


def _carry_out(run: Run, validated: Any, plan: Any) -> RunReport:
    steps = sys.modules["flows.gift_cards"]
    receipt = steps.apply(run, plan, steps.GIFT_CARDS)
    verification = steps.verify(run, receipt, steps.GIFT_CARDS)
    answer = approve(run, plan, NamedPlan())
    report: RunReport = steps.report(run, plan, answer, validated=validated, receipt=receipt, verification=verification)
    return report


@contextmanager
def _in_order(order: str, turns: dict[str, str]) -> Iterator[None]:
    """Let each run write its next batch when it is its turn."""
    written, moved, write = iter(order), Condition(), SqlTarget.write
    due = [next(written)]

    def wait_and_write(self: SqlTarget, resource: Any, changes: Any, batch: Any) -> Any:
        with moved:
            assert moved.wait_for(lambda: due[0] == turns[batch.run_id], timeout=60), order
            outcomes = write(self, resource, changes, batch)
            due[0] = next(written, "")
            moved.notify_all()
            return outcomes

    SqlTarget.write = wait_and_write  # type: ignore[method-assign]
    try:
        yield
    finally:
        SqlTarget.write = write  # type: ignore[method-assign]


def _till() -> dict[str, int]:
    with reading(open_database(settings().target)) as connection:
        return dict(connection.execute(sa.select(CARDS.c.number, CARDS.c.balance_cents)).all())  # type: ignore[arg-type]


def _accounts_hold(first: RunReport, other: RunReport, order: str) -> None:
    """What both reports say adds up to what the till shows; nobody claims what the other did."""
    shown = _till()
    counts = (first.changes, other.changes)
    assert sum(each.created for each in counts) == len(shown) - len(AT_FIRST), (order, counts)
    changed = [number for number, cents in AT_FIRST.items() if shown[number] != cents]
    assert sum(each.updated for each in counts) == len(changed), (order, counts)


def _undo(run_id: str) -> None:
    os.environ["FLOW_RUN_ID"] = new_flow_run_id()
    state = sys.modules["flows.restore"].restore(run_id=run_id, mode="apply")
    assert state.name in ("Applied", "Nothing to do"), (state.name, state.message)


def _put_back(run_id: str, held: dict[str, int], order: str) -> None:
    """As many cards went back as the run said it wrote."""
    report = ledger().get_run(run_id).report
    assert report is not None
    moved = {number for number, cents in held.items() if _till().get(number) != cents}
    assert len(moved) == report.changes.created + report.changes.updated, (order, moved)

"""A batch that was begun and never landed may be cut otherwise the next time; what did land stays where it was.

Nothing is written for a run that the ledger does not say is at work.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.artifacts.pieces import pass_piece
from infra.artifacts.run_files import save_frame
from infra.context import ledger, opened, target
from infra.settings import Settings
from infra.systems import systems_of
from schemas import file_names
from schemas.gift_cards import GIFT_CARDS
from schemas.problems import Refused, SettingsNeedFixing
from schemas.records import BatchName, ChangeCounts, Plan, RunOutcome, Totals
from tasks.chain.apply import DueBatch, write_batch
from tasks.chain.run_history import landed, list_landed
from tests.connectors.drawn import CARDS, changes, held
from tests.fakes.memory_store import memory_store

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RUN = "aaaa00000001"
FIVE = """
kind   | number | before | after
create | GC1    | null   | EUR 100 ACTIVE
create | GC2    | null   | EUR 200 ACTIVE
create | GC3    | null   | EUR 300 ACTIVE
create | GC4    | null   | EUR 400 ACTIVE
create | GC5    | null   | EUR 500 ACTIVE
"""


@pytest.fixture
def plan(tmp_path: Path) -> Iterator[Plan]:
    """A plan of a run that works, in an installation of files."""
    store = memory_store()
    with opened(replace(systems_of(Settings(home=tmp_path)), storage=lambda: store)):
        ledger().start_run(
            run_id=RUN,
            domain="gift-cards",
            flow="gift-cards",
            mode="apply",
            target="sql",
            source="inbox/gift-cards/a.csv",
            options={},
            submitted_by="Bob",
            now=NOON,
        )
        made = Plan(
            plan_id="7c1e90ab",
            domain="gift-cards",
            target="sql",
            options={},
            counts=ChangeCounts(created=5),
            totals=Totals(),
            concerns=(),
            changes=save_frame(RUN, file_names.CHANGES, changes(FIVE)),
        )
        ledger().save_plan(made, run_id=RUN, now=NOON, hours=72)
        yield made


def due(number: int, *, size: int) -> DueBatch:
    first = (number - 1) * size
    return DueBatch(
        name=BatchName(plan_id="7c1e90ab", number=number, run_id=RUN),
        target="sql",
        resource=GIFT_CARDS.resource,
        changes=pass_piece(RUN, changes(FIVE).slice(first, size)),
        first_row=first,
    )


def begin(batch: DueBatch) -> None:
    """Begin a batch as a worker does that dies before it lands."""
    ledger().start_batch(batch.name, batch.first_row, NOON)


def test_batches_that_never_landed_are_put_back_where_they_were_written_in_another_size(plan: Plan):
    for number in (1, 2):
        begin(due(number, size=3))

    write_batch(due(2, size=2))

    assert landed(RUN, plan)["number"].to_list() == ["GC3", "GC4"]


def test_a_batch_that_landed_is_not_taken_for_another_of_as_many_rows(plan: Plan):
    lands = due(2, size=3)
    begin(lands)
    target("sql").write(CARDS, changes(FIVE).slice(3, 2), lands.name)  # and the ledger was not told

    with pytest.raises(Refused, match="COUNTERFOIL_BATCH_ROWS was another"):
        write_batch(due(2, size=2))

    assert [(each.number, each.first_row) for each in list_landed(RUN, plan)] == [(2, 3)]
    assert landed(RUN, plan)["number"].to_list() == ["GC4", "GC5"]


def test_a_batch_that_is_asked_for_again_answers_what_it_did(plan: Plan):
    assert [write_batch(due(1, size=3)).outcomes.to_list() for _ in range(2)] == [["written"] * 3, ["done"] * 3]
    assert landed(RUN, plan)["number"].to_list() == ["GC1", "GC2", "GC3"]


def test_a_process_whose_ledger_does_not_know_the_run_writes_nothing(plan: Plan):
    batch = due(1, size=3)
    of_another = replace(batch, name=replace(batch.name, run_id="bbbb00000002"))

    with pytest.raises(SettingsNeedFixing, match="does not know run bbbb00000002"):
        write_batch(of_another)

    assert held(target("sql")) == []
    assert ledger().heartbeats.list_begun("bbbb00000002", plan.plan_id) == {}


def test_nothing_is_written_any_more_for_a_run_that_ended(plan: Plan):
    ledger().end_run(RUN, "failed", "a worker died", NOON)

    with pytest.raises(Refused, match="has ended meanwhile"):
        write_batch(due(1, size=3))

    assert (held(target("sql")), list_landed(RUN, plan)) == ([], [])


@pytest.mark.parametrize("noted", ["needs_approval", "waiting"])
def test_a_run_that_was_approved_or_has_calls_again_goes_on_writing(plan: Plan, noted: RunOutcome):
    ledger().end_run(RUN, noted, "until then", NOON)

    write_batch(due(1, size=3))

    assert len(held(target("sql"))) == 3

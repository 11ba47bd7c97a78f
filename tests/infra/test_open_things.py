"""What is left to do about runs: what is done elsewhere, or was dropped, is no longer among it."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from infra.ledger import Ledger
from infra.ledger.open_notes import Note, NoteBook
from infra.ledger.open_things import OpenThings
from schemas.records import Artifact, ChangeCounts, Mode, RowCounts, RunOutcome, RunReport, Totals
from schemas.target_names import GiftCardTarget

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
UPLOAD = {"upload.csv": Artifact(name="upload.csv", key="runs/a/upload-1.csv", sha256="2" * 64, size_bytes=10)}


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A run, as it ended."""

    outcome: RunOutcome = "applied"
    changes: ChangeCounts = field(default_factory=ChangeCounts)
    source: str = "inbox/gift-cards/a.csv"
    content: str = "1"
    target: GiftCardTarget = "sql"
    mode: Mode = "apply"
    flow: str = "gift-cards"
    uploads: bool = False
    lines: str = ""


def enter(ledger: Ledger, *runs: Ran) -> None:
    for number, ran in enumerate(runs, 1):
        run_id, at = f"aaaa0000000{number}", NOON + timedelta(minutes=number)
        ledger.start_run(
            run_id=run_id,
            domain="gift-cards",
            flow=ran.flow,
            mode=ran.mode,
            target=ran.target,
            source=ran.source,
            options={"lines": ran.lines},
            submitted_by="Bob",
            now=at,
        )
        artifact = Artifact(name="source.csv", key=f"runs/{run_id}/source.csv", sha256=ran.content * 64, size_bytes=1)
        ledger.record_artifact(run_id, artifact)
        if ran.outcome in ("failed", "file_needs_fixing"):
            ledger.end_run(run_id, ran.outcome, "it says why", at)
            continue
        ledger.finish_run(report(run_id, ran, at))


def report(run_id: str, ran: Ran, at: datetime) -> RunReport:
    return RunReport(
        run_id=run_id,
        domain="gift-cards",
        title="Gift cards",
        mode=ran.mode,
        target=ran.target,
        source=ran.source,
        outcome=ran.outcome,
        says="it says what",
        plan_id="7c1e90ab",
        rows=RowCounts(rows_in=2, accepted=2, rejected=0),
        changes=ran.changes,
        totals=Totals(),
        artifacts=UPLOAD if ran.uploads else {},
        started_at=at,
        finished_at=at,
    )


def left(ledger: Ledger) -> list[tuple[str, int]]:
    found = OpenThings(ledger.engine).list_all(now=NOON + timedelta(hours=1), since=NOON - timedelta(days=1))
    return [(item.left, item.count) for item in found]


HELD, CONFLICT, UNKNOWN = ChangeCounts(created=1, held=2), ChangeCounts(conflict=3), ChangeCounts(unknown=4)
DONE = ChangeCounts(created=1)
FAILED = Ran(outcome="failed")
UNDONE = Ran(flow="restore", source="aaaa00000001", content="9", changes=DONE)


@pytest.mark.parametrize(
    ("runs", "what"),
    [
        pytest.param([Ran(changes=HELD)], [("held", 2)], id="held"),
        pytest.param([Ran(changes=HELD), Ran(changes=DONE)], [], id="held-then-the-same-file-went-in"),
        pytest.param([Ran(changes=HELD), Ran(changes=HELD)], [("held", 2)], id="held-and-held-again"),
        pytest.param([Ran(changes=HELD), Ran(changes=DONE, content="2")], [("held", 2)], id="then-another-content"),
        pytest.param([Ran(changes=HELD), Ran(changes=DONE, target="memory")], [("held", 2)], id="then-to-elsewhere"),
        pytest.param(
            [Ran(changes=HELD), Ran(changes=DONE, mode="preview", outcome="previewed")], [("held", 2)], id="then-looked"
        ),
        pytest.param([Ran(changes=HELD), UNDONE], [], id="held-then-undone"),
        pytest.param([Ran(changes=HELD, lines="2-9")], [("rest", 2)], id="some-rows-only"),
        pytest.param([Ran(changes=HELD, lines="2-9"), Ran(changes=DONE)], [], id="some-rows-then-the-rest"),
        pytest.param([Ran(changes=CONFLICT)], [("conflict", 3)], id="conflict"),
        pytest.param([Ran(changes=UNKNOWN)], [("unknown", 4)], id="unknown"),
        pytest.param([Ran(changes=UNKNOWN, uploads=True)], [("upload", 4)], id="upload"),
        pytest.param([FAILED], [("failed", 1)], id="failed"),
        pytest.param([FAILED, Ran(changes=DONE, content="2")], [], id="failed-then-the-file-got-through"),
        pytest.param([FAILED, Ran(source="inbox/gift-cards/b.csv")], [("failed", 1)], id="then-another-file"),
        pytest.param(
            [FAILED, Ran(mode="preview", outcome="previewed")], [("failed", 1)], id="failed-to-write-then-looked"
        ),
        pytest.param(
            [
                Ran(outcome="file_needs_fixing", source="inbox/by-hand/gift-cards/1/a.csv", mode="preview"),
                Ran(outcome="previewed", source="inbox/by-hand/gift-cards/2/a.csv", mode="preview", content="2"),
            ],
            [],
            id="unreadable-then-uploaded-again",
        ),
        pytest.param([FAILED, FAILED], [("failed", 1), ("failed", 1)], id="failed-twice"),
    ],
)
def test_what_is_done_elsewhere_closes_by_itself(ledger: Ledger, runs: list[Ran], what: list[tuple[str, int]]):
    enter(ledger, *runs)
    assert left(ledger) == what


def test_rejects_of_a_file_that_was_read_twice_are_open_once(ledger: Ledger):
    enter(ledger, Ran(changes=DONE), Ran(changes=DONE), Ran(changes=DONE, content="2"))
    rejects = pl.DataFrame({"line": [4, 5], "codes": ["X", "X"], "key_sha256": ["a", "b"]})
    for number in (1, 2, 3):
        ledger.record_rejects(f"aaaa0000000{number}", rejects)
    found = OpenThings(ledger.engine).list_all(now=NOON, since=NOON)
    assert [(item.left, item.count, item.entry.run.run_id[-1]) for item in found] == [
        ("rejects", 2, "2"),
        ("rejects", 2, "3"),
    ]


def test_a_note_keeps_what_was_said_and_dropping_keeps_the_note(ledger: Ledger):
    book = NoteBook(ledger.engine)
    book.enter("aaaa00000001", "held", owner="Nils", due_on=date(2026, 11, 30), note="asks the shop")
    book.enter("aaaa00000001", "held", owner="Ada", due_on=None, note="asks the shop")
    assert book.all() == {("aaaa00000001", "held"): Note(owner="Ada", note="asks the shop")}
    book.drop("aaaa00000001", "held", who="Ada", why="spent since", at=NOON)
    assert book.all() == {("aaaa00000001", "held"): Note(owner="Ada", note="asks the shop", dropped_at=NOON)}

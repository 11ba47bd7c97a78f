"""Which changes people are told of: each once, and what is no change never."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.notifications import WELL, Standing, StandingKind
from schemas.records import ChangeCounts, Mode, RowCounts, Run, RunOutcome, RunReport, Totals
from tasks.core.notifications.standings import change_between, is_watched, standing_of, subject_of

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RUN = Run(
    run_id="aaaa00000001",
    domain="gift-cards",
    flow="gift-cards",
    mode="apply",
    target="sql",
    source="inbox/gift-cards/cards.csv",
    options={},
    submitted_by="Maria",
    started_at=NOON,
    attempt=1,
)
FAILED, CRASHED, REJECTS = Standing(kind="failed", about="refused"), Standing(kind="crashed"), Standing(kind="rejects")
ASKS, ASKS_ANEW = (Standing(kind="needs_approval", about=plan) for plan in ("7c1e", "9f02"))
KINDS: st.SearchStrategy[StandingKind] = st.sampled_from(["well", "rejects", "needs_approval", "failed", "crashed"])
STANDINGS = st.builds(Standing, kind=KINDS, about=st.sampled_from(["", "a", "b"]))


def report(*, rejected: int = 0, discrepancies: tuple[str, ...] = ()) -> RunReport:
    return RunReport(
        run_id=RUN.run_id,
        domain=RUN.domain,
        title="Gift cards",
        mode=RUN.mode,
        target=RUN.target,
        source=RUN.source,
        outcome="applied",
        says="2 new",
        plan_id="7c1e",
        rows=RowCounts(rows_in=2 + rejected, accepted=2, rejected=rejected),
        changes=ChangeCounts(created=2),
        totals=Totals(),
        discrepancies=discrepancies,
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (WELL, ASKS, "needs_approval"),
        (ASKS, ASKS, None),
        (ASKS, ASKS_ANEW, "needs_approval"),
        (ASKS, WELL, None),
        (WELL, FAILED, "failed"),
        (FAILED, FAILED, None),
        (FAILED, replace(FAILED, about="unavailable"), "failed"),
        (FAILED, CRASHED, "crashed"),
        (FAILED, WELL, "recovered"),
        (CRASHED, WELL, "recovered"),
        (CRASHED, ASKS, "needs_approval"),
        (WELL, REJECTS, "rejects"),
        (REJECTS, REJECTS, None),
        (REJECTS, WELL, None),
        (WELL, WELL, None),
    ],
)
def test_a_change_is_told_and_what_stays_is_not(before: Standing, after: Standing, told: str | None):
    assert change_between(before, after) == told


@given(STANDINGS, STANDINGS)
def test_the_same_again_tells_nobody_whatever_was_before(before: Standing, after: Standing):
    change_between(before, after)
    assert change_between(after, after) is None


@pytest.mark.parametrize(
    ("outcome", "rejected", "standing"),
    [
        ("running", 0, None),
        ("waiting", 0, None),
        ("interrupted", 0, CRASHED),
        ("file_needs_fixing", 0, Standing(kind="failed", about="file_needs_fixing")),
        ("unavailable", 0, Standing(kind="failed", about="unavailable")),
        ("needs_approval", 50, ASKS),
        ("applied", 0, WELL),
        ("applied_with_rejects", 10, WELL),
        ("applied_with_rejects", 11, REJECTS),
        ("partly_applied", 0, WELL),
        ("turned_down", 0, WELL),
    ],
)
def test_how_a_run_ended_says_how_its_file_stands(outcome: RunOutcome, rejected: int, standing: Standing | None):
    assert standing_of(outcome, "7c1e", report(rejected=rejected), most_rejects=10) == standing


def test_a_run_whose_read_back_found_something_else_failed():
    found = standing_of("partly_applied", "7c1e", report(discrepancies=("card 1: 2 for 3",)), most_rejects=10)
    assert found == Standing(kind="failed", about="partly_applied")


@pytest.mark.parametrize(
    ("flow", "source", "subject"),
    [
        ("gift-cards", "gift-cards/a.csv", "gift-cards:gift-cards/a.csv"),
        ("gift-cards", "gift-cards/by-hand/7f/a.csv", "gift-cards:a.csv"),
        ("gift-cards", "gift-cards/by-hand/c2/a.csv", "gift-cards:a.csv"),
        ("restore", "aaaa00000001", "restore:aaaa00000001"),
        ("sweep-loyalty-failures", "failures of 2026-11-20", "sweep-loyalty-failures"),
        ("sweep-loyalty-failures", "failures of 2026-11-21", "sweep-loyalty-failures"),
        ("sync-orders", "the web shop", "sync-orders"),
    ],
)
def test_a_file_is_one_thing_and_a_flow_without_one_is_another(flow: str, source: str, subject: str):
    assert subject_of(replace(RUN, flow=flow, source=source)) == subject


@pytest.mark.parametrize(
    ("mode", "submitted_by", "watched"),
    [
        ("preview", "Maria", True),
        ("preview", "", True),
        ("preview", "schedule", False),
        ("review", "Maria", False),
        ("apply", "Maria", False),
        ("apply", "inbox", False),
    ],
)
def test_only_a_preview_that_somebody_asked_for_concerns_nobody_else(mode: Mode, submitted_by: str, watched: bool):
    assert is_watched(replace(RUN, mode=mode, submitted_by=submitted_by)) == watched

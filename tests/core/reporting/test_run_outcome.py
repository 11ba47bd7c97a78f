"""How a run ended, in one word and one line."""

import pytest

from schemas.problems import Bug, Declined, FileNeedsFixing, Refused, SettingsNeedFixing, Unanswered
from schemas.records import Answer, ChangeCounts, RowCounts
from tasks.core.reporting.run_outcome import check_accounts, conclude, outcome_of

GO = Answer(verdict="go")


def ending(counts: ChangeCounts, *, rejected: int = 0, answer: Answer = GO, discrepancies: int = 0) -> tuple[str, str]:
    rows = RowCounts(rows_in=10, accepted=10 - rejected, rejected=rejected)
    ended = conclude(rows=rows, counts=counts, answer=answer, discrepancies=discrepancies)
    return ended.outcome, ended.says


@pytest.mark.parametrize(
    ("counts", "rejected", "outcome", "says"),
    [
        (ChangeCounts(created=10), 0, "applied", "10 new"),
        (ChangeCounts(created=8), 2, "applied_with_rejects", "8 new, 2 rejected"),
        (ChangeCounts(updated=9, held=1), 0, "applied_with_rejects", "9 changed, 1 held"),
        (ChangeCounts(updated=9, conflict=1), 0, "partly_applied", "9 changed, 1 in conflict"),
        (ChangeCounts(unknown=10), 0, "partly_applied", "10 unknown"),
        (ChangeCounts(unchanged=10), 0, "nothing_to_do", "10 unchanged"),
        (ChangeCounts(unchanged=9), 1, "nothing_to_do", "9 unchanged, 1 rejected"),
    ],
)
def test_a_run_that_went_through_is_named_by_what_became_of_its_rows(counts, rejected, outcome, says):
    assert ending(counts, rejected=rejected) == (outcome, says)


@pytest.mark.parametrize(
    ("verdict", "outcome"),
    [
        ("preview", "previewed"),
        ("ask", "needs_approval"),
        ("needs_approval", "needs_approval"),
        ("turned_down", "turned_down"),
    ],
)
def test_a_run_that_stopped_at_its_plan_is_named_by_why(verdict, outcome):
    assert ending(ChangeCounts(created=10), answer=Answer(verdict=verdict))[0] == outcome


@pytest.mark.parametrize(
    ("counts", "says"),
    [
        (ChangeCounts(created=1, unchanged=9), "to carry them out, run with mode apply."),
        (ChangeCounts(unchanged=9, held=1), "with mode apply nothing would be."),
    ],
)
def test_a_preview_sends_people_on_only_where_there_is_something_to_carry_out(counts, says):
    rows = RowCounts(rows_in=10, accepted=10, rejected=0)
    ended = conclude(rows=rows, counts=counts, answer=Answer(verdict="preview"), discrepancies=0)
    assert ended.next_steps[0].endswith(says)


@pytest.mark.parametrize(
    ("counts", "rejected", "outcome", "says"),
    [
        (ChangeCounts(unchanged=10), 0, "applied", "10 unchanged"),
        (ChangeCounts(unchanged=9), 1, "applied_with_rejects", "9 unchanged, 1 rejected"),
        (ChangeCounts(created=1, unchanged=9), 0, "applied", "1 new, 9 unchanged"),
    ],
)
def test_what_an_earlier_attempt_of_the_run_wrote_is_told_and_makes_it_no_run_without_work(
    counts, rejected, outcome, says
):
    rows = RowCounts(rows_in=10, accepted=10 - rejected, rejected=rejected)
    earlier = ChangeCounts(created=2, updated=3)
    ended = conclude(rows=rows, counts=counts, answer=GO, discrepancies=0, earlier=earlier)
    wrote = "; an earlier attempt of this run wrote: 2 new, 3 changed"
    assert (ended.outcome, ended.says) == (outcome, says + wrote)


def test_a_read_back_that_differs_is_never_called_applied():
    assert ending(ChangeCounts(created=10), discrepancies=1)[0] == "partly_applied"


def test_a_lost_row_stops_the_report():
    rows = RowCounts(rows_in=10, accepted=10, rejected=0)
    with pytest.raises(ArithmeticError):
        check_accounts(rows, ChangeCounts(created=9), accepted=10)
    with pytest.raises(ArithmeticError):
        check_accounts(RowCounts(rows_in=10, accepted=8, rejected=1), ChangeCounts(created=8), accepted=8)


@pytest.mark.parametrize(
    ("problem", "outcome"),
    [
        (Refused("no"), "refused"),
        (Declined("no", status=401), "refused"),
        (Unanswered("?"), "unavailable"),
        (FileNeedsFixing("?"), "file_needs_fixing"),
        (SettingsNeedFixing("?"), "settings_need_fixing"),
        (Bug("?"), "failed"),
    ],
)
def test_a_run_ends_by_the_kind_of_its_problem(problem, outcome):
    assert outcome_of(problem) == outcome

"""Whether a report is believed when it lacks what should be there."""

import pytest

from tasks.core.loyalty.completeness import (
    ShortReport,
    Tally,
    add_tallies,
    awaited,
    judge_completeness,
    missed_days,
    tally,
)
from tests.timelines import Shop, day, failures

LIMIT = ShortReport(rows=5, share=0.5)


@pytest.mark.parametrize(
    ("expected", "missing", "shown", "rejected", "believed"),
    [
        (100, 0, 100, 0, True),
        (100, 40, 60, 0, True),
        # much shorter
        (100, 51, 49, 0, False),
        # as long, but of other rows
        (100, 60, 100, 0, False),
        # empty after a full one
        (100, 100, 0, 0, False),
        (1, 1, 0, 0, False),
        # a few of a few are dealt with in a day
        (4, 4, 2, 0, True),
        # nothing was open
        (0, 0, 0, 0, True),
        # what is missing may be among the rows that could not be read
        (100, 1, 98, 1, False),
        (100, 0, 99, 1, True),
    ],
)
def test_a_report_is_believed_unless_it_lacks_too_much(expected, missing, shown, rejected, believed):
    counts = Tally(expected=expected, missing=missing, shown=shown, rejected=rejected)
    sections, concerns = judge_completeness({"redemption": counts}, limit=LIMIT, regardless=False)
    assert (sections == {"redemption"}) is believed
    assert [concern.code for concern in concerns] == ([] if believed else ["LOYALTY_REPORT_SHORT"])


def test_a_person_may_say_that_it_is_right_but_not_for_rows_that_nobody_could_read():
    empty, unread = Tally(expected=9, missing=9), Tally(expected=9, missing=1, shown=7, rejected=1)
    sections, (concern,) = judge_completeness(
        {"redemption": empty, "transaction": unread}, limit=LIMIT, regardless=True
    )
    assert sections == {"redemption"}
    assert "1 of its rows could not be read" in concern.says


def test_only_open_failures_that_a_report_should_still_show_are_missed():
    ours = Shop(occurred={"old": day(-25), "past": day(-40)})
    ours.sweeps(day(1), "A B C old past")
    ours.sweeps(day(1), "J", "journal")
    ours.decides("C", "hide", "hidden", day(1))

    counted = tally(ours.states, failures("AX", ours.occurred | {"X": day(2)}), day=day(2), rejected={"transaction": 3})
    assert counted == {"transaction": Tally(expected=3, missing=2, shown=2, rejected=3)}
    later = tally(ours.states, failures("A", ours.occurred), day=day(10), rejected={"transaction": 0, "redemption": 0})
    assert later == {"transaction": Tally(expected=2, missing=1, shown=1), "redemption": Tally()}


def test_parts_of_the_keys_are_counted_together():
    one, other = Tally(expected=3, missing=1, shown=4, rejected=2), Tally(expected=5, missing=2, shown=6, rejected=2)
    both = Tally(expected=8, missing=3, shown=10, rejected=2)
    assert add_tallies({"redemption": one}, {"redemption": other, "transaction": one}) == {
        "redemption": both,
        "transaction": one,
    }


def test_days_that_no_report_can_show_any_more_are_told():
    assert missed_days({"redemption": day(1)}, {"redemption"}, day(31)) == ()
    assert missed_days({"redemption": day(1)}, {"transaction"}, day(41)) == ()
    (concern,) = missed_days({"redemption": day(1)}, {"redemption"}, day(41))
    assert concern.code == "LOYALTY_DAYS_MISSED"
    assert "2026-11-01 to 2026-11-11" in concern.says


def test_silence_is_a_concern_only_where_reports_came_before():
    assert awaited(None, (), day(3)) == ()
    assert awaited(day(1), ("a journal",), day(3)) == ()
    (concern,) = awaited(day(1), (), day(3))
    assert concern.code == "LOYALTY_REPORT_AWAITED"

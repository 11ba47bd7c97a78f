"""What is remembered of failures while days go by and reports show them, or do not."""

from collections.abc import Callable
from datetime import date
from functools import partial

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandera.config import config_context

from schemas.loyalty.records import FailureStates
from tasks.core.loyalty.sweep import changes_on
from tests.examples import costly
from tests.timelines import Shop, day, key

DAYS = ("first_seen_on", "last_seen_on", "reported_on", "gone_on")


def shop(drawn: str, occurred: dict[str, date] | None = None) -> Shop:
    """Sweep the reports of drawn days: ``3 | A B``."""
    ours = Shop(occurred=dict(occurred or {}))
    for line in drawn.strip().splitlines():
        number, _, shows = line.partition("|")
        ours.sweeps(day(int(number)), shows)
    return ours


@pytest.mark.parametrize(
    ("drawn", "statuses"),
    [
        ("1 | A", {"A": "open"}),
        ("1 | A \n 2 | A B", {"A": "open", "B": "open"}),
        # gone before its 30 days: somebody dealt with it
        ("1 | A B \n 2 | B", {"A": "resolved", "B": "open"}),
        # back again
        ("1 | A B \n 2 | B \n 3 | A B", {"A": "open", "B": "open"}),
        # shown to the last, then dropped by the vendor
        ("1 | A \n 30 | A \n 31 | B", {"A": "expired", "B": "open"}),
        # a row that is shown longer than it should is still there to be dealt with
        ("1 | A \n 31 | A", {"A": "open"}),
        ("1 | A \n 31 | A \n 32 | B", {"A": "expired", "B": "open"}),
        # a gap of 40 days: nobody saw it go in time
        ("1 | A \n 41 | B", {"A": "expired", "B": "open"}),
        # the report of the day before the last lacked it: dealt with in time
        ("1 | A \n 30 | B", {"A": "resolved", "B": "open"}),
    ],
)
def test_the_status_of_a_failure_follows_from_the_days_that_show_it(drawn: str, statuses: dict[str, str]):
    assert shop(drawn).remembers() == statuses


def test_days_without_a_report_let_failures_expire_but_resolve_nothing():
    ours = shop("1 | A \n 5 | A")
    ours.sweeps(day(30), "", "journal")
    assert ours.remembers() == {"A": "open"}
    ours.sweeps(day(31), "", "journal")
    assert ours.remembers("status", "settled_on") == {"A": "expired 31"}


def test_a_report_that_is_not_believed_tells_what_it_shows_and_resolves_nothing():
    ours = shop("1 | A B")
    ours.sweeps(day(2), "C", believed=False)
    assert ours.remembers() == {"A": "open", "B": "open", "C": "open"}
    ours.sweeps(day(3), "A C")
    assert ours.remembers("status", "gone_on") == {"A": "open None", "B": "resolved 3", "C": "open None"}


def test_a_failure_that_only_a_journal_tells_is_never_gone():
    ours = Shop()
    ours.sweeps(day(1), "J", "journal")
    ours.sweeps(day(2), "A")
    assert ours.remembers("status", "reported_on") == {"A": "open 2", "J": "open None"}
    ours.sweeps(day(3), "A J")
    ours.sweeps(day(4), "A")
    assert ours.remembers() == {"A": "open", "J": "resolved"}


def test_what_was_decided_stays_settled_while_the_report_still_shows_it():
    ours = shop("1 | A B C D")
    ours.decides("A", "hide", "hidden", day(1))
    ours.decides("B", "done", "resolved", day(1))
    ours.decides("C", "hide", "duplicate", day(1))
    ours.decides("D", "wrong", "open", day(1))
    ours.sweeps(day(2), "A B C D")
    assert ours.remembers() == {"A": "hidden", "B": "resolved", "C": "duplicate", "D": "open"}
    ours.sweeps(day(3), "B D")
    ours.sweeps(day(40), "E")
    assert ours.remembers() == {"A": "hidden", "B": "resolved", "C": "duplicate", "D": "expired", "E": "open"}


def test_what_was_decided_and_had_gone_is_open_again_when_it_comes_back_and_the_decision_is_forgotten():
    ours = shop("1 | A B")
    ours.decides("A", "hide", "hidden", day(1))
    ours.sweeps(day(2), "B")
    ours.sweeps(day(3), "A B")
    assert ours.remembers("status", "reopened_on", "decision", "settled_on")["A"] == "open 3 None None"


def test_so_it_is_when_only_a_late_report_tells_that_it_had_gone():
    ours = shop("1 | A B")
    ours.decides("A", "hide", "hidden", day(1))
    ours.sweeps(day(3), "A B")
    ours.sweeps(day(2), "B")
    assert ours.remembers("status", "reopened_on") == {"A": "open 3", "B": "open None"}
    ours.decides("A", "hide", "hidden", day(3))
    ours.sweeps(day(2), "B")
    assert ours.remembers()["A"] == "hidden"


def test_a_late_report_adds_what_came_and_went_between_two_others():
    ours = shop("1 | A \n 10 | A \n 5 | A B")
    assert ours.remembers("status", *DAYS) == {"A": "open 1 10 10 None", "B": "resolved 5 5 5 10"}


def test_overlapping_reports_of_one_day_are_one_report():
    ours = shop("1 | A B C \n 2 | A B \n 2 | B C")
    assert ours.remembers() == {"A": "open", "B": "open", "C": "open"}


def test_days_are_counted_and_told_once():
    ours = shop("1 | A \n 24 | A B")
    changes = changes_on(ours.states, day(24), previous=day(23))
    assert dict(changes.select("failure_key", "warned_days").iter_rows()) == {key("A"): 7, key("B"): None}

    ours.sweeps(day(25), "A B")
    assert changes_on(ours.states, day(25), previous=day(24))["warned_days"].to_list() == [None, None]
    ours.sweeps(day(30), "A B")
    assert changes_on(ours.states, day(30), previous=day(25))["warned_days"].to_list() == [1, None]
    assert ours.remembers("warned_days") == {"A": "1", "B": "None"}


def test_what_a_day_changed_is_told_the_same_by_a_retry():
    ours = shop("1 | A B C X \n 2 | A B C X \n 3 | A B X", {"X": day(-26)})
    ours.decides("B", "hide", "hidden", day(3))
    ours.sweeps(day(4), "A B C D", believed=True)
    first = changes_on(ours.states, day(4), previous=day(3))
    ours.sweeps(day(4), "A B C D")
    again = changes_on(ours.states, day(4), previous=day(3))

    assert again.equals(first)
    names = {key(letter): letter for letter in "ABCDX"}
    became = {names[name]: change for name, change, _ in first.iter_rows()}
    assert became == {"A": "still_open", "B": "settled", "C": "reopened", "D": "new", "X": "expired"}
    gone = shop("1 | A B \n 2 | B")
    assert changes_on(gone.states, day(2), None)["change"].to_list() == ["gone", "still_open"]


REPORTS = st.dictionaries(st.integers(1, 75), st.frozensets(st.sampled_from("ABCDEF")), min_size=1, max_size=8)
OCCURRED = st.fixed_dictionaries({letter: st.integers(-30, 1).map(day) for letter in "ABCDEF"})
SOURCES = st.dictionaries(st.integers(1, 75), st.sampled_from(["journal", "unbelieved"]), max_size=2)


def swept(sweeps: Callable[[Shop], object], occurred: dict[str, date]) -> pl.DataFrame:
    """Return what is remembered after many sweeps; that it is valid is looked at once, which costs as much as five."""
    ours = Shop(occurred=dict(occurred))
    with config_context(validation_enabled=False):
        sweeps(ours)
    return FailureStates.validate(ours.states).sort("failure_key")


@costly
@given(REPORTS, OCCURRED, SOURCES, st.randoms(use_true_random=False))
def test_the_order_in_which_days_are_swept_does_not_matter(reports, occurred, sources, random):
    def in_order(ours: Shop, order: list[int]) -> None:
        for number in order:
            source = sources.get(number)
            kind = "journal" if source == "journal" else "report"
            ours.sweeps(day(number), " ".join(sorted(reports[number])), kind, believed=source is None)

    shuffled = list(reports)
    random.shuffle(shuffled)
    one, other = (swept(partial(in_order, order=order), occurred) for order in (shuffled, sorted(reports)))
    assert one.drop("source").equals(other.drop("source"))  # that is the first that told it


@costly
@given(REPORTS, OCCURRED, st.sampled_from(["hide", "done"]), st.integers(1, 40), st.randoms(use_true_random=False))
def test_nor_does_it_for_what_was_decided(reports, occurred, decision, decided, random):
    def in_order(ours: Shop, order: list[int]) -> None:
        ours.sweeps(day(1), "A B C", believed=False)
        for letter in "AB":
            ours.decides(letter, decision, {"hide": "hidden", "done": "resolved"}[decision], day(decided))
        for number in order:
            ours.sweeps(day(number), " ".join(sorted(reports[number])))

    shuffled = list(reports)
    random.shuffle(shuffled)
    one, other = (swept(partial(in_order, order=order), occurred) for order in (shuffled, sorted(reports)))
    assert one.equals(other)


def test_a_failure_that_came_back_twice_came_back_the_second_time_whichever_day_was_swept_last():
    days = {1: "A", 2: "B", 3: "A", 4: "B", 6: "A", 7: "A"}
    for order in (sorted(days), sorted(days, reverse=True)):
        ours = Shop(occurred={"A": day(1), "B": day(1)})
        for number in order:
            ours.sweeps(day(number), days[number])
        assert ours.remembers("reopened_on", "reported_on")["A"] == "6 7"


@costly
@given(REPORTS, OCCURRED)
def test_sweeping_twice_is_sweeping_once_and_nothing_is_ever_lost(reports, occurred):
    ours = Shop(occurred=dict(occurred))
    for number in sorted(reports):
        known = set(ours.states["failure_key"])
        ours.sweeps(day(number), " ".join(sorted(reports[number])))
        once = ours.states
        ours.sweeps(day(number), " ".join(sorted(reports[number])))
        assert ours.states.equals(once)
        assert set(once["failure_key"]) == known | {key(letter) for letter in reports[number]}
        assert (once["settled_on"].is_null() == (once["status"] == "open")).all()


@given(REPORTS, OCCURRED, st.sets(st.sampled_from("ABCDEF")))
def test_a_part_of_the_keys_is_swept_as_the_whole_is(reports, occurred, part):
    def of(letters: frozenset[str], ours: Shop) -> None:
        for number in sorted(reports):
            ours.sweeps(day(number), " ".join(sorted(reports[number] & letters)))

    some, whole = (swept(partial(of, letters), occurred) for letters in (part, frozenset("ABCDEF")))
    assert some.equals(whole.filter(pl.col("failure_key").is_in([key(letter) for letter in part])))

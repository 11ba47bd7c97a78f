"""One failure that a report and a journal tell is one failure; two failures stay two."""

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.loyalty.duplicates import names_of, with_known_keys
from tasks.core.loyalty.sweep import Look, sweep
from tests.timelines import NOTHING, TYPES, day, failures, key

AT = datetime(2026, 11, 1, 17, 0, tzinfo=UTC)
LOOK = Look(day=day(1), swept=[day(1)], believed={"transaction": [day(1)]})


def failure_rows(source: str, letters: str, minutes: int = 0, **values: str) -> pl.DataFrame:
    """Tell failures that are the same in both sources but for their key, which has the source in it."""
    rows = failures(letters, dict.fromkeys(letters, day(1)))
    keys = pl.Series([key(f"{source}{letter}{minutes}") for letter in letters], dtype=pl.String)
    words = {"reason": "No Items Found (700)" if source == "journal" else "No Items Found"} | values
    same = [pl.lit(value).alias(name) for name, value in words.items()]
    return rows.with_columns(
        *same, source=pl.lit(source), failure_key=keys, occurred_at=pl.lit(AT + timedelta(minutes=minutes))
    )


def remembered(*parts: pl.DataFrame) -> pl.DataFrame:
    return sweep(NOTHING, pl.concat(parts), LOOK)


def keys(rows: pl.DataFrame) -> list[str]:
    return rows["failure_key"].to_list()


def test_a_report_and_a_journal_of_one_day_tell_one_failure_and_the_reports_key_holds():
    both = pl.concat([failure_rows("journal", "AB", 2), failure_rows("report", "AC")])
    assert set(keys(with_known_keys(both, NOTHING))) == {key("reportA0"), key("reportC0"), key("journalB2")}


def test_what_was_remembered_first_keeps_its_key():
    states = remembered(failure_rows("journal", "A"))
    assert keys(with_known_keys(failure_rows("report", "A", 5), states)) == [key("journalA0")]
    states = remembered(failure_rows("report", "A"))
    assert keys(with_known_keys(failure_rows("journal", "A", -5), states)) == [key("reportA0")]


def test_so_a_failure_that_the_journal_told_first_can_be_gone_from_the_report():
    states = remembered(failure_rows("journal", "A"))
    for number, letters in ((2, "A"), (3, "B")):
        look = Look(day=day(number), swept=[day(number)], believed={"transaction": [day(number)]})
        states = sweep(states, with_known_keys(failure_rows("report", letters, 5), states), look)
    assert states.sort("first_seen_on").select("status").to_series().to_list() == ["resolved", "open"]


def test_what_is_far_apart_or_has_no_id_or_is_told_by_one_kind_of_source_stays_apart():
    states = remembered(failure_rows("journal", "A"))
    assert keys(with_known_keys(failure_rows("report", "A", 11), states)) == [key("reportA11")]
    assert keys(with_known_keys(failure_rows("journal", "A", 5), states)) == [key("journalA5")]
    nameless = remembered(failure_rows("journal", "A", transaction_id=""))
    assert keys(with_known_keys(failure_rows("report", "A", 5, transaction_id=""), nameless)) == [key("reportA5")]


def test_a_row_that_was_put_right_is_no_twin_of_the_one_beside_it():
    states = remembered(failure_rows("report", "A"))
    corrected = failure_rows("journal", "A", 2, reason="No Items Found")
    assert keys(with_known_keys(corrected, states)) == [key("journalA2")]


def test_a_name_that_only_one_of_them_tells_is_known_of_both_and_the_newest_counts():
    states = remembered(failure_rows("journal", "A"))
    days = [("report", 5, "Jane", 2), ("report", 5, "Jane Doe", 3), ("journal", 0, "", 4)]
    rows = pl.concat(
        failure_rows(source, "A", minutes, customer_name=name).with_columns(told_on=pl.lit(day(number)))
        for source, minutes, name, number in days
    )
    assert names_of(rows, states).rows() == [(key("journalA0"), "Jane Doe", "")]


MINUTES = st.lists(st.integers(0, 30), unique=True, max_size=4)


@given(MINUTES, MINUTES)
def test_no_failure_of_a_report_is_ever_lost_and_twice_is_once(reported: list[int], journalled: list[int]):
    nothing = pl.DataFrame(schema=TYPES)
    report = pl.concat([nothing, *(failure_rows("report", "A", minute) for minute in reported)])
    states = remembered(nothing, *(failure_rows("journal", "A", minute) for minute in journalled))

    came = with_known_keys(report, states)
    assert came.height == report.height
    after = sweep(states, came, LOOK)
    assert with_known_keys(report, after).equals(came)
    assert len(set(keys(came)) & set(keys(states))) <= min(len(reported), len(journalled))

"""Files that cannot be read: a person replaces them and presses Retry."""

import pytest

from schemas.records import RowCounts
from tests.flows.people import People
from tests.flows.tills import Till

pytestmark = [pytest.mark.server, pytest.mark.slow]

OF_SOMETHING_ELSE = "Date;Receipt\n2026-11-21;QZX7700611\n"
CORRECTED = """\
Number;Balance
QZX7700611;737.61
QZX7700612;737,6o
"""


def test_a_retry_reads_the_file_that_took_the_place_of_an_unreadable_one(people: People, till: Till) -> None:
    key = people.drop("by-hand/unreadable.csv", OF_SOMETHING_ELSE)
    run = people.start("gift-cards/gift-cards", till, inbox_key=key, mode="apply")
    ended, entry = people.see_end(run, "File needs fixing"), people.entry(run)
    assert ended["type"] == "FAILED" and "press Retry" in ended["message"]
    assert (entry.outcome, entry.says, entry.report) == ("file_needs_fixing", ended["message"], None)

    people.drop("by-hand/unreadable.csv", CORRECTED)
    people.retry(run)
    ended, entry = people.see_end(run, "Applied with rejects"), people.entry(run)
    assert ended["type"] == "COMPLETED"
    assert till.balances() == {"QZX7700611": "737.61"}
    assert (entry.outcome, entry.run.attempt) == ("applied_with_rejects", 2)
    assert entry.report and entry.report.rows == RowCounts(rows_in=2, accepted=1, rejected=1)

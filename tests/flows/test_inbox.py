"""The inbox: looked into every night by schedule, each file imported once."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.flows.people import People, wait_for
from tests.flows.tills import Till, open_till

pytestmark = [pytest.mark.server, pytest.mark.slow]

NAME = "gift-cards/nightly.csv"
FIRST = "Number;Balance\nQZX7700711;737.71\n"
LATER = "Number;Balance\nQZX7700712;737.72\n"


@pytest.fixture
def own_till(people: People, home: Path) -> Till:
    """The till that runs work on when nothing else is said."""
    return open_till(home / "target.sqlite")


def test_the_inbox_is_looked_into_every_night_at_half_past_three_in_the_shop(people: People) -> None:
    inbox = people.deployment("inbox/inbox")
    asked = {"flow_runs": {"deployment_id": {"any_": [inbox["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
    runs = wait_for(lambda: [r for r in people.post("/flow_runs/filter", asked) if r["auto_scheduled"]], len)
    starts = [datetime.fromisoformat(r["expected_start_time"]).astimezone(ZoneInfo("Europe/Paris")) for r in runs]
    assert {(start.hour, start.minute) for start in starts} == {(3, 30)}
    assert [schedule["schedule"]["timezone"] for schedule in inbox["schedules"]] == ["Europe/Paris"]


def test_each_file_is_imported_once_and_again_when_its_content_is_new(people: People, own_till: Till) -> None:
    people.drop(NAME, FIRST)
    look_into_the_inbox(people, "Started")
    [first] = people.imports_of(f"inbox/{NAME}")
    look_into_the_inbox(people, "Nothing to do")
    assert people.imports_of(f"inbox/{NAME}") == [first]
    people.see_end(first, "Applied")

    people.drop(NAME, LATER)
    look_into_the_inbox(people, "Started")
    [_, second] = people.imports_of(f"inbox/{NAME}")
    people.see_end(second, "Applied")
    ours = {number: worth for number, worth in own_till.balances().items() if number.startswith("QZX77007")}
    assert ours == {"QZX7700711": "737.71", "QZX7700712": "737.72"}


def look_into_the_inbox(people: People, ending: str) -> None:
    """Run the inbox flow, and see how it ends."""
    people.see_end(people.press_run("inbox/inbox"), ending)

"""What all the runs before left in Prefect and in the logs: never a card number in full, never a balance.

The artifact and the form of a run may show balances beside masked numbers, and so may the event
by which Prefect tells that the artifact is there; nothing else may.
"""

import re
from pathlib import Path

import pytest

from tests.flows.people import People
from tests.flows.prefect_tables import everything_in
from tests.flows.reviews import Reviewed

pytestmark = [pytest.mark.server, pytest.mark.slow]

NUMBER = re.compile(r"QZX77\d+")  # every card of these tests
BALANCE = re.compile(r"(?<!\d)737[.,]\d\d(?!\d)")  # every balance of their files
MASKED = re.compile(r"…\d{3}\b")
MAY_SHOW_BALANCES = {"artifact", "artifact_collection", "flow_run_input"}


@pytest.fixture(scope="module")
def tables(people: People, reviewed: Reviewed, home: Path) -> dict[str, list[str]]:
    """Everything that Prefect's database holds."""
    return everything_in(home)


def test_prefect_never_learns_a_card_number(tables: dict[str, list[str]]) -> None:
    assert {"artifact", "flow_run_input"} <= places(tables, MASKED)  # the search finds something
    assert places(tables, NUMBER) == set()


def test_prefect_learns_balances_from_artifacts_and_forms_only(tables: dict[str, list[str]]) -> None:
    others = [row for row in tables["events"] if "prefect.artifact-collection." not in row]
    assert {"artifact"} <= places({**tables, "events": others}, BALANCE) <= MAY_SHOW_BALANCES


def test_no_log_holds_a_card_number_or_a_balance(people: People, reviewed: Reviewed, home: Path) -> None:
    logs = {log.name: log.read_text(errors="replace") for log in (home / "logs").iterdir()}
    assert reviewed.run in logs["worker.log"]  # what it did is there
    found = {name: NUMBER.findall(text) + BALANCE.findall(text) for name, text in logs.items()}
    assert {name: values for name, values in found.items() if values} == {}


def places(tables: dict[str, list[str]], pattern: re.Pattern[str]) -> set[str]:
    """Name the tables in which something like *pattern* stands."""
    return {name for name, rows in tables.items() if any(pattern.search(row) for row in rows)}

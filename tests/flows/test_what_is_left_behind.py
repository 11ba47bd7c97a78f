"""What all the runs before left in Prefect and in the logs: never a card number in full, never a balance.

The artifact and the form of a run may show balances beside masked numbers; nothing else may.
"""

import json
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from infra.stack.postgres import find_cluster
from tests.flows.people import People
from tests.flows.reviews import Reviewed

pytestmark = pytest.mark.server

NUMBER = re.compile(r"QZX77\d+")  # every card of these tests
BALANCE = re.compile(r"(?<!\d)737[.,]\d\d(?!\d)")  # every balance of their files
MASKED = re.compile(r"…\d{3}\b")
MAY_SHOW_BALANCES = {"artifact", "artifact_collection", "flow_run_input"}


@pytest.fixture(scope="module")
def tables(people: People, reviewed: Reviewed, home: Path) -> dict[str, str]:
    """Everything that Prefect's database holds, as text by table."""
    url = sa.make_url(f"sqlite:///{home / 'prefect' / 'prefect.db'}")
    if (home / "postgres").exists():
        port = json.loads((home / "ports.json").read_text())["database"]
        url = sa.make_url(find_cluster(home / "postgres").url(port))
    with sa.create_engine(url).connect() as connection:
        names = sa.inspect(connection).get_table_names()
        rows = {name: connection.exec_driver_sql(f'SELECT * FROM "{name}"').all() for name in names}
    return {name: "\n".join(str(tuple(row)) for row in found) for name, found in rows.items()}


def test_prefect_never_learns_a_card_number(tables: dict[str, str]) -> None:
    assert MASKED.search(tables["artifact"]) and MASKED.search(tables["flow_run_input"])  # the search finds something
    assert {name: NUMBER.findall(text) for name, text in tables.items() if NUMBER.search(text)} == {}


def test_prefect_learns_balances_from_artifacts_and_forms_only(tables: dict[str, str]) -> None:
    shown = {name for name, text in tables.items() if BALANCE.search(text)}
    assert shown and shown <= MAY_SHOW_BALANCES


def test_no_log_holds_a_card_number_or_a_balance(people: People, reviewed: Reviewed, home: Path) -> None:
    logs = {log.name: log.read_text(errors="replace") for log in (home / "logs").iterdir()}
    assert reviewed.run in logs["worker.log"]  # what it did is there
    found = {name: NUMBER.findall(text) + BALANCE.findall(text) for name, text in logs.items()}
    assert {name: values for name, values in found.items() if values} == {}

"""Runs that are lost with their machine while nobody watches: they run again by themselves, a few times."""

from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from flows.recover import MOST_CRASHES
from tests.flows.people import OVER, People, wait_for

pytestmark = [pytest.mark.server, pytest.mark.slow]

SWEEP = "sweep-loyalty-failures/sweep-loyalty-failures"


@pytest.fixture
def lost(people: People) -> Iterator[str]:
    """A sweep, started as its schedule starts it, whose process is killed as soon as it works."""
    run = people.press_run(SWEEP, parameters={"mode": "preview"})
    kill(wait_for(lambda: processes_of(run), bool))
    yield run
    people.api.delete(f"/flow_runs/{run}")


def test_a_sweep_whose_process_was_killed_runs_again_by_itself_and_ends(people: People, lost: str) -> None:
    ended = wait_for(lambda: people.get(f"/flow_runs/{lost}"), lambda run: run["state"]["type"] in OVER - {"CRASHED"})
    states = people.get(f"/flow_run_states/?flow_run_id={lost}")

    assert [state["type"] for state in states].count("CRASHED") == 1
    assert (ended["state"]["name"], ended["run_count"] > 0) == ("Nothing to do", True), ended


def test_a_run_that_keeps_crashing_is_left_to_a_person(people: People, lost: str) -> None:
    for _ in range(MOST_CRASHES):
        people.post(f"/flow_runs/{lost}/set_state", {"state": {"type": "CRASHED"}, "force": True})
    last = wait_for(
        lambda: recoveries_of(people, lost), lambda runs: any(run["state"]["name"] == "Given up" for run in runs)
    )

    assert all(run["state"]["name"] in {"Given up", "Nothing to do", "Handed out again"} for run in last)


def processes_of(run: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PREFECT__FLOW_RUN_ID", "").replace("-", "") == run.replace("-", ""):
                found.append(process)
        except psutil.Error:
            continue
    return found


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        process.kill()


def recoveries_of(people: People, run: str) -> list[dict[str, Any]]:
    found = people.post("/flow_runs/filter", {"flows": {"name": {"any_": ["recover"]}}})
    return [one for one in found if one["parameters"]["flow_run_id"] == run]

"""Runs that are lost with their machine while nobody watches: they run again automatically, a few times."""

from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from flows.recover import MOST_CRASHES
from infra.clock import now
from infra.ledger.notifications import NotificationBook
from infra.ledger.people import PeopleBook
from schemas.notifications import WELL
from tasks.core.wording.run_ids import run_id_in
from tests.flows.people import OVER, People, wait_for

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(600)]

SWEEP = "sweep-loyalty-failures/sweep-loyalty-failures"


@pytest.fixture
def lost(people: People) -> Iterator[str]:
    """A sweep, started as its schedule starts it, whose process is killed as soon as it works."""
    run = people.press_run(SWEEP, parameters={"mode": "preview", "submitted_by": "schedule"})
    kill(wait_for(lambda: processes_of(run), bool))
    yield run
    people.api.delete(f"/flow_runs/{run}")


def test_a_sweep_whose_process_was_killed_runs_again_by_itself_and_ends(people: People, lost: str) -> None:
    ended = wait_for(lambda: people.get(f"/flow_runs/{lost}"), lambda run: run["state"]["type"] in OVER - {"CRASHED"})
    states = people.get(f"/flow_run_states/?flow_run_id={lost}")

    assert [state["type"] for state in states].count("CRASHED") == 1
    assert (ended["state"]["type"], ended["run_count"] > 0) == ("COMPLETED", True), ended["state"]


def test_a_run_that_keeps_crashing_is_left_to_a_person(people: People, lost: str) -> None:
    endings = [answer_to_crash(people, lost, count) for count in range(1, MOST_CRASHES + 2)]

    assert endings == ["Handed out again"] * MOST_CRASHES + ["Given up"]


def test_people_are_told_of_a_run_that_could_not_tell_them_itself(people: People, request: Any) -> None:
    book = PeopleBook(people.ledger.engine)
    person = book.add("Maria", shop="", roles=("submit",), now=now())
    book.set_notification(person.person_id, email="maria@example.com", mailed_about=("crashed",))
    notifications = NotificationBook(people.ledger.engine)
    notifications.change("sweep-loyalty-failures", WELL, "", {}, now=now())  # a sweep may have crashed before

    lost = request.getfixturevalue("lost")

    (notification,) = wait_for(lambda: notifications.list_of_run(run_id_in(lost)), len)
    assert (notification.happened.kind, notification.recipient) == ("crashed", f"person:{person.person_id}")


def answer_to_crash(people: People, run: str, count: int) -> str:
    """Let the run crash, for the *count*-th time, and return how the flow that is started for that ends."""
    if count > 1:
        people.post(f"/flow_runs/{run}/set_state", {"state": {"type": "CRASHED"}, "force": True})
    ended = wait_for(lambda: ended_recoveries(people, run), lambda runs: len(runs) >= count)
    return str(ended[-1]["state"]["name"])


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


def ended_recoveries(people: People, run: str) -> list[dict[str, Any]]:
    found = people.post("/flow_runs/filter", {"flows": {"name": {"any_": ["recover"]}}})
    ours = [one for one in found if one["parameters"]["flow_run_id"] == run and one["state"]["type"] in OVER]
    return sorted(ours, key=lambda one: str(one["created"]))

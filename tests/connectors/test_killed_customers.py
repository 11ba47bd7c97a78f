"""A process that is killed while it writes customers: each change has its effect once or is parked, never twice."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.children import run_child
from tests.connectors.dying_customers import Killed, Paper, dying, target_at, write_once
from tests.web_customers import SYSTEMS, System, batch, change, open_system, person, read, write

KILLED = -9
MOMENTS = [
    "before POST",
    "after POST",
    "before key",
    "after key",
    "before PUT",
    "after PUT",
    "before DELETE",
    "after DELETE",
]


@pytest.fixture(params=SYSTEMS)
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    with open_system(request.param) as system:
        yield system


def prepared(system: System, folder: Path) -> list[dict[str, Any]]:
    """Return two that are to be created, one to be changed, and one of ours to be removed."""
    changed, gone = system.add("changed@x.se"), system.add("gone@x.se")
    Paper(folder).keep("new:gone@x.se", gone)
    sides = [person(system, email="changed@x.se", city=city) for city in ("", "Lund")]
    return [
        change("new:a@x.se", None, person(system, email="a@x.se", city="Lund")),
        change(changed, *sides),
        change("new:b@x.se", None, person(system, email="b@x.se")),
        change(gone, person(system, email="gone@x.se"), None),
    ]


def left_to_do(system: System, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what a plan that is made anew would still ask for."""
    keys, emails = dict(system.held()), {email for _, email in system.held()}
    cities = {key: record["city"] for key, record in read(target_at(system.name, system.keys(), "/")).items()}
    return [
        each
        for each in asked
        if (each["kind"] == "create" and each["email_after"] not in emails)
        or (each["kind"] == "update" and cities[each["customer_id"]] == "")
        or (each["kind"] == "remove" and each["customer_id"] in keys)
    ]


def expect_once_or_parked(system: System, folder: Path, outcomes: list[str], asked: list[dict[str, Any]]) -> None:
    """Expect each effect once; what is not there is unknown, and nothing that is ours is taken for another's."""
    held = Counter(email for _, email in system.held())
    assert max(held.values()) == 1
    assert system.mailed() == []
    done = dict(zip([each["customer_id"] for each in asked], outcomes, strict=False))
    for name, email in (("new:a@x.se", "a@x.se"), ("new:b@x.se", "b@x.se")):
        if done.get(name) == "done":
            assert (Paper(folder).find([name])[name], email) in system.held()
        if name in done and email not in held:
            assert done[name] == "unknown"


def after_a_kill(system: System, folder: Path, fatal: str | int, way: str) -> None:
    asked = prepared(system, folder)
    with suppress(Killed), dying(fatal):
        write(target_at(system.name, system.keys(), str(folder)), *asked)
    target = target_at(system.name, system.keys(), str(folder))
    todo, number = (asked, 1) if way == "the same batch" else (left_to_do(system, asked), 2)
    answered = write(target, *todo, batch=batch(number)) if todo else []
    assert set(answered) <= {"written", "done", "unknown"}
    outcomes = target.outcomes(batch(1))
    expect_once_or_parked(system, folder, outcomes.to_list() if outcomes is not None else [], asked)
    if way == "a new plan":
        assert left_to_do(system, asked) == []


@pytest.mark.thorough
@pytest.mark.parametrize("way", ["the same batch", "a new plan"])
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_process_that_is_killed_at_a_moment(system: System, tmp_path: Path, moment: str, way: str):
    after_a_kill(system, tmp_path, moment, way)


def test_what_landed_before_a_kill_is_known_as_done_by_whoever_asks_later(system: System, tmp_path: Path):
    asked = prepared(system, tmp_path)
    arguments = (system.name, system.keys(), str(tmp_path), asked, 1, "after POST")
    assert run_child(write_once, {}, tmp_path / "child", *arguments).code == KILLED
    target = target_at(system.name, system.keys(), str(tmp_path))
    assert target.outcomes(batch(1)).to_list() == ["done"]
    (key,) = Paper(tmp_path).find(["new:a@x.se"]).values()
    assert (key, "a@x.se") in system.held()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_process_that_is_killed_anywhere(system: System, tmp_path: Path):
    chance = random.Random(13)
    for attempt in range(200):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        with open_system(system.name) as fresh:
            after_a_kill(fresh, folder, chance.randrange(20), chance.choice(["the same batch", "a new plan"]))

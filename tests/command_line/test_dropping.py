"""Rejects that are closed by what went into their own till, or dropped by a person; and plans turned down."""

import csv
import io

import pytest

from tests.command_line.files import LARGE, MIXED
from tests.desk import Desk

APPLY = ("--mode", "apply")


def sent_back(desk: Desk, run_id: str, changes: dict[str, str]) -> str:
    rows = list(csv.reader(io.StringIO(desk.read(desk.fetch(run_id, "rejects")))))
    text = io.StringIO()
    csv.writer(text).writerows([[changes.get(cell, cell) for cell in row] for row in rows])
    return desk.write("sent-back.csv", text.getvalue())


def still_open(desk: Desk, run_id: str) -> int:
    return int(desk.ask("show", run_id)["still_open"])


def test_only_what_went_into_its_own_till_closes_a_reject(desk: Desk) -> None:
    desk.write("mixed.csv", MIXED)
    first = desk.run("mixed.csv", *APPLY, code=4)["run_id"]
    unchanged = desk.run(sent_back(desk, first, {}), *APPLY, code=4)
    assert unchanged["rows"] == {"in": 2, "accepted": 0, "rejected": 2}

    desk.put_in_till({"GC4": 100})
    file = sent_back(desk, first, {"GC-3": "GC3", "4o.00": "40.00"})
    desk.run(file, *APPLY, "--target", "memory", "--existing-cards", "set")
    assert still_open(desk, first) == 2
    held = desk.run(file, *APPLY, code=4)
    assert (held["changes"]["created"], held["changes"]["held"]) == (1, 1)
    assert still_open(desk, first) == 1
    desk.run(file, *APPLY, "--existing-cards", "set")
    assert still_open(desk, first) == 0


@pytest.mark.thorough
def test_rejects_are_dropped_by_a_command_or_by_their_error_cells(desk: Desk) -> None:
    desk.write("mixed.csv", MIXED)
    first = desk.run("mixed.csv", *APPLY, code=4)["run_id"]
    who = ("--by", "Ann", "--why", "card was never sold")
    assert "no open reject" in desk.ask("drop", first, "3", *who, code=2)["says"]
    dropped = desk.ask("drop", first, "4", *who)
    assert (dropped["dropped"], dropped["still_open"]) == (1, 1)

    rows = list(csv.reader(io.StringIO(desk.read(desk.fetch(first, "rejects")))))
    rows = [rows[0], [*rows[2][:2], "drop: twice in the till", rows[2][3]]]
    desk.write("drop.csv", "\n".join(",".join(row) for row in rows))
    second = desk.run("drop.csv", *APPLY, "--by", "Bo")
    assert second["rows"] == {"in": 0, "accepted": 0, "rejected": 0}
    answer = desk.ask("show", first)
    assert answer["still_open"] == 0
    assert [(each["who"], each["why"], each["lines"]) for each in answer["dropped"]] == [
        ("Ann", "card was never sold", [4]),
        ("Bo", "twice in the till", [5]),
    ]
    desk.ask("verify-run", first)


def test_a_plan_is_turned_down_and_then_not_carried_out(desk: Desk) -> None:
    desk.write("large.csv", LARGE)
    asking = desk.run("large.csv", *APPLY, code=3)
    desk.ask("turn-down", asking["plan_id"], "--by", "Ann", "--why", "too much")
    assert desk.ask("show", asking["run_id"])["outcome"] == "turned_down"
    assert desk.run("large.csv", *APPLY, code=3)["outcome"] == "turned_down"
    assert desk.till() == {}

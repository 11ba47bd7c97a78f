"""Rejects that come back corrected, and top-ups that must not happen twice."""

import csv
import io
import re

import pytest

from tests.command_line.files import MIXED

APPLY = ("--mode", "apply")
TOP_UP = (*APPLY, "--existing-cards", "top_up")
CORRECTIONS = {"GC-3": "GC3", "4o.00": "40.00"}


def as_it_came(rows: list[list[str]]) -> list[list[str]]:
    return rows


def without_error(rows: list[list[str]]) -> list[list[str]]:
    return [[*row[:2], row[3]] for row in rows]


def without_reference(rows: list[list[str]]) -> list[list[str]]:
    return [row[:3] for row in rows]


def with_nothing_added(rows: list[list[str]]) -> list[list[str]]:
    return [row[:2] for row in rows]


def correct(desk, run_id, trim, corrections=CORRECTIONS) -> str:
    """Fetch the rejects and correct them, as a person would."""
    rows = list(csv.reader(io.StringIO(desk.read(desk.fetch(run_id, "rejects")))))
    corrected = [[corrections.get(cell, cell) for cell in row] for row in trim(rows)]
    text = io.StringIO()
    csv.writer(text).writerows(corrected)
    return desk.write("corrected.csv", text.getvalue())


@pytest.mark.thorough
@pytest.mark.parametrize("trim", [as_it_came, without_error, without_reference, with_nothing_added])
def test_corrected_rejects_close_the_rows_of_their_first_run(desk, trim):
    desk.write("mixed.csv", MIXED)
    first = desk.run("mixed.csv", *APPLY, code=4)
    assert (first["rows"]["rejected"], first["still_open"]) == (2, 2)

    file = correct(desk, first["run_id"], trim)
    second = desk.run(file, *APPLY)
    linked = trim in (as_it_came, without_error)
    assert (second["outcome"], second["follows"]) == ("applied", first["run_id"] if linked else "")
    assert desk.ask("show", first["run_id"])["still_open"] == (0 if linked else 1), "GC-3 is not known as GC3"
    assert desk.till() == {"GC1": 1000, "GC2": 2000, "GC3": 3000, "GC4": 4000, "GC5": 2500}


@pytest.mark.thorough
def test_half_corrected_rejects_are_still_open_in_both_runs(desk):
    desk.write("mixed.csv", MIXED)
    first = desk.run("mixed.csv", *APPLY, code=4)
    file = correct(desk, first["run_id"], as_it_came, {"GC-3": "GC3"})
    second = desk.run(file, *APPLY, code=4)
    assert (second["rows"], second["still_open"]) == ({"in": 2, "accepted": 1, "rejected": 1}, 1)
    assert desk.ask("show", first["run_id"])["still_open"] == 1
    assert "Rejects still open 1 " in page_in_words(desk, first["run_id"])

    third = desk.run(correct(desk, second["run_id"], as_it_came), *APPLY)
    assert (third["outcome"], third["follows"]) == ("applied", second["run_id"])
    for run in (first, second):
        assert desk.ask("show", run["run_id"])["still_open"] == 0
        desk.ask("verify-run", run["run_id"])


def page_in_words(desk, run_id: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", desk.read(desk.fetch(run_id, "report"))).split())


def test_the_same_top_up_adds_once(desk):
    desk.put_in_till({"GC1": 100})
    desk.write("top-up.csv", "Number,Balance\nGC1,10.00\nGC2,20.00\nGC3,5.00\n")
    assert desk.run("top-up.csv", *TOP_UP)["changes"]["updated"] == 1
    after = {"GC1": 1100, "GC2": 2000, "GC3": 500}
    assert desk.till() == after

    desk.write("the same.csv", desk.read("top-up.csv"))
    for file in ("top-up.csv", "the same.csv"):
        again = desk.run(file, *TOP_UP)
        assert (again["outcome"], again["changes"]["unchanged"]) == ("nothing_to_do", 3)
    assert desk.till() == after

    desk.write("typed anew.csv", "Number,Balance\nGC3,5.00\nGC2,20.00\nGC1,10.00\n")
    held = desk.run("typed anew.csv", *TOP_UP, code=3)
    assert [concern["code"] for concern in held["concerns"]] == ["TOP_UP_SEEN_BEFORE"]
    assert desk.till() == after

    desk.run("typed anew.csv", *TOP_UP, "--reference", "second week")
    assert desk.till() == {"GC1": 2100, "GC2": 4000, "GC3": 1000}


@pytest.mark.thorough
def test_the_corrected_rejects_of_a_top_up_add_only_what_was_not_added(desk):
    desk.put_in_till({"GC1": 100, "GC4": 100})
    desk.write("mixed.csv", MIXED)
    first = desk.run("mixed.csv", *TOP_UP, code=4)
    assert desk.till() == {"GC1": 1100, "GC2": 2000, "GC4": 100, "GC5": 2500}

    file = correct(desk, first["run_id"], as_it_came)
    after = {"GC1": 1100, "GC2": 2000, "GC3": 3000, "GC4": 4100, "GC5": 2500}
    for outcome in ("applied", "nothing_to_do"):
        assert desk.run(file, *TOP_UP)["outcome"] == outcome
        assert desk.till() == after
    desk.run("mixed.csv", *TOP_UP, code=4)
    assert desk.till() == after

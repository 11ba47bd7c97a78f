"""What every command answers: one account or one JSON object, and an exit code."""

import hashlib
import json
import os
import re
import subprocess
import sys

import pytest

from infra.stack.client import CODE
from tests.command_line.files import GOOD, LARGE, MIXED
from tests.desk import command_with_engine

NO_CHANGES = dict.fromkeys(("created", "updated", "removed", "unchanged", "held", "conflict", "refused", "unknown"), 0)


@pytest.fixture(scope="module")
def imported(shared_desk):
    """A run that left something of every kind behind."""
    shared_desk.put_in_till({"GC1": 1000, "GC5": 500})
    shared_desk.write("mixed.csv", MIXED)
    return shared_desk.run("mixed.csv", "--mode", "apply", "--by", "Ada", code=4)


@pytest.mark.thorough
def test_a_run_as_a_program_of_its_own_prints_one_json_object_and_nothing_else(desk):
    desk.write("good.csv", GOOD)
    ended = subprocess.run(
        [sys.executable, "-m", "cli", "run", "gift-cards", "good.csv", "--mode", "apply", "--json"],
        cwd=desk.folder,
        env={**os.environ, **desk.environment, "PYTHONPATH": str(CODE)},
        capture_output=True,
        text=True,
        check=False,
    )
    document = json.loads(ended.stdout)
    assert (ended.returncode, ended.stderr, document["outcome"]) == (0, "", "applied")
    assert document["changes"] == NO_CHANGES | {"created": 2}
    assert desk.till() == {"GC1": 1000, "GC2": 2000}


@pytest.mark.thorough
def test_a_run_tells_rows_changes_totals_and_where_its_files_are(shared_desk, imported):
    assert imported["domain"] == "gift-cards"
    assert imported["outcome"] == "applied_with_rejects"
    assert imported["rows"] == {"in": 5, "accepted": 3, "rejected": 2}
    assert imported["changes"] == NO_CHANGES | {"created": 1, "unchanged": 1, "held": 1}
    assert imported["concerns"] == []
    assert imported["totals"] == {
        "file": [{"currency": "EUR", "count": 3, "sum_cents": 5500}],
        "before": [{"currency": "EUR", "count": 2, "sum_cents": 1500}],
        "expected": [{"currency": "EUR", "count": 3, "sum_cents": 3500}],
        "after": [{"currency": "EUR", "count": 3, "sum_cents": 3500}],
    }
    place = f"s3://{shared_desk.storage.bucket}/runs/{imported['run_id']}/"
    assert all(address.startswith(place) for address in imported["artifacts"].values())
    assert {"rejects.csv", "plan.json", "report.html", "manifest.json"} <= set(imported["artifacts"])


def test_a_preview_changes_nothing_and_is_always_well(desk):
    desk.write("mixed.csv", MIXED)
    assert desk.run("mixed.csv")["outcome"] == "previewed"
    assert desk.till() == {}


def test_a_file_that_changes_nothing_ends_well(desk):
    desk.put_in_till({"GC1": 1000, "GC2": 2000})
    desk.write("good.csv", GOOD)
    assert desk.run("good.csv", "--mode", "apply")["outcome"] == "nothing_to_do"


def test_people_are_told_in_words(desk):
    desk.write("large.csv", LARGE)
    ended = desk.type("run", "gift-cards", "large.csv", "--mode", "apply")
    assert ended.code == 3
    assert ended.out.startswith("Gift cards: ")
    assert "counterfoil approve" in ended.out


def test_show_tells_a_run_again_by_the_start_of_its_id(shared_desk, imported):
    assert shared_desk.ask("show", imported["run_id"][:8]) == imported


def test_runs_lists_the_latest_first(shared_desk, imported):
    listed = shared_desk.ask("runs", "--limit", "1")["runs"]
    assert [(run["run_id"], run["outcome"], run["submitted_by"]) for run in listed] == [
        (imported["run_id"], "applied_with_rejects", "Ada")
    ]
    assert shared_desk.type("runs").out.startswith(imported["run_id"])


@pytest.mark.parametrize(
    ("name", "fetched", "begins"),
    [
        ("rejects", "rejects.csv", "Number,Balance,Error,Counterfoil row\nGC-3,30.00,"),
        ("report", "report.html", "<!doctype html>"),
        ("plan", "plan.json", '{"domain":"gift-cards"'),
        ("report.json", "report.json", "{"),
    ],
)
def test_get_fetches_a_file_by_its_short_name(shared_desk, imported, name, fetched, begins):
    assert shared_desk.fetch(imported["run_id"], name) == fetched
    assert shared_desk.read(fetched).lower().startswith(begins.lower())


def test_get_names_the_files_there_are(shared_desk, imported):
    says = shared_desk.ask("get", imported["run_id"], "nonsense", code=2)["says"]
    assert "has no file 'nonsense'" in says
    assert "rejects.csv" in says


@pytest.mark.thorough
def test_a_name_that_two_files_have_is_asked_back(shared_desk):
    swept = shared_desk.ask("run", "loyalty", str(CODE / "examples/loyalty-failures.csv"))
    says = shared_desk.ask("get", swept["run_id"], "worklist", code=2)["says"]
    assert says.endswith("has worklist.csv and worklist.xlsx. Name one of them.")


def test_get_into_a_folder_that_is_not_there_says_so(shared_desk, imported):
    ended = shared_desk.type("get", imported["run_id"], "rejects", "-o", "nowhere/rejects.csv")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("nowhere/rejects.csv: ")


def test_a_run_is_verified_by_its_stored_files_alone(shared_desk, imported):
    verified = shared_desk.ask("verify-run", imported["run_id"])
    assert (verified["intact"], verified["plan_id"]) == (True, imported["plan_id"])


@pytest.mark.thorough
def test_a_run_whose_stored_plan_was_tampered_with_is_not_verified(desk):
    desk.write("good.csv", GOOD)
    run = desk.run("good.csv")
    key = run["artifacts"]["plan.json"].removeprefix(f"s3://{desk.storage.bucket}/")
    desk.storage.put(key, desk.storage.get(key) + b" ")
    refused = desk.ask("verify-run", run["run_id"], code=4)
    assert (refused["outcome"], "plan.json" in refused["says"]) == ("refused", True)


def test_a_report_that_was_rewritten_together_with_its_manifest_is_not_verified(desk):
    desk.write("good.csv", GOOD)
    run = desk.run("good.csv", "--mode", "apply")
    report, manifest = (f"runs/{run['run_id']}/{name}" for name in ("report.html", "manifest.json"))
    forged = desk.storage.get(report) + b" "
    listed = json.loads(desk.storage.get(manifest))
    for file in listed["files"]:
        if file["key"] == report:
            file |= {"sha256": hashlib.sha256(forged).hexdigest(), "size_bytes": len(forged)}
    desk.storage.put(report, forged)
    desk.storage.put(manifest, json.dumps(listed).encode())

    says = desk.ask("verify-run", run["run_id"], code=4)["says"]
    assert "not what was stored: " in says and {"report.html", "manifest.json"} <= set(re.findall(r"[a-z]+\.\w+", says))


def test_a_command_that_is_not_understood_is_answered_by_its_usage(desk):
    ended = desk.type("run", "gift-cards", "good.csv", "--mode", "sometimes")
    assert (ended.code, ended.out) == (2, "")
    assert "'sometimes' is not one of" in ended.err


@pytest.mark.thorough
def test_a_restore_undoes_only_the_cards_that_are_named(desk):
    desk.write("good.csv", GOOD)
    run = desk.run("good.csv", "--mode", "apply")
    desk.write("only.txt", "gc2\n")
    restored = desk.ask("restore", run["run_id"], "--only", "only.txt", "--mode", "apply")
    assert restored["changes"] == NO_CHANGES | {"removed": 1}
    assert desk.till() == {"GC1": 1000}
    desk.write("only.txt", "GC2\nGC9\n")
    assert "1 of its 2 keys" in desk.ask("restore", run["run_id"], "--only", "only.txt", code=2)["says"]


@pytest.mark.thorough
def test_the_whole_chain_through_prefect_itself(desk):
    desk.write("good.csv", GOOD)
    ended = desk.type("run", "gift-cards", "good.csv", "--mode", "apply", "--json", be=command_with_engine)
    run_id = json.loads(ended.out)["run_id"]
    ended = desk.type("restore", run_id, "--mode", "apply", "--json", be=command_with_engine)
    assert (ended.code, json.loads(ended.out)["outcome"], desk.till()) == (0, "applied", {})

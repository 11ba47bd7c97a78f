"""A target that takes files: the upload file, and what the shop says of it."""

import base64
import gzip
import json
from typing import Any

import pytest

from tests.command_line.files import GOOD

UPLOAD = ("--mode", "apply", "--target", "lightspeed_x_csv")


@pytest.fixture
def uploaded(desk):
    """A desk, and the run that wrote an upload file."""
    desk.write("good.csv", GOOD)
    run = desk.run("good.csv", *UPLOAD, code=4)
    assert (run["outcome"], run["changes"]["unknown"]) == ("partly_applied", 2)
    return desk, run


def test_the_upload_file_has_exactly_the_two_columns_of_the_template(uploaded):
    desk, run = uploaded
    assert desk.read(desk.fetch(run["run_id"], "upload")) == "Number,Balance\nGC1,10.00\nGC2,20.00\n"
    assert desk.till() == {}


def test_an_upload_that_the_shop_took_whole_is_confirmed_without_a_file(uploaded):
    desk, run = uploaded
    answer = desk.ask("confirm", run["run_id"])
    assert (answer["run_id"], answer["outcome"]) == (run["run_id"], "applied")
    assert (answer["changes"]["created"], answer["changes"]["unknown"]) == (2, 0)
    assert desk.ask("show", run["run_id"]) == answer
    again = desk.ask("confirm", run["run_id"], code=4)
    assert "waits for no answer" in again["says"]


def test_the_rows_that_the_shop_gave_back_are_refused_in_its_own_words(uploaded):
    desk, run = uploaded
    desk.write("errors.csv", "Number,Balance,Errors\nGC2,20.00,Number already taken\n")
    answer = desk.ask("confirm", run["run_id"], "errors.csv", code=4)
    assert (answer["outcome"], answer["changes"]["created"], answer["changes"]["refused"]) == ("partly_applied", 1, 1)
    rows = rejects_of(desk.read(desk.fetch(run["run_id"], "report")))
    assert (rows["line"], rows["value"]) == ([3], ["GC2"])
    assert "(Number already taken)" in rows["message"][0]
    desk.ask("verify-run", run["run_id"])


def rejects_of(page: str) -> dict[str, list[Any]]:
    """Unpack the table of rejects from a report page."""
    packed = page.partition('id="packed">')[2].partition("<")[0]
    rejects: dict[str, list[Any]] = json.loads(gzip.decompress(base64.b64decode(packed)))["rejects"]
    return rejects


def test_the_answer_to_another_upload_is_not_taken(uploaded):
    desk, run = uploaded
    desk.write("errors.csv", "Number,Balance,Errors\nGC9,20.00,Number already taken\n")
    answer = desk.ask("confirm", run["run_id"], "errors.csv", code=2)
    assert answer["says"].startswith("1 of the 1 row of the answer was not in the upload of this run.")
    assert desk.ask("show", run["run_id"]) == run


def test_an_upload_cannot_be_restored_from_here(uploaded):
    desk, run = uploaded
    refused = desk.ask("restore", run["run_id"], code=4)
    assert refused["says"].startswith("lightspeed_x_csv cannot undo")

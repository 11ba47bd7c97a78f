"""A target that takes files: the upload file, and what the shop says of it."""

import base64
import gzip
import json
import time
from typing import Any

import pytest

from tests.command_line.files import GOOD

CARDS = "inbox/registers/lightspeed_x_cards/"
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


@pytest.mark.thorough
def test_an_upload_that_the_shop_took_whole_is_confirmed_without_a_file(uploaded):
    desk, run = uploaded
    answer = desk.ask("confirm", run["run_id"])
    assert (answer["run_id"], answer["outcome"]) == (run["run_id"], "applied")
    assert (answer["changes"]["created"], answer["changes"]["unknown"]) == (2, 0)
    assert desk.ask("show", run["run_id"]) == answer
    again = desk.ask("confirm", run["run_id"], code=4)
    assert "waits for no answer" in again["says"]


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_the_answer_to_another_upload_is_not_taken(uploaded):
    desk, run = uploaded
    desk.write("errors.csv", "Number,Balance,Errors\nGC9,20.00,Number already taken\n")
    answer = desk.ask("confirm", run["run_id"], "errors.csv", code=2)
    assert answer["says"].startswith("1 of the 1 row of the answer was not in the upload of this run.")
    assert desk.ask("show", run["run_id"]) == run


@pytest.fixture
def listed(desk):
    """A desk whose shop's cards are known by a list: GC1 as the file wants it, GC5 with another balance."""
    for info in list(desk.storage.list(CARDS)):
        desk.storage.client.delete_object(Bucket=desk.storage.bucket, Key=info.key)
    drop(desk, "GC1,ACTIVE,10.00", "GC5,ACTIVE,3.00")
    return desk


def drop(desk, *cards: str, name: str = "cards.csv") -> None:
    """Drop a list of cards that is newer than any before: the store tells whole seconds."""
    time.sleep(1.1)
    desk.storage.put(CARDS + name, "\n".join(["number,Status,Balance", *cards, ""]).encode())


@pytest.mark.thorough
def test_against_a_list_of_its_cards_only_new_ones_go_up_and_others_are_unchanged_or_held(listed):
    listed.write("cards.csv", GOOD + "GC5,25.00\n")

    run = listed.run("cards.csv", *UPLOAD, code=4)

    changes = run["changes"]
    assert (changes["unknown"], changes["unchanged"], changes["held"]) == (1, 1, 1)
    assert listed.read(listed.fetch(run["run_id"], "upload")) == "Number,Balance\nGC2,20.00\n"
    assert run["totals"]["before"] == [{"currency": "EUR", "count": 2, "sum_cents": 1300}]


@pytest.mark.thorough
def test_a_balance_that_no_upload_can_set_is_listed_for_a_person(listed):
    listed.write("cards.csv", "Number,Balance\nGC5,25.00\n")
    run = listed.run("cards.csv", "--existing-cards", "set", *UPLOAD, code=4)
    assert (run["outcome"], run["changes"]["held"]) == ("nothing_to_do", 1)
    assert listed.read(listed.fetch(run["run_id"], "by-hand")).splitlines()[1:] == ["GC5,change,balance_cents,300,2500"]


@pytest.mark.thorough
def test_a_later_list_confirms_an_upload_and_says_what_became_of_each_card(listed):
    listed.write("cards.csv", GOOD + "GC7,7.00\nGC8,8.00\n")
    run = listed.run("cards.csv", *UPLOAD, code=4)
    drop(listed, "GC1,ACTIVE,10.00", "GC5,ACTIVE,3.00", "GC2,ACTIVE,20.00", "GC8,ACTIVE,5.00", name="later.csv")

    answer = listed.ask("confirm", run["run_id"], code=4)

    changes = answer["changes"]
    assert (changes["created"], changes["refused"], changes["conflict"], changes["unknown"]) == (1, 1, 1, 0)
    assert answer["totals"]["after"] == [{"currency": "EUR", "count": 4, "sum_cents": 3800}]
    listed.ask("verify-run", run["run_id"])


@pytest.mark.thorough
def test_the_list_that_an_upload_was_compared_with_does_not_confirm_it(listed):
    listed.write("cards.csv", GOOD)
    run = listed.run("cards.csv", *UPLOAD, code=4)
    drop(listed, "GC1,ACTIVE,10.00", "GC5,ACTIVE,3.00")
    answer = listed.ask("confirm", run["run_id"], code=2)
    assert "is the export from which the upload of run" in answer["says"]


@pytest.mark.thorough
def test_an_undo_of_an_upload_says_which_cards_to_void_by_hand_and_which_were_used(listed):
    listed.write("cards.csv", GOOD + "GC8,8.00\n")
    run = listed.run("cards.csv", *UPLOAD, code=4)
    early = listed.ask("restore", run["run_id"], code=2)
    assert "Nobody has said yet what became of the upload" in early["says"]
    listed.ask("confirm", run["run_id"])
    late = listed.ask("restore", run["run_id"], code=2)
    assert "No export in inbox/registers/lightspeed_x_cards/ is newer than run" in late["says"]
    drop(listed, "GC1,ACTIVE,10.00", "GC5,ACTIVE,3.00", "GC2,ACTIVE,20.00", "GC8,ACTIVE,5.00", name="later.csv")

    undone = listed.ask("restore", run["run_id"], "--mode", "apply", code=4)

    assert (undone["changes"]["held"], undone["changes"]["conflict"]) == (1, 1)
    assert listed.read(listed.fetch(undone["run_id"], "by-hand")).splitlines()[1:] == ['GC2,remove,"","",""']
    assert listed.read(listed.fetch(undone["run_id"], "conflicts")).splitlines()[1:] == ["GC8,balance_cents,,800,500"]

    drop(listed, "GC1,ACTIVE,10.00", "GC5,ACTIVE,3.00", "GC2,VOIDED,0.00", "GC8,ACTIVE,5.00", name="last.csv")
    again = listed.ask("restore", run["run_id"])
    assert (again["changes"]["unchanged"], again["changes"]["conflict"]) == (1, 1)

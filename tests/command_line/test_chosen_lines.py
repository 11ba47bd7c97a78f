"""Some lines of a file go first, to see how they fare; then the rest of the same file."""

import pytest

from tests.command_line.test_corrections import as_it_came, correct

CARDS = "Number,Balance\nGC1,10.00\nGC2,20.00\nGC3,30.00\n"
APPLY = ("--mode", "apply")


def test_the_lines_that_were_not_chosen_are_held_and_go_in_with_the_next_run(desk):
    desk.write("cards.csv", CARDS)
    first = desk.run("cards.csv", *APPLY, "--lines", "2-3", code=4)
    assert (first["changes"]["created"], first["changes"]["held"]) == (2, 1)
    assert desk.till() == {"GC1": 1000, "GC2": 2000}

    rest = desk.run("cards.csv", *APPLY)
    assert (rest["changes"]["created"], rest["changes"]["unchanged"]) == (1, 2)
    assert desk.till() == {"GC1": 1000, "GC2": 2000, "GC3": 3000}


@pytest.mark.thorough
def test_an_approval_of_some_lines_is_none_of_the_whole_file(desk):
    desk.write("cards.csv", CARDS)
    some = desk.run("cards.csv", "--lines", "2")
    whole = desk.run("cards.csv")
    assert some["plan_id"] != whole["plan_id"]
    assert desk.run("cards.csv", *APPLY, "--approved", some["plan_id"], code=3)["outcome"] == "needs_approval"
    assert desk.till() == {}


@pytest.mark.thorough
def test_the_first_of_several_lines_written_alone_is_undone_alone(desk):
    desk.write("cards.csv", CARDS)
    first = desk.run("cards.csv", *APPLY, "--lines", "3", code=4)
    desk.ask("restore", first["run_id"], *APPLY)
    assert desk.till() == {}


def test_lines_that_are_no_numbers_change_nothing_and_are_named(desk):
    desk.write("cards.csv", CARDS)
    answer = desk.run("cards.csv", *APPLY, "--lines", "two to three", code=2)
    assert "Write them like 2-40, 57" in answer["says"]
    assert desk.till() == {}


ABOVE = {"approver_must_differ_above": "50"}
SECOND = ["SECOND_PERSON"]


def concerns(answer) -> list[str]:
    return [each["code"] for each in answer["concerns"]]


def test_who_writes_a_large_file_in_small_parts_needs_somebody_else_for_each(desk):
    desk.write("cards.csv", CARDS)
    first = desk.run("cards.csv", *APPLY, "--lines", "2", "--by", "Ada", code=3, **ABOVE)
    assert concerns(first) == SECOND and "with the other parts of the same file" in first["concerns"][0]["says"]
    desk.ask("approve", first["plan_id"], "--by", "Ada", "--why", "mine", code=4, **ABOVE)
    desk.ask("approve", first["plan_id"], "--by", "Bea", "--why", "counted", **ABOVE)
    desk.run("cards.csv", *APPLY, "--lines", "2", "--by", "Ada", code=4, **ABOVE)
    rest = desk.run("cards.csv", *APPLY, "--by", "Ada", code=3, **ABOVE)
    assert concerns(rest) == SECOND, "50.00 are left, and 60.00 are the whole file"
    assert desk.till() == {"GC1": 1000}


@pytest.mark.thorough
def test_corrected_rejects_count_with_what_their_file_wrote(desk):
    desk.write("cards.csv", "Number,Balance\nGC1,30.00\nGC2,3o.00\n")
    first = desk.run("cards.csv", *APPLY, "--by", "Ada", code=4, **ABOVE)
    corrected = correct(desk, first["run_id"], as_it_came, {"3o.00": "30.00"})
    assert concerns(desk.run(corrected, *APPLY, "--by", "Ada", code=3, **ABOVE)) == SECOND
    assert desk.till() == {"GC1": 3000}


@pytest.mark.thorough
def test_a_run_that_is_undone_in_parts_needs_somebody_else_once_they_are_much_together(desk):
    desk.write("cards.csv", "Number,Balance\nGC1,30.00\nGC2,30.00\n")
    run = desk.run("cards.csv", *APPLY)["run_id"]
    for only, code in (("GC1", 0), ("GC2", 3)):
        desk.write("only.txt", only)
        undone = desk.ask("restore", run, "--only", "only.txt", *APPLY, "--by", "Ada", code=code, **ABOVE)
        assert concerns(undone) == (SECOND if code else [])
    assert desk.till() == {"GC2": 3000}

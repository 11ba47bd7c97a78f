"""Orders that never arrived sync again: those and no others, each once, and no buyer hears of it."""

from typing import Any

import pytest
import sqlalchemy as sa

from infra.connectors.sql.tables import SALES
from infra.connectors.woocommerce.api import MARK
from infra.databases.database import writing
from tests.databases import open_database
from tests.examples import MOMENTS, Choice
from tests.fakes.woocommerce import Fake, Trouble
from tests.web_shop.shops import KILLED, Both, while_writing
from tests.without_prefect_engine import new_flow_run_id

ALL_DAYS = ("--from", "2024-01-01")
NAMED = ("--reference", "March")


def arrive(both: Both, *order_ids: int) -> None:
    """Enter sales of these orders in the till."""
    usual = {c.name: 0 if isinstance(c.type, sa.BigInteger) else "" for c in SALES.c if not c.name.endswith("ed_at")}
    of_till = {
        "state": "closed",
        "stock": "deduct",
        "register_id": "r1",
        "outlet_id": "main",
        "sold_at": "",
        "lines": "[]",
    }
    with writing(open_database(both.desk.target_url)) as connection:
        connection.execute(sa.insert(SALES), [usual | of_till | {"order_key": f"woocommerce:{n}"} for n in order_ids])


def marks(fake: Fake) -> dict[int, str]:
    """Return the marks of the orders that have one."""
    found = {n: {entry["key"]: entry["value"] for entry in order["meta_data"]} for n, order in fake.shop.orders.items()}
    return {n: entries[MARK] for n, entries in found.items() if MARK in entries}


def notes(fake: Fake) -> dict[int, list[bool]]:
    """Return of each order with notes whether each is for the buyer."""
    return {n: [note["customer_note"] for note in found] for n, found in fake.shop.notes.items() if found}


def counts(document: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in document["changes"].items() if count}


def test_a_preview_lists_the_orders_that_never_arrived_and_nudges_none(both: Both):
    arrive(both, 1, 2, 4)
    answer = both.run("nudge", *ALL_DAYS)
    assert (answer["outcome"], counts(answer)) == ("previewed", {"updated": 2})
    assert "3 of them are in the till" in answer["reading"]
    assert (marks(both.fake), notes(both.fake)) == ({}, {})


@pytest.mark.thorough
def test_just_those_are_nudged_with_a_note_that_no_buyer_sees(both: Both):
    arrive(both, 1, 2, 4)
    before = {n: order["date_modified_gmt"] for n, order in both.fake.shop.orders.items()}
    answer = both.run("nudge", *ALL_DAYS, *NAMED, "--mode", "apply")
    assert (answer["outcome"], counts(answer), answer["discrepancies"]) == ("applied", {"updated": 2}, [])
    assert marks(both.fake) == {3: "March", 5: "March"}
    assert notes(both.fake) == {3: [False], 5: [False]}
    moved = [n for n, order in both.fake.shop.orders.items() if order["date_modified_gmt"] != before[n]]
    assert moved == [3, 5]


@pytest.mark.thorough
def test_orders_are_nudged_once_under_a_name_and_again_under_another(both: Both):
    both.run("nudge", "3", *NAMED, "--mode", "apply")
    assert counts(both.run("nudge", "3", *NAMED, "--mode", "apply")) == {"unchanged": 1}
    assert counts(both.run("nudge", "3", "--reference", "April", "--mode", "apply")) == {"updated": 1}
    assert (marks(both.fake), notes(both.fake)) == ({3: "April"}, {3: [False, False]})


def test_left_alone_the_name_is_the_day(both: Both):
    both.run("nudge", "3", "--mode", "apply")
    assert len(marks(both.fake)[3]) == len("2024-03-01")


@pytest.mark.thorough
def test_orders_named_by_id_are_nudged_whatever_their_status_and_one_that_is_gone_is_held(both: Both):
    answer = both.run("nudge", "6", "77", *NAMED, "--mode", "apply", code=4)
    assert (counts(answer), marks(both.fake)) == ({"updated": 1, "held": 1}, {6: "March"})


def test_marks_that_move_no_date_are_said_before_any_is_written(both: Both):
    both.fake.shop.legacy = True
    answer = both.run("nudge", "3", *NAMED, "--mode", "apply", code=3)
    assert [concern["code"] for concern in answer["concerns"]] == ["WEB_ORDERS_IN_POSTS"]
    assert (marks(both.fake), notes(both.fake)) == ({}, {})


@pytest.mark.parametrize("arguments", [(), ("12/notes",), ("--from", "yesterday"), ("3", "--from", "2024-01-01")])
def test_what_is_not_asked_well_is_said(both: Both, arguments: tuple[str, ...]):
    assert both.desk.type("nudge", *arguments).code == 2
    assert both.fake.paths("PUT") == []


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_answer_that_is_lost_is_looked_up(both: Both, method: str):
    both.fake.trouble = [Trouble("drop after", method=method)]
    answer = both.run("nudge", "3", "4", *NAMED, "--mode", "apply")
    assert (answer["outcome"], notes(both.fake)) == ("applied", {3: [False], 4: [False]})


@pytest.mark.thorough
def test_a_note_that_may_be_on_its_way_is_unknown_and_the_next_run_completes_it(both: Both):
    both.fake.trouble = [Trouble("drop", method="POST")]
    answer = both.run("nudge", "3", "4", *NAMED, "--mode", "apply", code=4)
    assert counts(answer) == {"updated": 1, "unknown": 1}
    assert counts(both.run("nudge", "3", "4", *NAMED, "--mode", "apply")) == {"updated": 1, "unchanged": 1}
    assert notes(both.fake) == {3: [False], 4: [False]}


@pytest.mark.thorough
@pytest.mark.parametrize(("method", "kind", "status"), [("POST", "web page", 200), ("PUT", "firewall", 403)])
def test_a_page_that_came_in_place_of_an_answer_is_named_with_who_can_put_it_right(
    both: Both, method: str, kind: Any, status: int
):
    both.fake.trouble = [Trouble(kind, method=method)]
    answer = both.run("nudge", "3", "4", *NAMED, "--mode", "apply", code=4)
    assert counts(answer) == {"updated": 1, "unknown": 1}
    said = answer["next_steps"][0]
    assert said.startswith(f'The web shop answered ({status}) with a web page ("Maintenance") instead of data.')
    assert "whoever runs its server lets us through" in said
    assert "ada" not in said


@pytest.mark.thorough
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_a_nudge_whose_answer_has_a_notice_of_php_before_it_is_looked_up(both: Both, method: str):
    both.fake.trouble = [Trouble("notice", method=method)]
    assert both.run("nudge", "3", *NAMED, "--mode", "apply")["outcome"] == "applied"
    assert (marks(both.fake), notes(both.fake)) == ({3: "March"}, {3: [False]})


def test_a_nudge_is_not_undone(both: Both):
    answer = both.run("nudge", "3", *NAMED, "--mode", "apply")
    ended = both.desk.type("restore", answer["run_id"], "--mode", "apply")
    assert (ended.code, "cannot undo" in ended.err) == (4, True)


@pytest.mark.thorough
def test_more_than_usual_wait_for_an_approval(both: Both):
    answer = both.run("nudge", *ALL_DAYS, *NAMED, "--mode", "apply", "--max-changed-rows", "1", code=3)
    assert marks(both.fake) == {}
    both.run("nudge", *ALL_DAYS, *NAMED, "--mode", "apply", "--approved", answer["plan_id"])
    assert len(marks(both.fake)) == 5


@pytest.mark.thorough
@pytest.mark.parametrize("chosen", MOMENTS)
def test_wherever_a_nudge_dies_the_next_attempt_completes_it_without_a_second_note(both: Both, chosen: Choice):
    assert both.die("nudge", "3", "4", "--reference", "x", "--mode", "apply") == 0
    for fatal in chosen(while_writing(both.moments())):
        flow_run, name = new_flow_run_id(), f"nudge {fatal}"
        both.fake.shop.notes.clear()
        both.desk.environment["FLOW_RUN_ID"] = flow_run  # type: ignore[index]
        assert both.die("nudge", "3", "4", "--reference", name, "--mode", "apply", fatal=fatal) == KILLED
        answer = both.run("nudge", "3", "4", "--reference", name, "--mode", "apply")
        assert answer["outcome"] in ("applied", "nothing_to_do"), fatal
        assert (marks(both.fake) | {3: name, 4: name} == marks(both.fake), notes(both.fake)) == (
            True,
            {3: [False], 4: [False]},
        ), fatal


def test_nothing_of_buyers_or_keys_is_left_in_what_prefect_or_a_terminal_shows(both: Both):
    both.fake.trouble = [Trouble("firewall", method="PUT", times=9)]
    ended = both.desk.type("nudge", "3", *NAMED, "--mode", "apply")
    assert not any(
        word in ended.out + ended.err for word in ("example.test", both.fake.keys.secret, both.fake.keys.key)
    )

"""What people decided, on the worklist that a sweep wrote: entered where nothing is against it, else sent back."""

import csv
import io
from typing import Any

import pytest

from tests.sweeping.shop import Shop, transaction

DAY = "2026-11-20"


@pytest.fixture
def worklist(shop: Shop) -> list[dict[str, str]]:
    """The worklist after a sweep: 77 bought something that is on no card, 78 took a free good."""
    shop.owner_with_reward("77", "1990367")
    shop.astro.books.add_owner("78")
    shop.sell("S-9001", "77", DAY)
    shop.sell("S-9002", "78", DAY, cents=0)
    answer = shop.sweep(DAY, shop.report(DAY, transaction("77", "S-9001", DAY), transaction("78", "S-9002", DAY)))
    name = shop.desk.fetch(answer["run_id"], "worklist.csv")
    return list(csv.DictReader(io.StringIO((shop.desk.folder / name).read_text("utf-8-sig"))))


def decide(
    shop: Shop, rows: list[dict[str, str]], *decisions: str, code: int = 0, mode: str = "apply"
) -> dict[str, Any]:
    """Fill in the worklist from the top and hand it in."""
    filled = [row | {"decision": decision, "note": "seen"} for row, decision in zip(rows, decisions, strict=True)]
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(filled)
    file = shop.desk.write("filled.csv", text.getvalue())
    return shop.desk.ask("resolve", file, "--mode", mode, "--day", DAY, "--by", "Maria", code=code)


def test_the_worklist_says_who_it_is_and_what_to_do(worklist: list[dict[str, str]]):
    assert [(row["customer"], row["what"], row["at risk (EUR)"]) for row in worklist] == [
        ("Jane Private 77", "purchase missing", "54.99"),
        ("Jane Private 78", "free good", "0.00"),
    ]
    assert worklist[0]["steps"].startswith("Click the name of the customer (77)")


@pytest.mark.thorough
def test_a_decision_that_nothing_is_against_is_remembered_with_who_and_when(shop: Shop, worklist: list[dict[str, str]]):
    answer = decide(shop, worklist, "", "hide")

    assert answer["outcome"] == "applied"
    assert shop.failures("customer_id", "status", "decision", "decided_by", "decided_on") == [
        ("77", "open", None, None, None),
        ("78", "hidden", "hide", "Maria", DAY),
    ]


@pytest.mark.thorough
def test_a_decision_that_the_evidence_is_against_comes_back_with_the_reason(shop: Shop, worklist: list[dict[str, str]]):
    answer = decide(shop, worklist, "hide", "", code=4)

    back = shop.desk.read(shop.desk.fetch(answer["run_id"], "rejects"))
    assert answer["outcome"] == "applied_with_rejects"
    assert "the till sold more than the card shows" in back
    assert shop.failures("status") == [("open",), ("open",)]


@pytest.mark.thorough
def test_a_person_who_did_it_first_is_believed_once_astro_shows_it(shop: Shop, worklist: list[dict[str, str]]):
    bought = {"item_code": "012345678905", "item_description": "Dog food 2 kg", "imported_transaction_id": ""}
    shop.astro.books.owners["77"].cards[0].purchases.append(bought | {"purchase_date": "2026-11-21"})

    answer = decide(shop, worklist, "added by hand", "")

    assert (answer["outcome"], shop.failures("status")[0]) == ("applied", ("resolved",))


@pytest.mark.thorough
def test_what_was_decided_stays_decided_though_the_report_still_shows_it(shop: Shop, worklist: list[dict[str, str]]):
    decide(shop, worklist, "", "hide")

    file = shop.report("2026-11-21", transaction("77", "S-9001", DAY), transaction("78", "S-9002", DAY))
    shop.sweep("2026-11-21", file)

    assert shop.failures("customer_id", "status") == [("77", "open"), ("78", "hidden")]


@pytest.mark.thorough
def test_the_same_worklist_twice_enters_nothing_twice(shop: Shop, worklist: list[dict[str, str]]):
    decide(shop, worklist, "", "hide")

    assert decide(shop, worklist, "", "hide")["outcome"] == "nothing_to_do"


@pytest.mark.thorough
def test_a_preview_of_decisions_enters_nothing(shop: Shop, worklist: list[dict[str, str]]):
    assert decide(shop, worklist, "", "hide", mode="preview")["outcome"] == "previewed"
    assert shop.failures("status") == [("open",), ("open",)]


@pytest.mark.thorough
def test_an_act_says_what_it_would_settle_before_it_is_done(shop: Shop, worklist: list[dict[str, str]]):
    answer = shop.desk.ask("simulate", "add_purchases", "77")

    assert (answer["settled"], answer["freed_cents"]) == (1, 5499)
    assert shop.astro.asked("addTransaction") == []


@pytest.mark.thorough
def test_what_an_act_would_do_is_said_in_words(shop: Shop, worklist: list[dict[str, str]]):
    assert "1  purchase missing -> duplicate" in shop.desk.type("simulate", "add_purchases", "77").out


@pytest.mark.thorough
def test_an_act_about_nothing_that_is_open_is_named_with_what_is(shop: Shop, worklist: list[dict[str, str]]):
    answer = shop.desk.ask("simulate", "add_purchases", "78", code=2)
    assert "nothing is about '78' that add_purchases could settle" in answer["says"]
    assert "The nearest that there are: '77'." in answer["says"]

    answer = shop.desk.ask("simulate", "enrol", "Buy 21 get 1", code=2)
    assert "There is nothing open that it could be done for." in answer["says"]
    assert "Write one of: enrol" in shop.desk.ask("simulate", "enroll", "Buy 3 get 1", code=2)["says"]


@pytest.mark.thorough
def test_a_worklist_that_is_not_there_is_named_with_where_worklists_lie(shop: Shop, worklist: list[dict[str, str]]):
    answer = shop.desk.ask("resolve", "worklsit.xlsx", "--mode", "apply", code=2)

    assert "worklsit.xlsx: there is no such worklist, neither in the folder" in answer["says"]
    assert "worklist.xlsx. Fill in decision" in answer["says"]


@pytest.mark.thorough
def test_what_a_person_called_wrong_is_neither_done_nor_hidden_by_a_policy(shop: Shop, worklist: list[dict[str, str]]):
    decide(shop, worklist, "wrong", "wrong")
    file = shop.report("2026-11-21", transaction("77", "S-9001", DAY), transaction("78", "S-9002", DAY))

    answer = shop.sweep("2026-11-21", file, loyalty_apply="purchase_missing", loyalty_hide_proven="true")

    assert (answer["changes"]["held"], shop.astro.asked("addTransaction")) == (1, [])
    assert shop.failures("status", "decision") == [("open", "wrong"), ("open", "wrong")]

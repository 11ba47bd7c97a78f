"""Failures told as JSON: a till's journal of answers, and a relay's report."""

import json

import pytest

from schemas.loyalty.reports import ANSWERS
from schemas.problems import FileNeedsFixing
from tasks.core.loyalty.answers import read_journal, read_relay
from tasks.core.rejects.file import write_rejects
from tests.loyalty import SIZES, check, found

BATCH = {
    "at": "2026-11-20T17:45:00Z",
    "endpoint": "addTransactionBatch",
    "jsonData": json.dumps(
        {
            "customerID": "P-77",
            "saleID": "S-9001",
            "transactions": [
                {"transactionID": "S-9001-1", "item_code": "012345678905", "item_qty": 1, "item_amount": "54.99"},
                {"transactionID": "S-9001-2", "item_code": "555555555555", "item_qty": 2, "item_amount": 7.50},
            ],
        }
    ),
    "answer": {
        "astro_status": 100,
        "astro_status_message": "Success",
        "returnData": [
            {"transaction_status": 100, "transaction_status_message": "Transaction Added", "transactionID": "S-9001-1"},
            {"transaction_status": 700, "transaction_status_message": "No Items Found", "transactionID": "S-9001-2"},
        ],
    },
}
REDEMPTION = {
    "at": "2026-11-21T09:00:00+01:00",
    "endpoint": "/api/json/addRedemption/",
    "jsonData": {"customerID": "P-78", "astro_reward_id": 1990367, "astro_item_id": None},
    "status": 701,
    "status_messsage": "Email address is missing",
}
SEARCH = {"at": "2026-11-21T09:00:00Z", "endpoint": "searchCustomer", "jsonData": {"phone": "1"}, "status": 310}


def journal(*entries: object) -> bytes:
    return "\n".join(entry if isinstance(entry, str) else json.dumps(entry) for entry in entries).encode()


def test_every_row_of_a_batch_that_was_not_taken_is_a_failure():
    parsed = read_journal(journal(BATCH), name="answers.jsonl", sizes=SIZES)
    (failure,) = check(parsed.tables["transaction"], "transaction", source="journal").failures.iter_rows(named=True)

    assert failure["transaction_id"] == "S-9001-2"
    assert (failure["customer_id"], failure["upc"]) == ("P-77", "555555555555")
    assert (failure["reason"], failure["reason_code"]) == ("No Items Found (700)", "no_items_found")
    assert (failure["quantity_milli"], failure["amount_cents"]) == (2000, 750)


def test_a_misspelt_answer_is_read_and_what_gives_nobody_anything_is_passed_over():
    parsed = read_journal(journal(SEARCH, "", REDEMPTION, SEARCH), name="answers.jsonl", sizes=SIZES)
    (failure,) = check(parsed.tables["redemption"], "redemption", source="journal").failures.iter_rows(named=True)

    assert list(parsed.tables) == ["redemption"]
    assert (failure["reward_id"], failure["reason_code"]) == ("1990367", "contact_missing")
    assert f"{failure['occurred_at']:%H:%M}" == "08:00"


def test_a_batch_that_failed_as_a_whole_failed_for_each_row():
    whole = {**BATCH, "answer": {"astro_status": "310", "astro_status_message": "Customer not found"}}
    parsed = read_journal(journal(whole), name="answers.jsonl", sizes=SIZES)
    assert (
        check(parsed.tables["transaction"], "transaction").failures["reason_code"].to_list()
        == ["customer_not_found"] * 2
    )


@pytest.mark.parametrize(
    "line",
    ["{", "[]", "17", '"x"', '{"at": 1}', '{"endpoint": "addTransaction"}', "#N/A", "=cmd()", "[" * 100_000,
     '{"endpoint":"addTransaction","jsonData":"{","status":700}'],
)  # fmt: skip
def test_what_is_no_answer_is_a_reject_and_the_others_are_read(line: str):
    parsed = read_journal(journal(REDEMPTION, line), name="answers.jsonl", sizes=SIZES)

    assert parsed.tables["redemption"].rows_in == 1
    assert parsed.unreadable is not None
    assert parsed.unreadable.rows_in == parsed.unreadable.findings["line"].n_unique() == 1
    assert parsed.unreadable.findings["detail"].to_list() == ["entry 2"]
    assert write_rejects(parsed.unreadable, parsed.unreadable.findings, run_id="run1", dialect=ANSWERS)


def test_a_relay_tells_rows_under_our_names_or_the_screens_headings():
    content = json.dumps(
        {
            "redemptions": [],
            "transactions": [
                {
                    "customer_id": "P-77",
                    "upc": "012345678905",
                    "occurred_at": "2026-11-20 17:45",
                    "reason": "No Items Found",
                },
                {
                    "Customer": "Ann",
                    "Item code": 12345678905,
                    "Date/Time": "2026-11-20 17:46",
                    "Reason": "No Items Found",
                },
                {"x": 1},
                None,
                {"reason": "  "},
            ],
        }
    )
    parsed = read_relay(content.encode(), name="relay", sizes=SIZES)
    came = check(parsed.tables["transaction"], "transaction", source="relay")

    assert found(came) == []
    assert came.failures.select("customer_id", "customer_name", "upc").rows() == [
        ("P-77", "", "012345678905"),
        ("", "Ann", "012345678905"),
    ]
    assert parsed.tables["redemption"].rows_in == 0
    assert parsed.unreadable is not None and parsed.unreadable.rows_in == 3


def test_a_section_that_a_relay_does_not_tell_is_not_an_empty_one():
    assert list(read_relay(b'{"redemptions": []}', name="relay", sizes=SIZES).tables) == ["redemption"]


@pytest.mark.parametrize("content", [b"{}", b"[]", b"<html>", b'{"redemptions": 3}'])
def test_what_no_relay_sends_is_turned_away(content: bytes):
    with pytest.raises(FileNeedsFixing, match="not what a relay sends"):
        read_relay(content, name="relay", sizes=SIZES)

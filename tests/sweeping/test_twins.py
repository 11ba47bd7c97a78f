"""A failure that the till's journal tells first, and then Astro's report, is one failure."""

import json

from tests.sweeping.shop import UPC, Shop, transaction


def test_what_journal_and_report_tell_is_remembered_once_and_can_be_gone(shop: Shop):
    answer = {
        "at": "2026-11-20T17:43:00",
        "endpoint": "addTransaction",
        "jsonData": {"customerID": "77", "transactionID": "S-1", "item_code": UPC},
        "astro_status": 700,
        "astro_status_message": "TransactionID already exists",
    }
    shop.drop("answers-2026-11-20.jsonl", json.dumps(answer) + "\n")
    shop.sweep("2026-11-20")
    swept = shop.sweep("2026-11-21", shop.report("2026-11-21", transaction("77", "S-1", "2026-11-20")))
    assert "Jane Private 77" in shop.desk.read(shop.desk.fetch(swept["run_id"], "worklist.csv")), "the report told it"
    assert shop.failures("source", "status", "last_seen_on") == [("journal", "open", "2026-11-21")]

    shop.sweep("2026-11-22", shop.report("2026-11-22", transaction("78", "S-2", "2026-11-22")))
    assert shop.failures("customer_id", "status") == [("77", "resolved"), ("78", "open")]

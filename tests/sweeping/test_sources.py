"""Failures that no report told: a journal of failed answers, and a point of sale that relays Astro's."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.sweeping.shop import UPC, Shop

DAY = "2026-11-20"
RELAYED = {
    "redemptions": [],
    "transactions": [
        {"customer_name": "Jane", "customer_id": "78", "transaction_id": "S-2", "upc": UPC}
        | {"occurred_at": f"{DAY} 17:45", "reason": "No Items Found"}
    ],
}


@pytest.fixture
def relay() -> Iterator[str]:
    """A relay that tells one failure."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = json.dumps(RELAYED).encode() if "since=2026-10-21" in self.path else b"{}"
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/failures"
    server.shutdown()
    server.server_close()
    thread.join()


def answer(sale: str, status: int) -> str:
    """One line of a journal."""
    asked = {"customerID": "77", "transactionID": sale, "saleID": sale, "item_code": UPC, "item_qty": 1}
    said = {"astro_status": status, "status_messsage": "TransactionID Already Exists"}
    return (
        json.dumps({"at": f"{DAY}T16:45:00Z", "endpoint": "addTransaction", "jsonData": asked, "answer": said}) + "\n"
    )


def test_a_journal_tells_what_failed_and_its_silence_says_nothing(shop: Shop):
    shop.drop(f"answers-{DAY}.jsonl", answer("S-1", 720) + answer("S-2", 100))
    shop.sweep(DAY)
    shop.drop("answers-2026-11-21.jsonl", answer("S-3", 100))
    shop.sweep("2026-11-21")

    assert shop.failures("transaction_id", "source", "status") == [("S-1", "journal", "open")]


@pytest.mark.thorough
def test_a_relay_is_asked_for_thirty_days_and_counts_as_a_report(shop: Shop, relay: str):
    shop.sweep(DAY, loyalty_relay_url=relay)

    assert shop.failures("customer_id", "source", "reported_on") == [("78", "relay", DAY)]

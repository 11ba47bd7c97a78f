"""That what we send and what our fake answers is held against descriptions, and that a fault would be noticed."""

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.lightspeed_cards import Cards
from tests.fakes.openapi import VENDORS, SentAnswer, SentRequest, as_json, descriptions, our_paths, violations

CARD = Cards().add("GC1", "10.00")
LIST = "/api/2026-07/gift_cards"
AGENT = {"User-Agent": "Counterfoil"}
NEW = {"number": "GC1", "amount": "10.00"}


def sent(method: str, path: str, body: Any = None, *, headers: Any = AGENT, query: Any = ()) -> SentRequest:
    content = None if body is None else as_json(body)
    return SentRequest(method, path, dict(query), headers, content, "application/json" if content else "")


def answered(document: Any, status: int = 200) -> SentAnswer:
    return SentAnswer(status_code=status, data=as_json(document))


def test_what_is_right_breaks_nothing() -> None:
    assert violations(sent("get", LIST), answered({"data": [CARD]})) == []
    assert violations(sent("post", LIST, NEW), answered({"data": CARD}, 201)) == []


WRONG = {
    "amount as a number": (sent("post", LIST, NEW | {"amount": 10.0}), answered({"data": CARD}, 201)),
    "a name that is not declared": (sent("post", LIST, NEW | {"note": "x"}), answered({"data": CARD}, 201)),
    "no number": (sent("post", LIST, {"amount": "1.00"}), answered({"data": CARD}, 201)),
    "no User-Agent": (sent("get", LIST, headers={}), answered({"data": []})),
    "a query name that is not declared": (sent("get", LIST, query={"status": "ACTIVE"}), answered({"data": []})),
    "too large a page": (sent("get", LIST, query={"page_size": "5000"}), answered({"data": []})),
    "another path": (sent("get", f"{LIST}/transactions"), answered({"data": []})),
    "another sign": (
        sent("post", f"{LIST}/GC1/transactions", {"type": "RELOADING", "amount": "-1.00", "client_id": "x"}),
        answered({"data": CARD["gift_card_transactions"][0]}, 201),
    ),
    "a balance as a number": (sent("get", LIST), answered({"data": [CARD | {"balance": 10.0}]})),
    "a status nobody knows": (sent("get", LIST), answered({"data": [CARD | {"status": "LOST"}]})),
    "a card that is not wrapped": (sent("get", f"{LIST}/by_number/GC1"), answered(CARD)),
    "another status of HTTP": (sent("post", LIST, NEW), answered({"data": CARD}, 200)),
}


@pytest.mark.parametrize("what", [*WRONG])
def test_what_is_wrong_is_noticed(what: str) -> None:
    assert violations(*WRONG[what]) != []


@pytest.mark.skipif(VENDORS not in os.environ, reason=f"{VENDORS} names no file of the vendor")
def test_every_call_of_ours_is_one_of_the_vendors() -> None:
    assert set(descriptions()) == {"ours", "the vendor's"}
    theirs = yaml.safe_load(Path(os.environ[VENDORS]).read_text())["paths"]
    same = {"/gift_cards/by_number/{number}": "/gift_cards/by_number/{card_number}"}
    same |= {"/gift_cards/{number}/transactions": "/gift_cards/{card_number}/transactions"}
    for path, calls in our_paths().items():
        place = path.removeprefix("/2026-07")
        if place != "/1.0/token":
            assert set(calls) <= set(theirs[same.get(place, place)]), path

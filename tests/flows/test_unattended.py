"""Runs that nobody watches: what is of concern waits for a person, and goes on when the person says so."""

import json

import pytest

from tests.flows.people import People
from tests.flows.tills import Till

pytestmark = [pytest.mark.server, pytest.mark.slow]

FILE = "Number;Balance\nQZX7700511;737.51\n"


def test_an_unattended_run_of_concern_waits_for_approval_and_a_retry_applies_it(people: People, till: Till) -> None:
    till.sell(QZX7700511="1.00")
    key = people.drop("by-hand/of-concern.csv", FILE)
    asked = {"inbox_key": key, "mode": "apply", "existing_cards": "set", "max_amount": 100}
    run = people.start("gift-cards/gift-cards", till, **asked)
    ended, entry = people.see_end(run, "Needs approval"), people.entry(run)
    assert ended["type"] == "FAILED" and f"counterfoil approve {entry.plan_id}" in ended["message"]
    assert (till.balances(), entry.outcome) == ({"QZX7700511": "1.00"}, "needs_approval")

    said = people.type("cli", "approve", entry.plan_id, "--by", "Maria", "--why", "company card", "--json")
    assert json.loads(said.stdout)["decision"] == "approve"
    people.retry(run)
    people.see_end(run, "Applied")
    assert (till.balances(), till.batches()) == ({"QZX7700511": "737.51"}, 1)
    assert people.decisions(entry.plan_id) == [("approve", "Maria", "company card")]
    assert people.entry(run).outcome == "applied"

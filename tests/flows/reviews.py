"""A review from the first question to the end, with everything that people saw on the way."""

from dataclasses import dataclass
from typing import Any

from infra.ledger import RunEntry
from tests.flows.people import People, State
from tests.flows.tills import Till

FILE = """\
Number;Balance
QZX7700341;737.31
QZX7700342;737.42
"""


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """``balances`` maps a moment to what the till held then; ``batches`` counts what was written to it by the end."""

    run: str
    till: Till
    schema: dict[str, Any]
    description: str
    waiting: RunEntry
    ended: State
    balances: dict[str, dict[str, str]]
    batches: int


def review(people: People, till: Till) -> Reviewed:
    """Import FILE in review mode, and approve it."""
    till.sell(QZX7700341="10.00")
    key = people.drop("by-hand/reviewed.csv", FILE)
    asked_for = {"inbox_key": key, "mode": "review", "existing_cards": "set", "submitted_by": "Anna"}
    run = people.start("gift-cards/gift-cards", till, **asked_for)
    question = people.see_question(run)
    schema, description = people.form(run, question)
    waiting, untouched = people.entry(run), till.balances()
    people.answer(run, "approve", "Maria", "counted twice")
    return Reviewed(
        run=run,
        till=till,
        schema=schema,
        description=description,
        waiting=waiting,
        ended=people.see_end(run, "Applied"),
        balances={"asked": untouched, "ended": till.balances()},
        batches=till.batches(),
    )

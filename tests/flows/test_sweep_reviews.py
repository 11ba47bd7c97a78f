"""The loyalty sweep under review: it asks before it changes anything in Astro, and people are told meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from infra.databases.database import reading
from infra.ledger.tables import FAILURES
from tests.fakes.astro import Astro, open_astro
from tests.fakes.astro_books import Program
from tests.flows.people import People, wait_for
from tests.flows.webhook import open_room
from tests.sweeping.shop import SALES, TRANSACTIONS, UPC, transaction

pytestmark = [pytest.mark.server, pytest.mark.slow]

SWEEP = "sweep-loyalty-failures/sweep-loyalty-failures"
PARIS = ZoneInfo("Europe/Paris")
YESTERDAY = datetime.now(UTC).astimezone(PARIS).date() - timedelta(days=1)
SECONDS = 1 / 3600


@dataclass(frozen=True, kw_only=True)
class Office:
    """Who sweeps under review: an Astro with the cards of customers, and a chat room that is told."""

    people: People
    astro: Astro
    notices: list[dict[str, str]]

    def news(self) -> list[dict[str, str]]:
        """Return the notices about failures: of the run that asks, people are told besides."""
        return [notice for notice in self.notices if notice["subject"].startswith("Loyalty failures")]

    def sweep(self, customer_id: str, **settings: str) -> str:
        """Press Run for yesterday evening: one purchase of the customer that Astro has not got, and the till sold."""
        self.astro.books.add_owner(customer_id)
        self.astro.books.add_card(customer_id, self.astro.books.programs[0])
        day = YESTERDAY.isoformat()
        report = TRANSACTIONS + transaction(customer_id, f"S-{customer_id}", day)
        sold = f"S-{customer_id},{customer_id},{day} 17:45,{UPC},Dog food 2 kg,1,54.99\n"
        due = datetime.combine(YESTERDAY, datetime.min.time(), PARIS).replace(hour=20, minute=30)
        return self.people.press_run(
            SWEEP,
            state={"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}},
            job_variables={"env": self._environment() | settings},
            parameters={
                "mode": "review",
                "act": "purchase_missing",
                "submitted_by": "Anna",
                "inbox_keys": [self.people.drop(f"by-hand/review-{customer_id}-{day}.csv", report)],
                "sales_keys": [self.people.drop(f"by-hand/sales-{customer_id}-{day}.csv", SALES + sold)],
            },
        )

    def card(self, customer_id: str) -> list[str]:
        """Return the transaction ids on the cards of a customer."""
        cards = self.astro.books.owners[customer_id].cards
        return [bought["imported_transaction_id"] for card in cards for bought in card.purchases]

    def failure(self, customer_id: str) -> dict[str, Any]:
        """Return what the ledger remembers of the customer's failure."""
        with reading(self.people.ledger.engine) as connection:
            rows = connection.execute(sa.select(FAILURES).where(FAILURES.c.customer_id == customer_id))
            (row,) = rows.mappings()
            return dict(row)

    def _environment(self) -> dict[str, str]:
        reached = {f"COUNTERFOIL_{name.upper()}": value for name, value in self.astro.settings.items()}
        return reached | {"COUNTERFOIL_NOTIFY_BLOCKS": "custom-webhook/reviewers"}


@pytest.fixture
def office(people: People) -> Iterator[Office]:
    with open_astro() as astro, open_room() as (address, notices):
        url = str(people.api.base_url).rstrip("/")
        with temporary_settings({PREFECT_API_URL: url, PREFECT_API_AUTH_STRING: people.login}):
            said = {"subject": "{{subject}}", "body": "{{body}}"}
            room = CustomWebhookNotificationBlock(name="reviewers", url=address, json_data=said)
            room.save("reviewers", overwrite=True)
        astro.books.programs.append(Program(program_id="331", title="Buy 3 get 1", items={UPC: "Dog food 2 kg"}))
        yield Office(people=people, astro=astro, notices=notices)


def test_what_was_approved_is_done_in_astro_once_and_read_back(people: People, office: Office) -> None:
    run = office.sweep("811")
    question = people.see_question(run)
    schema, description = people.form(run, question)
    assert schema["required"] == ["decision", "approver", "reason"]
    assert "| add purchase | purchase missing | planned | 1 | 54.99 EUR |" in description
    assert "Jane" not in description and "S-811" not in description
    assert office.card("811") == []
    assert office.failure("811")["status"] == "open", "it is remembered before anybody answers"
    assert office.failure("811")["failure_class"] == "purchase_missing"
    (notice,) = office.news()
    assert "1 purchase new at risk: 54.99 EUR" in notice["body"], "and people are told"

    people.answer(run, "approve", "Maria", "seen at the till")
    people.see_end(run, "Applied")

    entry = people.entry(run)
    assert office.card("811") == ["S-811"]
    assert entry.report is not None and not entry.report.discrepancies
    assert (entry.run.options["day"], entry.report.changes.created) == (YESTERDAY.isoformat(), 1)
    assert people.decisions(entry.plan_id) == [("approve", "Maria", "seen at the till")]
    remembered = office.failure("811")
    assert (remembered["status"], remembered["decision"]) == ("resolved", "done")
    assert remembered["first_seen_on"] == YESTERDAY.isoformat()
    assert len(office.news()) == 1, "nobody is told twice"


def test_what_was_turned_down_leaves_astro_alone_and_stays_to_be_dealt_with(people: People, office: Office) -> None:
    run = office.sweep("812")
    people.see_question(run)
    people.answer(run, "reject", reason="bought at the other shop")

    ended = people.see_end(run, "Turned down")

    entry = people.entry(run)
    assert (ended["type"], entry.outcome) == ("COMPLETED", "turned_down")
    assert (office.card("812"), office.astro.asked("addTransaction")) == ([], [])
    assert (office.failure("812")["status"], office.failure("812")["failure_class"]) == ("open", "purchase_missing")
    assert entry.report is not None and "worklist.xlsx" in entry.report.artifacts


def test_a_question_that_nobody_answers_loses_nothing_and_can_be_asked_again(people: People, office: Office) -> None:
    run = office.sweep("813", COUNTERFOIL_PLAN_TTL_HOURS=str(3 * SECONDS))
    first = people.see_question(run)
    wait_for(lambda: people.state(run)["name"], lambda name: name == "Suspended")
    wait_for(lambda: people.state(run)["name"], lambda name: name != "Suspended")
    people.see_end(run, "Failed")

    assert (office.failure("813")["status"], people.entry(run).outcome) == ("open", "needs_approval")
    assert len(office.news()) == 1, "who is to answer was told of the money before, not after"

    people.retry(run, COUNTERFOIL_PLAN_TTL_HOURS="72")
    people.see_question(run, after=first)
    people.answer(run, "approve")
    people.see_end(run, "Applied")
    assert (office.card("813"), office.failure("813")["status"]) == (["S-813"], "resolved")

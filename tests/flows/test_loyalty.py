"""The loyalty sweep on a running stack: by itself every evening, for the day it was due, and telling a chat room."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from tests.fakes.astro import Astro, open_astro
from tests.fakes.astro_books import Program
from tests.flows.people import People, wait_for
from tests.flows.prefect_tables import everything_in
from tests.flows.webhook import open_room
from tests.sweeping.shop import REDEMPTIONS, UPC, redemption

pytestmark = [pytest.mark.server, pytest.mark.slow]

SWEEP = "sweep-loyalty-failures/sweep-loyalty-failures"
PARIS = ZoneInfo("Europe/Paris")
YESTERDAY = datetime.now(UTC).astimezone(PARIS).date() - timedelta(days=1)
PERSON = re.compile(r"Jane Private|jane@|1 High Street")


@dataclass(frozen=True, kw_only=True)
class Evening:
    """A sweep that was due yesterday evening: its file came late, and somebody pressed Retry."""

    run: str
    astro: Astro
    notices: list[dict[str, str]]


@pytest.fixture(scope="module")
def evening(people: People) -> Iterator[Evening]:
    with open_astro() as astro, open_room() as (address, notices):
        api_url = str(people.api.base_url).rstrip("/")
        with temporary_settings({PREFECT_API_URL: api_url, PREFECT_API_AUTH_STRING: people.login}):
            CustomWebhookNotificationBlock(
                name="shop", url=address, json_data={"subject": "{{subject}}", "body": "{{body}}"}
            ).save("shop", overwrite=True)
        astro.books.programs.append(Program(program_id="331", title="Buy 3 get 1", items={UPC: "Dog food"}))
        astro.books.add_owner("77", email_address="jane@example.com", address="1 High Street")
        bought = {"item_code": UPC, "item_description": "Dog food", "purchase_date": "2026-11-01"}
        purchases = [bought | {"imported_transaction_id": str(n)} for n in range(3)]
        astro.books.add_card("77", astro.books.programs[0], purchases=purchases, reward_id="1990367")
        environment = {f"COUNTERFOIL_{name.upper()}": value for name, value in astro.settings.items()}
        environment["COUNTERFOIL_NOTIFY_BLOCKS"] = "custom-webhook/shop"
        due = datetime.combine(YESTERDAY, datetime.min.time(), PARIS).replace(hour=20, minute=30)
        run = people.press_run(
            SWEEP,
            state={"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}},
            job_variables={"env": environment},
            parameters={"mode": "apply", "inbox_keys": [f"loyalty/failures-{YESTERDAY}.csv"]},
        )
        people.see_end(run, "File needs fixing")
        people.drop(
            f"loyalty/failures-{YESTERDAY}.csv", REDEMPTIONS + redemption("77", "1990367", YESTERDAY.isoformat())
        )
        people.retry(run)
        people.see_end(run, "Looked")
        yield Evening(run=run, astro=astro, notices=notices)


@pytest.mark.parametrize(("deployment", "at"), [(SWEEP, (20, 30)), (SWEEP.replace("sweep", "resolve"), (20, 15))])
def test_it_runs_by_itself_every_evening_after_closing(people: People, deployment: str, at: tuple[int, int]) -> None:
    known = people.deployment(deployment)
    asked = {"flow_runs": {"deployment_id": {"any_": [known["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
    runs = wait_for(lambda: [r for r in people.post("/flow_runs/filter", asked) if r["auto_scheduled"]], len)
    starts = [datetime.fromisoformat(r["expected_start_time"]).astimezone(PARIS) for r in runs]
    assert {(start.hour, start.minute) for start in starts} == {at}


def test_a_retry_sweeps_the_day_it_was_due(people: People, evening: Evening) -> None:
    entry = people.entry(evening.run)

    assert (entry.run.options["day"], entry.run.attempt) == (YESTERDAY.isoformat(), 2)
    assert entry.report is not None
    assert entry.report.says.startswith("1 open failure, 1 new")


def test_the_chat_room_is_told_what_is_new_and_where_to_look(people: People, evening: Evening) -> None:
    (notice,) = [each for each in evening.notices if each["subject"] == "Loyalty failures: 1 new"]

    assert f"/runs/flow-run/{evening.run}" in notice["body"]


def test_the_chat_room_is_told_that_the_sweep_failed_and_that_it_works_again(evening: Evening) -> None:
    told = [each["subject"] for each in evening.notices if each["subject"].startswith("Sweep")]

    assert told == ["Sweep loyalty failures: A run failed", "Sweep loyalty failures: It works again"]


def test_the_worklist_is_a_link_away_in_prefect(people: People, evening: Evening, home: Path) -> None:
    notices = [row for row in everything_in(home)["artifact"] if "Loyalty failures" in row]

    assert any("worklist.xlsx" in row for row in notices)


def test_nobody_stands_by_name_or_address_in_prefect_or_in_a_log(people: People, evening: Evening, home: Path) -> None:
    tables = everything_in(home)
    logs = {log.name: log.read_text(errors="replace") for log in (home / "logs").iterdir()}

    assert any("Loyalty failures" in row for row in tables["artifact"]), "the report is there"
    assert {name for name, rows in tables.items() if any(PERSON.search(row) for row in rows)} == set()
    assert {name for name, text in logs.items() if PERSON.search(text)} == set()
    assert not PERSON.search(str(evening.notices))

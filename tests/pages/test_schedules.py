"""Schedules at the desk: what runs when, and who turns it on and off."""

import re

import pytest

from desk.pages.schedules import in_words
from desk.prefect_schedules import list_schedules
from infra.ledger.audit import AuditBook
from tests.pages.desks import Browser, OpenDesk


def card_of(browser: Browser, name: str) -> str:
    """Return the piece of the page that is about a schedule."""
    return next(each for each in browser.text.split("<li class=") if f"<h2>{name} " in each)


def test_who_may_approve_turns_a_schedule_on_and_off_and_others_only_see_it(opened: OpenDesk):
    otto, ruth = opened.sign_in("Otto", "submit"), opened.sign_in("Ruth", "approve")
    otto.open("/shops/here/schedules")
    assert "every day at 20:15" in card_of(otto, "Resolve loyalty failures")
    following = card_of(otto, "Sync orders")
    assert "every 15 minutes" in following and "not by itself" in following and "never yet" in following
    assert "from which day on the web shop is followed" in following
    assert "Turn o" not in otto.text

    ruth.open("/shops/here/schedules")
    schedule = re.findall(r'/schedules/([0-9a-f-]{36})"', card_of(ruth, "Sync orders"))[0]
    ruth.press(schedule)
    turned_on = card_of(ruth, "Sync orders")
    assert "Turn off" in turned_on and "from which day on" not in turned_on
    states = {each.deployment: each.is_on for each in list_schedules(opened.application.state.prefect, "")}
    ruth.press(schedule)
    assert states["sync-orders"] and "Turn on" in card_of(ruth, "Sync orders")

    trail = AuditBook(opened.systems.shared_ledger().engine).entries(about="sync-orders")
    assert [(each.action, each.person) for each in trail] == [("switched_on", "Ruth"), ("switched_off", "Ruth")]
    token = re.findall('name="form_token" value="([^"]*)"', otto.text)[0]
    sent = otto.client.post(f"/shops/here/schedules/{schedule}", data={"form_token": token, "on": "true"})
    assert sent.status_code == 403


def test_a_schedule_that_is_not_there_is_not_turned_on(opened: OpenDesk):
    ruth = opened.sign_in("Ruth", "approve")
    ruth.open("/shops/here/schedules")
    token = re.findall('name="form_token" value="([^"]*)"', ruth.text)[0]
    unknown = "/shops/here/schedules/00000000-0000-4000-8000-000000000000"
    assert ruth.client.post(unknown, data={"form_token": token, "on": "true"}).status_code == 409


@pytest.mark.parametrize(
    ("cron", "words"),
    [
        ("30 20 * * *", "every day at 20:30"),
        ("5 4 * * *", "every day at 04:05"),
        ("*/15 * * * *", "every 15 minutes"),
        ("0 6 * * 1-5", "0 6 * * 1-5"),
        ("", "as it is set in Prefect"),
    ],
)
def test_when_a_schedule_runs_is_said_in_words(cron: str, words: str):
    assert in_words(cron) == words

"""The loyalty worklist at the desk: decided there, entered by the flow that takes in the worklists of people."""

import re
from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from desk.pages.loyalty import decisions_in
from infra.clock import now
from infra.databases.database import reading
from infra.ledger.audit import AuditBook
from infra.ledger.tables import FAILURES
from tests.databases import open_database
from tests.desk import Desk
from tests.pages.desks import Browser, OpenDesk
from tests.sweeping.shop import TRANSACTIONS, transaction

TODAY = f"{now():%Y-%m-%d}"
OTHER_UPC = "036000291452"


def sweep(opened: OpenDesk, *lines: str) -> str:
    """Sweep a report of today, as happens every evening; return the run."""
    terminal = Desk(environment=opened.environment, folder=opened.folder)
    file = terminal.write(f"failures-{TODAY}.csv", TRANSACTIONS + "".join(lines))
    return str(terminal.ask("run", "loyalty", file, "--mode", "apply", "--day", TODAY)["run_id"])


def remembered(opened: OpenDesk) -> dict[str, tuple[Any, ...]]:
    """Return what the ledger remembers, by customer: status, decision, and whose it is."""
    c = FAILURES.c
    with reading(open_database(opened.environment["COUNTERFOIL_LEDGER_URL"])) as connection:
        rows = connection.execute(sa.select(c.customer_id, c.status, c.decision, c.decided_by)).all()
    return {row[0]: tuple(row[1:]) for row in rows}


def causes(browser: Browser) -> dict[str, str]:
    """Return the addresses of the causes that the page lists, by what it says of each."""
    browser.open("/shops/here/loyalty")
    return {text: link for link, text in re.findall(r'<h2[^>]*><a href="([^"]*)">([^<]*)</a></h2>', browser.text)}


def key_of(browser: Browser, customer: str) -> str:
    """Return the key of a customer's failure on the page of its cause."""
    card = next(each for each in browser.text.split("<li class=") if f"Jane Private {customer}" in each)
    return re.findall(r'name="decision-([0-9a-f]{64})"', card)[0]


@pytest.mark.thorough
def test_failures_are_decided_one_by_one_and_all_of_a_cause_and_entered_after_a_preview(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    maria.open("/shops/here/loyalty")
    assert "No worklist yet" in maria.says
    sweep(
        opened,
        transaction("77", "S-1", TODAY),
        transaction("78", "S-2", TODAY),
        transaction("79", "S-3", TODAY, upc=OTHER_UPC),
    )
    listed = causes(maria)
    assert "3 loyalty failures are open" in maria.says and len(listed) == 2
    address = next(link for says, link in listed.items() if "2 failures" in says)

    maria.open(address)
    assert "Jane Private 77" in maria.says and "30 days" not in maria.says and "Jane Private 79" not in maria.says
    wrong = key_of(maria, "78")
    maria.press(address, decision="done", note="on the card now", **{f"decision-{wrong}": "wrong"})
    preview = opened.carry_out(maria)
    assert "2 decisions to enter" in maria.says
    assert {status for status, *_ in remembered(opened).values()} == {"open"}
    assert {decision for _, decision, _ in remembered(opened).values()} == {None}

    maria.press(f"/loyalty/remember/{preview}")
    opened.carry_out(maria)
    assert remembered(opened) == {
        "77": ("resolved", "done", "Maria"),
        "78": ("open", "wrong", "Maria"),
        "79": ("open", None, None),
    }
    listed = causes(maria)
    assert "2 loyalty failures are open" in maria.says
    maria.open(address)
    assert "Jane Private 77" not in maria.says and "Maria said wrong on" in maria.says

    trail = AuditBook(opened.systems.shared_ledger().engine).entries(about=preview)
    assert [each.action for each in trail if each.action != "looked"] == ["submitted", "confirmed"]


@pytest.mark.thorough
def test_entering_the_same_decisions_twice_starts_one_run(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    sweep(opened, transaction("77", "S-1", TODAY))
    (address,) = causes(maria).values()
    maria.open(address)
    maria.press(address, decision="hide")
    preview, page = opened.carry_out(maria), maria.shown
    maria.press(f"/loyalty/remember/{preview}")
    first = maria.address
    maria.shown = page
    maria.press(f"/loyalty/remember/{preview}")
    assert maria.address == first


@pytest.mark.thorough
def test_nothing_is_handed_in_without_a_decision_or_about_an_older_worklist(opened: OpenDesk):
    maria, otto = opened.sign_in("Maria", "submit"), opened.sign_in("Otto", "look")
    sweep(opened, transaction("77", "S-1", TODAY))
    (address,) = causes(maria).values()
    maria.open(address)
    older = maria.shown
    maria.press(address)
    assert maria.shown.status_code == 422 and "Nothing was decided" in maria.says
    otto.open(address)
    assert "may look, but not decide" in otto.says and "<select" not in otto.text
    assert otto.client.post(address, data={**otto._form(address), "decision": "hide"}).status_code == 403

    sweep(opened, transaction("77", "S-1", TODAY), transaction("78", "S-2", TODAY))
    maria.shown = older
    maria.press(address, decision="hide")
    assert maria.shown.status_code == 409 and "newer worklist" in maria.says


def test_only_what_is_remembered_beside_a_plan_is_confirmed_without_one(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    run = opened.preview(maria, "cards.csv", "Number;Balance\nQZX0001;12,50\n")
    token = re.findall('name="form_token" value="([^"]*)"', maria.text)[0]
    sent = maria.client.post(f"/shops/here/loyalty/remember/{run}", data={"form_token": token})
    assert sent.status_code == 404


@pytest.mark.thorough
def test_a_sweep_that_was_looked_at_first_is_remembered_on_a_press(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    maria.open("/shops/here/now/sweep-loyalty-failures")
    maria.press("/now/sweep-loyalty-failures")
    preview = opened.carry_out(maria)
    maria.press(f"/loyalty/remember/{preview}")
    opened.carry_out(maria)
    assert opened.asked(maria)["mode"] == "apply"


@pytest.mark.parametrize(
    ("form", "decided"),
    [
        ({}, []),
        ({"decision": "", "note": "why"}, []),
        ({"decision": "hide", "note": "why"}, [("a", "hide", "why"), ("b", "hide", "why")]),
        ({"decision-b": "done", "note-b": " seen "}, [("b", "done", "seen")]),
        (
            {"decision": "hide", "note": "why", "decision-b": "wrong", "note-a": "own"},
            [("a", "hide", "own"), ("b", "wrong", "why")],
        ),
        ({"decision-c": "hide"}, []),
    ],
)
def test_what_is_chosen_beside_a_failure_goes_before_what_is_chosen_for_all(form: Mapping[str, str], decided):
    rows = pl.DataFrame({"failure_key": ["a", "b"]})
    assert decisions_in(form, rows).rows() == decided

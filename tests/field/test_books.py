"""Cases from the field: what the ledger and the reports say of runs."""

import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from infra.clock import now
from infra.databases.database import reading
from infra.ledger.tables import FAILURES
from infra.processes import this_process
from tests.databases import open_database
from tests.desk import Desk

FIELD = Path(__file__).parent
M2 = FIELD / "M2-tixly-confirm"
APPLY = ("--mode", "apply", "--dialect", "tixly", "--target", "tixly")


@pytest.fixture
def uploaded(desk: Desk):
    """A desk, and the run that wrote an upload from the export of M2."""
    for info in list(desk.storage.list("inbox/registers/tixly/")):
        desk.storage.client.delete_object(Bucket=desk.storage.bucket, Key=info.key)
    desk.storage.put("inbox/registers/tixly/tixly-export.csv", (M2 / "tixly-export.csv").read_bytes())
    time.sleep(1.1)  # the store tells whole seconds: an export of the run's own second may be newer
    desk.write("tixly-changes.csv", (M2 / "tixly-changes.csv").read_bytes())
    return desk, desk.ask("run", "customers", "tixly-changes.csv", *APPLY, code=4, country="SE")


def counts(document: dict) -> dict[str, list[int]]:
    return {side: [total["count"] for total in document["totals"][side]] for side in ("before", "expected", "after")}


def test_before_anyone_uploaded_the_file_nothing_was_read_back(uploaded):
    desk, run = uploaded
    assert counts(run) == {"before": [3], "expected": [], "after": []}
    page = desk.read(desk.fetch(run["run_id"], "report"))
    assert "Nothing was read back" in page
    assert "as expected" not in page


@pytest.mark.thorough
def test_after_confirm_the_totals_are_those_of_the_export_that_confirmed(uploaded):
    desk, run = uploaded
    desk.write("tixly-export2.csv", (M2 / "tixly-export2.csv").read_bytes())
    answer = desk.ask("confirm", run["run_id"], "tixly-export2.csv", code=4, country="SE")
    assert (answer["changes"]["created"], answer["changes"]["updated"], answer["changes"]["unknown"]) == (1, 1, 0)
    assert counts(answer) == {"before": [3], "expected": [4], "after": [4]}
    assert "after is as expected" in desk.read(desk.fetch(run["run_id"], "report"))


@pytest.mark.thorough
def test_an_export_that_holds_somebody_else_besides_differs_from_what_was_expected(uploaded):
    desk, run = uploaded
    more = (M2 / "tixly-export2.csv").read_text("utf-8") + "105;Bo;Ny;bo@example.se;;;Lund;;\n"
    desk.write("more.csv", more)
    answer = desk.ask("confirm", run["run_id"], "more.csv", code=4, country="SE")
    assert counts(answer) == {"before": [3], "expected": [4], "after": [5]}
    assert "after differs from expected by +1 record" in desk.read(desk.fetch(run["run_id"], "report"))


CARDS = "Number,Balance\nGC1,10.00\nGC2,20.00\nGC3,30.00\n"


def lease_to(desk: Desk, place: str, outcome: str = "running") -> None:
    """Let another run, which lives as long as this test, have a place to itself."""
    columns = "run_id, domain, flow, mode, target, source, options, submitted_by, attempt, outcome, says, plan_id"
    desk.alter_ledger(
        f"INSERT INTO runs ({columns}, follows, report, started_at) VALUES ('aaaabbbbcccc', 'gift-cards', "
        f"'gift-cards', 'apply', 'sql', 'x', '{{}}', '', 1, '{outcome}', '', '', '', '', '{now():%Y-%m-%d %H:%M:%S}')"
    )
    until = "2999-01-01 00:00:00.000000"
    desk.alter_ledger(f"INSERT INTO leases VALUES ('{place}', 'aaaabbbbcccc', '{this_process()}', '{until}')")


@pytest.mark.thorough
def test_an_import_waits_for_the_one_that_is_changing_the_same_records(desk: Desk):
    desk.write("cards.csv", CARDS)
    lease_to(desk, "gift-cards@sql")
    answer = desk.run("cards.csv", "--mode", "apply", code=5)
    assert "Run aaaabbbbcccc is changing gift-cards in the same target" in answer["says"]
    assert desk.till() == {}
    assert desk.run("cards.csv")["outcome"] == "previewed"
    desk.alter_ledger("UPDATE runs SET outcome = 'applied' WHERE run_id = 'aaaabbbbcccc'")
    assert desk.run("cards.csv", "--mode", "apply")["changes"]["created"] == 3


@pytest.mark.thorough
def test_so_does_an_import_of_customers(desk: Desk):
    desk.write("people.csv", "Firstname,Lastname,E-mail\nEva,Ny,eva@example.se\n")
    lease_to(desk, "customers@sql")
    answer = desk.import_customers("people.csv", "--mode", "apply", code=5)
    assert "Run aaaabbbbcccc is changing customers in the same target" in answer["says"]
    assert desk.register("email") == []


PAGE = FIELD / "M1-astro-report-page.html"


@pytest.mark.thorough
def test_the_page_of_the_report_tells_whom_its_failures_are_about(desk: Desk):
    desk.write("report.html", PAGE.read_bytes())
    answer = desk.ask("run", "loyalty", "report.html", "--mode", "apply", "--day", "2026-11-28")
    assert "customers are known by the link of their name" in " ".join(answer["reading"])
    assert "John" not in str(answer)
    worklist = desk.read(desk.fetch(answer["run_id"], "worklist.csv"))
    for number in ("778123", "778124", "778125"):
        assert worklist.count(f"https://www.astroloyalty.com/retailer/customer/checkout?id={number}") >= 1
    with reading(open_database(desk.environment["COUNTERFOIL_LEDGER_URL"])) as connection:
        customers = sorted(connection.scalars(sa.select(FAILURES.c.customer_id)))
    assert customers == ["778123", "778123", "778124", "778125"]
    again = desk.ask("run", "loyalty", "report.html", "--mode", "apply", "--day", "2026-11-29")
    assert again["outcome"] == "looked"
    with reading(open_database(desk.environment["COUNTERFOIL_LEDGER_URL"])) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(FAILURES)) == 4

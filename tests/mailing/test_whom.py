"""Whom an invitation goes to: the customers that a run created, or the people of a file; and without a mail server."""

from datetime import UTC, datetime
from email import message_from_string
from email.policy import default
from typing import Any

import polars as pl
import pytest

from infra.artifacts.run_files import save_frame
from infra.context import opened
from infra.systems import systems_of
from tests.desk import Desk
from tests.mailing.files import PEOPLE, outcomes

APPLY = ("--mode", "apply")
CUSTOMERS = "c0ffee000001"
CREATED = {
    "line": [2, 3, 4, 5, 6],
    "kind": ["create", "create", "create", "update", "create"],
    "code": [""] * 5,
    "customer_id": ["1", "2", "3", "4", "5"],
    "email_after": ["Asa@example.com", "", "late@example.com", "old@example.com", "jean@example.com"],
    "first_name_after": ["Åsa\n", "Nemo", "Late", "Old", "=Jean"],
    "last_name_after": ["Öberg", "", "Comer", "Timer", ""],
    "language_after": ["sv", "", "nl", "fr", "xx"],
    "outcome": ["written", "done", "refused", "written", "done"],
}


@pytest.fixture
def imported(shop: Desk) -> Desk:
    """A desk whose ledger knows a run that imported customers; nobody imported any yet."""
    store_outcomes(shop, pl.DataFrame(CREATED))
    return shop


def store_outcomes(desk: Desk, outcomes: pl.DataFrame) -> None:
    asked: dict[str, Any] = {"domain": "customers", "flow": "customers", "mode": "apply", "target": "sql"}
    asked |= {"source": "a.csv", "options": {}, "submitted_by": ""}
    with opened(systems_of(desk.settings)) as systems:
        systems.ledger().start_run(run_id=CUSTOMERS, **asked, now=datetime(2026, 11, 20, tzinfo=UTC))
        save_frame(CUSTOMERS, "outcomes.parquet", outcomes)


def test_the_customers_that_a_run_created_are_invited_and_nobody_else(imported: Desk) -> None:
    answer = imported.ask("invite", CUSTOMERS[:6], *APPLY)
    assert answer["source"] == CUSTOMERS
    assert {name: count for name, count in answer["invitations"].items() if count} == {"sent": 2, "no_address": 1}
    found = outcomes(imported, answer["run_id"])
    assert found == {"Asa@example.com": ("sent", ""), "": ("no_address", ""), "jean@example.com": ("sent", "")}


@pytest.mark.thorough
def test_a_name_cannot_forge_a_head_line_nor_a_formula(imported: Desk) -> None:
    answer = imported.ask("invite", CUSTOMERS, *APPLY)
    mails = [name for name in answer["artifacts"] if name.startswith("mail-")]
    heads = {str(message_of(imported, answer["run_id"], name)["To"]) for name in mails}
    assert heads == {"Åsa Öberg <Asa@example.com>", "=Jean <jean@example.com>"}
    assert ",'=Jean," in imported.read(imported.fetch(answer["run_id"], "invitations"))


def message_of(desk: Desk, run_id: str, name: str) -> Any:
    return message_from_string(desk.read(desk.fetch(run_id, name)), policy=default)


@pytest.mark.thorough
def test_without_a_mail_server_mails_are_only_files_and_everyone_can_still_be_mailed(imported: Desk) -> None:
    answer = imported.ask("invite", CUSTOMERS, *APPLY)
    assert len([name for name in answer["artifacts"] if name.startswith("mail-")]) == 2
    assert answer["next_steps"][0].startswith("No mail server is set (COUNTERFOIL_SMTP_HOST)")
    assert imported.ask("invite", CUSTOMERS, smtp_host="mail.example.com")["invitations"]["due"] == 2


@pytest.mark.thorough
def test_a_list_for_a_mail_tool_counts_as_invited_and_comes_with_templates(imported: Desk) -> None:
    answer = imported.ask("invite", CUSTOMERS, *APPLY, "--channel", "mailing-list", mail_sender="")
    listed = imported.read(imported.fetch(answer["run_id"], "mailing-list"))
    assert listed == (
        "E-mail,Firstname,Lastname,Language,Customer\nAsa@example.com,Åsa,Öberg,sv,1\njean@example.com,'=Jean,,en,5\n"
    ).replace("Jean,,", 'Jean,"",')
    template = imported.read(imported.fetch(answer["run_id"], "template-sv.html"))
    assert 'href="[[reset_link]]"' in template and "Hej!" in template
    again = imported.ask("invite", CUSTOMERS, *APPLY, smtp_host="mail.example.com")
    assert (again["outcome"], again["invitations"]["already"]) == ("nothing_to_do", 2)


def test_a_run_that_changed_something_else_has_nobody_to_invite(shop: Desk) -> None:
    store_outcomes(shop, pl.DataFrame({"number": ["GC1"], "outcome": ["written"], "kind": ["create"]}))
    answer = shop.ask("invite", CUSTOMERS, code=2)
    assert answer["says"].startswith(f"Run {CUSTOMERS} changed no customers.")


@pytest.mark.thorough
def test_a_run_that_is_not_there_or_wrote_nothing_is_told_so(shop: Desk) -> None:
    assert "There is no run abc" in shop.ask("invite", "abc", code=2)["says"]
    shop.write("cards.csv", "Number,Balance\nGC1,10.00\n")
    run = shop.run("cards.csv")["run_id"]
    assert "has written nothing yet" in shop.ask("invite", run, code=2)["says"]


@pytest.mark.thorough
def test_rows_without_a_usable_address_come_back_and_their_correction_is_invited(shop: Desk) -> None:
    shop.write("people.csv", PEOPLE + "No,At,nobody.example.com,en\nNo,Thing,,en\nLocal,Å,åsa@example.com,sv\n")
    answer = shop.ask("invite", "people.csv", *APPLY, code=4)
    assert (answer["outcome"], answer["rows"]["rejected"], answer["invitations"]["sent"]) == (
        "applied_with_rejects",
        3,
        3,
    )
    rejects = shop.read(shop.fetch(answer["run_id"], "rejects"))
    assert "E-mail 'nobody.example.com': not an address that a mail can be sent to" in rejects
    assert "E-mail: empty; fill the cell in, or take the row out" in rejects
    shop.write("corrected.csv", rejects.replace("nobody.example.com,en", "nobody@example.com,en"))
    corrected = shop.ask("invite", "corrected.csv", *APPLY, code=4)
    assert (corrected["invitations"]["sent"], corrected["rows"]["rejected"]) == (1, 2)


@pytest.mark.thorough
def test_a_missing_setting_is_named_before_anybody_is_mailed(shop: Desk) -> None:
    shop.write("people.csv", PEOPLE)
    answer = shop.ask("invite", "people.csv", code=2, shop_name="", forgot_password_url="")
    assert "need COUNTERFOIL_SHOP_NAME, COUNTERFOIL_FORGOT_PASSWORD_URL" in answer["says"]
    answer = shop.ask("invite", "people.csv", code=2, mail_sender="nobody")
    assert "COUNTERFOIL_MAIL_SENDER or COUNTERFOIL_MAIL_REPLY_TO is no address" in answer["says"]


@pytest.mark.thorough
def test_invitations_cannot_be_restored(shop: Desk) -> None:
    shop.write("people.csv", PEOPLE)
    run = shop.ask("invite", "people.csv", *APPLY)["run_id"]
    assert (
        "changed no records that can be put back: it was invite-customers" in shop.ask("restore", run, code=4)["says"]
    )


@pytest.mark.thorough
@pytest.mark.parametrize("campaign", ["", "a@example.com", "x" * 65])
def test_the_name_of_a_campaign_is_no_place_for_an_address(shop: Desk, campaign: str) -> None:
    shop.write("people.csv", PEOPLE)
    assert shop.ask("invite", "people.csv", "--campaign", campaign, code=2)["says"].startswith(
        "campaign: write 1 to 64"
    )


def test_what_is_no_address_is_not_suppressed(shop: Desk) -> None:
    assert shop.ask("suppress", "nobody", code=2)["says"].startswith("No address was named.")


@pytest.mark.thorough
def test_a_shop_may_bring_templates_of_its_own(shop: Desk) -> None:
    folder = shop.folder / "templates"
    folder.mkdir()
    (folder / "sv.txt.j2").write_text("Ny butik\n\nKlicka på [[reset_link]]\n")
    shop.write("people.csv", PEOPLE)
    run = shop.ask("invite", "people.csv", mail_templates=str(folder))["run_id"]
    subjects = {language: str(message_of(shop, run, f"sample-{language}.eml")["Subject"]) for language in ("sv", "en")}
    assert subjects == {"sv": "Ny butik", "en": "Butik Söder has moved: please set a new password"}

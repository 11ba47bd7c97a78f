"""From a file to undone, as people do it at the desk: the pages, the flows, the till."""

import re

import pytest
import sqlalchemy as sa

from infra.connectors.sql.tables import TARGET
from infra.databases.database import reading
from infra.ledger.audit import AuditBook, first_broken
from tests.databases import open_database
from tests.pages.desks import OpenDesk

CARDS = TARGET.tables["gift_cards"]
FILE = "Number;Balance\nQZX0001;12,50\nQZX0002;20,00\n<script>alert(1)</script>;1,00\nQZX0004;=1+1\n"


def till(desk: OpenDesk) -> dict[str, int]:
    with reading(open_database(desk.environment["COUNTERFOIL_TARGET_URL"])) as connection:
        return dict(connection.execute(sa.select(CARDS.c.number, CARDS.c.balance_cents)).all())  # type: ignore[arg-type]


@pytest.mark.thorough
def test_a_file_is_previewed_confirmed_and_undone(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit", "undo")
    preview = opened.preview(maria, "cards.csv", FILE)
    assert "2 new, 2 rejected" in maria.says and till(opened) == {}

    maria.press("/confirm", reason="as counted")
    applied = opened.carry_out(maria)
    assert "Applied with rejects" in maria.says and "It writes what Maria confirmed: as counted" in maria.says
    assert till(opened) == {"QZX0001": 12_50, "QZX0002": 20_00}

    maria.press("/undo")
    undo = opened.carry_out(maria)
    assert "2 removed" in maria.says and len(till(opened)) == 2
    maria.press("/confirm", reason="wrong file")
    undone = opened.carry_out(maria)
    assert till(opened) == {}

    trail = list(AuditBook(opened.systems.shared_ledger().engine).entries())
    done = [(e.action, e.about) for e in trail if e.action not in ("looked", "signed_in")]
    assert done == [
        *(("submitted", preview), ("confirmed", preview), ("applied", applied)),
        *(("undid", applied), ("confirmed", undo), ("applied", undone)),
    ]
    assert {each.person for each in trail} == {"Maria"}
    assert first_broken(iter(trail))[1] is None
    maria.open("/shops/here/runs")
    assert all(run in maria.text for run in (preview, applied, undo, undone))


@pytest.mark.thorough
def test_what_a_cell_holds_is_shown_as_text(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "cards.csv", FILE)
    assert "<script>" not in maria.text
    assert "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>" in maria.text and "<code>=1+1</code>" in maria.text


@pytest.mark.thorough
def test_of_two_who_confirm_the_same_plan_one_wins_and_the_other_is_told(opened: OpenDesk):
    maria, nils = opened.sign_in("Maria", "submit"), opened.sign_in("Nils", "submit")
    opened.preview(maria, "cards.csv", FILE)
    nils.open(maria.address)
    maria.press("/confirm", reason="as counted")
    nils.press("/confirm", reason="me too")
    assert nils.shown.status_code == 409 and "was approved already, by Maria" in nils.says
    opened.carry_out(maria)
    assert till(opened) == {"QZX0001": 12_50, "QZX0002": 20_00}


@pytest.mark.thorough
def test_pressing_confirm_twice_starts_one_run(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "cards.csv", FILE)
    page = maria.shown
    maria.press("/confirm", reason="as counted")
    first = maria.address
    maria.shown = page
    maria.press("/confirm", reason="as counted")
    assert maria.address == first


@pytest.mark.thorough
def test_a_plan_that_is_of_concern_is_confirmed_by_who_may_approve(opened: OpenDesk):
    maria, ruth = opened.sign_in("Maria", "submit"), opened.sign_in("Ruth", "approve")
    opened.preview(maria, "cards.csv", "Number;Balance\nQZX0001;9000,00\n")
    assert "Somebody who may approve plans has to confirm this one." in maria.says
    assert "/confirm" not in maria.text
    ruth.open(maria.address)
    ruth.press("/confirm", reason="company card")
    opened.carry_out(ruth)
    assert till(opened) == {"QZX0001": 9000_00}


@pytest.mark.thorough
def test_who_may_not_confirm_cannot_by_sending_the_form_all_the_same(opened: OpenDesk):
    maria, otto = opened.sign_in("Maria", "submit"), opened.sign_in("Otto", "look")
    run = opened.preview(maria, "cards.csv", FILE)
    otto.open(maria.address)
    token = re.findall('name="form_token" value="([^"]*)"', otto.text)[0]
    plan = re.findall('name="plan_id" value="([^"]*)"', maria.text)[0]
    sent = otto.client.post(f"/shops/here/runs/{run}/confirm", data={"form_token": token, "plan_id": plan})
    assert sent.status_code == 403


@pytest.mark.thorough
def test_a_plan_that_is_not_the_one_on_the_page_is_not_confirmed(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "cards.csv", FILE)
    maria.press("/confirm", plan_id="0123456789abcdef", reason="as counted")
    assert maria.shown.status_code == 409 and "not the one that you looked at" in maria.says


@pytest.mark.thorough
def test_what_was_cancelled_can_no_longer_be_confirmed(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "cards.csv", FILE)
    page = maria.shown
    maria.press("/cancel", reason="wrong file")
    assert "Turned down by Maria: wrong file" in maria.says and "/confirm" not in maria.text
    maria.shown = page
    maria.press("/confirm", reason="after all")
    assert maria.shown.status_code == 409 and till(opened) == {}


def test_a_file_that_cannot_be_read_says_why_and_another_goes_in(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    maria.open("/shops/here/")
    maria.press("/upload", files={"file": ("cards.csv", b"Nummer;Sum of all\n1;2\n")})
    assert maria.shown.status_code == 422 and "Choose what the file is about" in maria.says
    maria.press("/upload", files={"file": ("cards.csv", b"Nummer;Sum of all\n1;2\n")}, domain="gift-cards")
    maria.press(maria.address.partition("?")[0])
    opened.carry_out(maria)
    assert "File needs fixing" in maria.says


@pytest.mark.thorough
def test_rejects_are_open_until_they_are_corrected(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "cards.csv", FILE)
    maria.press("/confirm", reason="as counted")
    applied = opened.carry_out(maria)
    maria.open("/shops/here/open")
    assert "Rejects that are still open" in maria.says and applied in maria.text
    maria.open(f"/shops/here/runs/{applied}/files/rejects.csv")
    corrected = maria.text.replace("=1+1", "2,00").replace("<script>alert(1)</script>", "QZX0003")
    opened.preview(maria, "rejects.csv", corrected)
    maria.press("/confirm", reason="corrected")
    opened.carry_out(maria)
    assert till(opened) == {"QZX0001": 12_50, "QZX0002": 20_00, "QZX0003": 1_00, "QZX0004": 2_00}
    maria.open("/shops/here/open")
    assert "Nothing waits for anybody." in maria.says

"""Some rows only, rejects corrected in the page, and uploads: as people do it at the desk."""

import re

import pytest
import sqlalchemy as sa

from infra.connectors.sql.tables import TARGET
from infra.databases.database import reading
from infra.ledger.audit import AuditBook
from tests.databases import open_database
from tests.pages.desks import Browser, OpenDesk

CARDS = TARGET.tables["gift_cards"]
FOUR = "Number;Balance\nQZX0001;10,00\nQZX0002;20,00\nQZX0003;30,00\nQZX0004;40,00\n"
WRONG = "Number;Balance\nQZX0001;10,00\nQZX0002;2O,00\n=1+1;30,00\nQZX0004;40,00 SEK or so\n"


def till(desk: OpenDesk) -> dict[str, int]:
    with reading(open_database(desk.environment["COUNTERFOIL_TARGET_URL"])) as connection:
        return dict(connection.execute(sa.select(CARDS.c.number, CARDS.c.balance_cents)).all())  # type: ignore[arg-type]


def field_of(browser: Browser, shown: str) -> str:
    """Return the name of the field that shows a text."""
    return re.findall(rf'name="(cell-[\d-]+)" value="{re.escape(shown)}"', browser.text)[0]


@pytest.mark.thorough
def test_the_first_rows_are_tried_then_the_rest_goes_in(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit", "undo")
    opened.preview(maria, "cards.csv", FOUR)
    maria.press("/some", first="2")
    opened.carry_out(maria)
    assert "Of the file, lines 2-3 only" in maria.says and till(opened) == {}
    maria.press("/confirm", reason="the first two")
    opened.carry_out(maria)
    assert till(opened) == {"QZX0001": 10_00, "QZX0002": 20_00}
    assert "Go on with the rest" in maria.says and "Undo" in maria.says

    maria.press("/rest")
    opened.carry_out(maria)
    maria.press("/confirm", reason="they came out right")
    opened.carry_out(maria)
    assert till(opened) == {"QZX0001": 10_00, "QZX0002": 20_00, "QZX0003": 30_00, "QZX0004": 40_00}


@pytest.mark.thorough
def test_the_first_rows_are_tried_and_undone(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit", "undo")
    opened.preview(maria, "cards.csv", FOUR)
    maria.press("/some", first="1")
    opened.carry_out(maria)
    maria.press("/confirm", reason="the first")
    opened.carry_out(maria)
    maria.press("/undo")
    opened.carry_out(maria)
    maria.press("/confirm", reason="not right")
    opened.carry_out(maria)
    assert till(opened) == {}


@pytest.mark.thorough
def test_rows_that_are_ticked_or_named_go_in_and_no_others(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "cards.csv", FOUR)
    maria.press("/some", line="2", lines="5, 900-999")
    opened.carry_out(maria)
    maria.press("/confirm", reason="these two")
    opened.carry_out(maria)
    assert till(opened) == {"QZX0001": 10_00, "QZX0004": 40_00}


def test_choosing_nothing_that_changes_anything_is_said(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "cards.csv", FOUR)
    page = maria.shown
    for typed, says in (({}, "No row that changes something"), ({"lines": "a few"}, "names no lines")):
        maria.shown = page
        maria.press("/some", **typed)
        assert maria.shown.status_code == 409 and says in maria.says


@pytest.mark.thorough
def test_rejected_cells_are_corrected_in_the_page_and_one_row_left_out(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    run = opened.preview(maria, "cards.csv", WRONG)
    maria.press("/confirm", reason="the right ones")
    applied = opened.carry_out(maria)
    maria.open(f"/shops/here/runs/{applied}/correct")
    assert "not an amount" in maria.says and "3 rows did not go in" in maria.says
    amount, formula = field_of(maria, "2O,00"), field_of(maria, "=1+1")
    maria.press("/save", **{amount: "20,00", formula: "QZX0003", "drop-5": "sold twice"})
    assert "Corrected or left out so far: 3." in maria.says and "sold twice" in maria.text
    maria.press("/preview")
    opened.carry_out(maria)
    assert "2 new" in maria.says
    maria.press("/confirm", reason="corrected")
    opened.carry_out(maria)
    assert till(opened) == {"QZX0001": 10_00, "QZX0002": 20_00, "QZX0003": 30_00}
    for each in (run, applied):
        maria.open(f"/shops/here/runs/{each}/correct")
        assert "All of them are corrected or left out by now." in maria.says
    trail = [f"{e.about} {e.detail}" for e in AuditBook(opened.systems.shared_ledger().engine).entries()]
    assert not any(value in said for said in trail for value in ("2O,00", "=1+1", "QZX0003", "sold twice"))


@pytest.mark.thorough
def test_a_rejects_file_that_is_dropped_back_starts_the_same_run(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    run = opened.preview(maria, "cards.csv", WRONG, zero_balances="keep")
    maria.open(f"/shops/here/runs/{run}/files/rejects.csv")
    content = maria.text.replace("2O,00", "20,00")
    maria.open(f"/shops/here/runs/{run}/correct")
    maria.press("/file", files={"file": ("corrected.csv", content.encode())})
    opened.carry_out(maria)
    assert "1 new" in maria.says and "It follows from a run" in maria.says


@pytest.mark.thorough
def test_what_is_open_has_an_owner_and_a_day_and_is_dropped_for_a_reason(opened: OpenDesk):
    maria, otto = opened.sign_in("Maria", "submit"), opened.sign_in("Otto", "look")
    opened.preview(maria, "cards.csv", WRONG)
    maria.press("/confirm", reason="the right ones")
    applied = opened.carry_out(maria)
    maria.open("/shops/here/open")
    maria.press("/note", owner="Nils", due_on="2020-01-31", note="asks the shop")
    assert all(said in maria.says for said in ("Nils", "until 2020-01-31", "asks the shop", "3 rows"))
    otto.open("/open")
    assert "asks the shop" in otto.says and "/drop" not in otto.text
    maria.press("/drop", why="they were never sold")
    assert "Nothing waits for anybody." in maria.says
    assert opened.systems.ledger().drops.of_run(applied)[0].why == "they were never sold"
    said = [(e.action, e.about, e.detail) for e in AuditBook(opened.systems.shared_ledger().engine).entries()]
    assert ("dropped", applied, "rejects") in said


@pytest.mark.thorough
def test_a_file_that_failed_is_open_until_it_is_uploaded_right(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "cards.csv", "Number;Balance\n;\n")
    maria.open("/shops/here/open")
    assert "Runs that failed" in maria.says
    opened.preview(maria, "cards.csv", FOUR)
    maria.open("/shops/here/open")
    assert "Runs that failed" not in maria.says


@pytest.mark.thorough
def test_an_upload_is_open_until_it_is_said_what_became_of_it(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    opened.preview(maria, "uploaded.csv", FOUR, target="lightspeed_x_csv")
    maria.press("/confirm", reason="for the till")
    uploaded = opened.carry_out(maria)
    maria.open("/shops/here/open")
    assert "Uploads: what became of them is not known yet" in maria.says
    maria.open(f"/shops/here/runs/{uploaded}")
    maria.press("/answer")
    opened.carry_out(maria)
    assert "It says what became of the upload of a run" in maria.says
    maria.open("/shops/here/open")
    assert "Nothing waits for anybody." in maria.says

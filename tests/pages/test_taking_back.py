"""An approval that was given in error is taken back at the desk, as long as no run goes by it."""

import pytest

from infra.ledger.audit import AuditBook
from tests.pages.desks import Browser, OpenDesk

FILE = "Number;Balance\nQZX0001;12,50\nQZX0002;20,00\n"
LARGE = "Number;Balance\nQZX0001;9000,00\n"


@pytest.fixture
def maria(opened: OpenDesk) -> Browser:
    return opened.sign_in("Maria", "submit", "approve", "undo")


def entered(opened: OpenDesk, action: str) -> list[str]:
    entries = AuditBook(opened.systems.shared_ledger().engine).entries()
    return [f"{each.person}: {each.detail}" for each in entries if each.action == action]


@pytest.mark.parametrize("file", [FILE, LARGE], ids=["of no concern", "of concern"])
@pytest.mark.thorough
def test_what_was_taken_back_before_the_worker_came_is_not_written_and_can_be_confirmed_anew(
    opened: OpenDesk, maria: Browser, file: str
):
    previewed = opened.preview(maria, "cards.csv", file)
    maria.press("/confirm", reason="as counted")
    assert "Maria approved this plan, and no run carries it out yet." in maria.says
    waiting = maria.address

    maria.press("/take-back", reason="the wrong file")

    assert maria.address == f"/shops/here/runs/{previewed}" and "Confirm: write exactly this" in maria.says
    assert entered(opened, "took_back")[0].endswith("approved by Maria: the wrong file")
    maria.open(waiting)
    late = opened.carry_out(maria)
    assert "An approval of it was taken back." in maria.says and "Needs approval" in maria.says
    maria.open("/shops/here/open")
    assert late in maria.text or previewed in maria.text
    maria.open(f"/shops/here/runs/{previewed if file == FILE else late}")
    maria.press("/confirm", reason="the right one after all")
    opened.carry_out(maria)
    assert "Applied" in maria.says and "Take the approval back" not in maria.says


def test_once_a_run_goes_by_it_whoever_takes_it_back_is_told(opened: OpenDesk, maria: Browser):
    opened.preview(maria, "cards.csv", FILE)
    maria.press("/confirm", reason="as counted")
    waiting, before = maria.shown, maria.address
    opened.carry_out(maria)
    applied = maria.address
    maria.shown = waiting

    maria.press("/take-back", reason="the wrong file")

    assert maria.shown.status_code == 409
    assert "was carried out already. To put it back, undo the run that did." in maria.says
    assert entered(opened, "took_back") == [] and before == applied


def test_somebody_who_only_looks_cannot_take_an_approval_back(opened: OpenDesk, maria: Browser):
    opened.preview(maria, "cards.csv", FILE)
    maria.press("/confirm", reason="as counted")
    lars = opened.sign_in("Lars", "look")

    lars.open(maria.address)

    assert "no run carries it out yet" not in lars.says and "Take the approval back" not in lars.says

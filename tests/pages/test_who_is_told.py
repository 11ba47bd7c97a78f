"""What somebody is told, as they choose it on their account; and who was told of a run, on its page."""

import pytest

from infra.clock import now
from infra.context import working_with
from infra.ledger.people import PeopleBook
from schemas.notifications import USUAL_KINDS
from schemas.people import Person
from tasks.chain.tell import tell_of_run
from tests.pages.desks import OpenDesk

UNREADABLE = "gift-cards/cards.csv"


def maria_in(opened_desk: OpenDesk) -> Person:
    found = PeopleBook(opened_desk.systems.shared_ledger().engine).find("Maria")
    assert found is not None
    return found[0]


def test_an_address_and_what_to_be_told_are_chosen_on_the_account(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    assert (maria_in(opened).email, maria_in(opened).mailed_about) == ("", USUAL_KINDS)

    maria.open("/account")
    maria.press("/account/telling", email=" Maria@Example.com ", mailed_about=["failed", "summary", "nonsense"])  # type: ignore[arg-type]

    assert (maria_in(opened).email, maria_in(opened).mailed_about) == ("Maria@example.com", ("failed", "summary"))
    assert "Saved." in maria.says and maria.text.count(" checked") == 2


@pytest.mark.parametrize("typed", ["maria", "maria@", "a@b.example\nBcc: c@d.example"])
def test_what_is_no_address_is_not_taken(opened: OpenDesk, typed: str):
    maria = opened.sign_in("Maria", "submit")
    maria.open("/account")

    maria.press("/account/telling", email=typed)

    assert maria.shown.status_code == 422 and maria_in(opened).email == ""


def test_the_page_of_a_run_says_who_was_told_of_it_and_why_somebody_could_not_be(opened: OpenDesk):
    maria = opened.sign_in("Maria", "submit")
    PeopleBook(opened.systems.shared_ledger().engine).set_notification(
        maria_in(opened).person_id, email="maria@example.com", mailed_about=USUAL_KINDS
    )
    ledger = opened.systems.ledger()
    ledger.start_run(
        run_id="aaaa00000001",
        domain="gift-cards",
        flow="gift-cards",
        mode="apply",
        target="sql",
        source=UNREADABLE,
        options={},
        submitted_by="inbox",
        now=now(),
    )
    ledger.end_run("aaaa00000001", "file_needs_fixing", "It is not a table", now())
    with working_with(opened.systems):
        tell_of_run("aaaa00000001")

    maria.open("/shops/here/runs/aaaa00000001")

    assert "A run failed · Maria · not sent" in maria.says
    assert "so nobody is mailed" in maria.says and "maria@example.com" not in maria.text

"""People are told by mail of what changed: once, in their language, and with nothing of anybody in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from infra.clock import now
from infra.context import Systems, opened
from infra.ledger.notifications import NotificationBook
from infra.ledger.open_notes import NoteBook
from infra.ledger.people import PeopleBook
from infra.settings import Settings
from infra.systems import systems_of
from schemas.notifications import NOTIFICATION_KINDS, Standing
from schemas.people import Role
from schemas.records import ChangeCounts, Mode, RowCounts, RunOutcome, RunReport, Totals
from schemas.tables import Concern, Language
from tasks.chain.tell import tell_in_the_morning, tell_of_flow, tell_of_loss, tell_of_run
from tests.databases import new_database
from tests.mailing.post_office import PostOffice, open_post_office

PLANTED = ("Zebedee", "zebedee@planted.example", "6001234567890123", "planted-file")
"""What stands in rows, in the name of a file, and in what runs say of them: none of it may leave."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with open_post_office("none", tmp_path) as office:
        yield office


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A shop with a mail server, and runs that ended as they are said to."""

    systems: Systems
    office: PostOffice

    def person(self, name: str, *roles: Role, language: Language | None = None, told: tuple[str, ...] = ()) -> None:
        book = PeopleBook(self.systems.shared_ledger().engine)
        person = book.add(name, shop="", roles=roles, now=now())
        kinds = tuple(kind for kind in NOTIFICATION_KINDS if kind in told or not told)
        book.set_notification(person.person_id, email=f"{name.lower()}@example.com", mailed_about=kinds)
        book.set_language(person.person_id, language)

    def run(
        self,
        outcome: RunOutcome,
        *,
        run_id: str = "aaaa00000001",
        mode: Mode = "apply",
        submitted_by: str = "inbox",
        rejected: int = 0,
        plan_id: str = "7c1e90ab",
        flow: str = "gift-cards",
        concern: str = "LIMIT_CARD",
    ) -> None:
        """Let a run end so, about a file with everything planted, and tell."""
        ledger = self.systems.ledger()
        run = ledger.start_run(
            run_id=run_id,
            domain="gift-cards",
            flow=flow,
            mode=mode,
            target="sql",
            source=f"gift-cards/by-hand/1/{PLANTED[3]} {PLANTED[0]}.csv",
            options={"note": " ".join(PLANTED)},
            submitted_by=submitted_by,
            now=now(),
        )
        if outcome == "running":
            return
        report = RunReport(
            run_id=run_id,
            domain=run.domain,
            title="Gift cards",
            mode=mode,
            target=run.target,
            source=run.source,
            outcome=outcome,
            says=" ".join(PLANTED),
            plan_id=plan_id,
            rows=RowCounts(rows_in=1_200 + rejected, accepted=1_200, rejected=rejected),
            changes=ChangeCounts(created=1_200),
            totals=Totals(),
            concerns=(Concern(code=concern, says=" ".join(PLANTED)),),
            next_steps=(" ".join(PLANTED),),
            finished_at=now(),
        )
        ledger.finish_run(report)
        tell_of_run(run_id)

    def told(self) -> list[tuple[str, str]]:
        """Return who was mailed since this was last asked, and under which subject."""
        found = sorted((str(letter["X-Recipient"]), str(letter["Subject"])) for letter in self.office.arrived)
        self.office.arrived.clear()
        return found


@pytest.fixture
def shop(office: PostOffice, tmp_path: Path) -> Iterator[Shop]:
    new_database(tmp_path / "ledger.sqlite", "ledger")
    settings = Settings(
        home=tmp_path / "home",
        ledger_url=f"sqlite:///{tmp_path / 'ledger.sqlite'}",
        desk_url="https://desk.example.com",
        mail_sender="Counterfoil <desk@example.com>",
        language="nl",
        **office.settings,  # type: ignore[arg-type]
    )
    with opened(systems_of(settings)) as systems:
        yield Shop(systems=systems, office=office)


def test_each_change_is_told_once_and_what_stays_is_not(shop: Shop):
    shop.person("Maria", "submit", language="en")

    told = []
    for outcome in ("applied", "unavailable", "unavailable", "refused", "applied", "applied"):
        shop.run(outcome)  # type: ignore[arg-type]
        told.append([subject for _, subject in shop.told()])

    assert told == [
        [],
        ["Gift cards: A run failed"],
        [],
        ["Gift cards: A run failed"],
        ["Gift cards: It works again"],
        [],
    ]


def test_a_run_that_fails_once_more_is_told_by_a_mail_that_no_mailbox_takes_for_the_first(shop: Shop):
    shop.person("Maria", "submit", language="en")

    for outcome in ("unavailable", "applied", "unavailable"):
        shop.run(outcome)  # type: ignore[arg-type]

    first, _recovered, again = shop.office.arrived
    assert first["Subject"] == again["Subject"]
    assert first["Message-ID"] != again["Message-ID"]


def test_whoever_may_approve_is_told_of_a_plan_that_waits_and_of_each_plan_once(shop: Shop):
    shop.person("Maria", "submit", language="en")
    shop.person("Ada", "approve", language="en")

    for plan_id in ("7c1e90ab", "7c1e90ab", "9f02aaaa"):
        shop.run("needs_approval", plan_id=plan_id)

    assert shop.told() == [("ada@example.com", "Gift cards: A plan waits for a decision")] * 2


def test_a_plan_that_takes_a_second_person_is_not_told_to_whoever_submitted_it(shop: Shop):
    for name in ("Otto", "Ada"):
        shop.person(name, "submit", "approve", language="en")

    shop.run("needs_approval", submitted_by="Otto", concern="SECOND_PERSON")

    assert shop.told() == [("ada@example.com", "Gift cards: A plan waits for a decision")]


def test_a_plan_that_puts_something_back_is_told_to_whoever_may_undo(shop: Shop):
    shop.person("Uma", "undo", language="en")
    shop.person("Ada", "approve", language="en")

    shop.run("needs_approval", flow="restore")

    assert [recipient for recipient, _ in shop.told()] == ["uma@example.com"]


def test_everybody_reads_it_in_their_own_language_with_a_link_to_the_page_of_the_run(shop: Shop):
    shop.person("Maria", "submit", language="sv")
    shop.person("Louis", "submit", language="fr")
    shop.person("Otto", "submit")

    shop.run("applied_with_rejects", rejected=11)

    letters = {str(letter["X-Recipient"]): letter.get_content() for letter in shop.office.arrived}
    for text in letters.values():
        assert "https://desk.example.com/shops/here/runs/aaaa00000001" in text
    assert shop.told() == [
        ("louis@example.com", "Cartes cadeaux: Beaucoup de lignes ont été rejetées"),
        ("maria@example.com", "Presentkort: Många rader avvisades"),
        ("otto@example.com", "Cadeaubonnen: Veel rijen zijn afgewezen"),
    ]
    assert "1\u202f200" in letters["louis@example.com"] and "1.200" in letters["otto@example.com"]


def test_nothing_of_a_person_a_card_or_the_name_of_a_file_is_in_what_is_told(shop: Shop):
    shop.person("Maria", "submit", "approve", language="en")

    ends: tuple[RunOutcome, ...] = ("needs_approval", "failed", "applied_with_rejects", "interrupted", "applied")
    for outcome in ends:
        shop.run(outcome, rejected=11 if outcome == "applied_with_rejects" else 0)
    tell_in_the_morning()

    assert len(shop.office.arrived) == len(NOTIFICATION_KINDS)
    for letter in shop.office.arrived:
        everything = letter.as_string() + letter.get_content()
        assert [planted for planted in PLANTED if planted.casefold() in everything.casefold()] == []


def test_whoever_takes_care_of_it_is_told_alone(shop: Shop):
    for name in ("Maria", "Otto"):
        shop.person(name, "submit", language="en")
    shop.run("failed")
    NoteBook(shop.systems.ledger().engine).enter("aaaa00000001", "failed", owner="Otto", due_on=None, note="")
    assert len(shop.told()) == 2

    shop.run("applied", run_id="bbbb00000002")

    assert shop.told() == [("otto@example.com", "Gift cards: It works again")]


def test_a_preview_that_somebody_looks_at_tells_nobody(shop: Shop):
    shop.person("Maria", "submit", language="en")

    shop.run("file_needs_fixing", mode="preview", submitted_by="Otto")

    assert shop.told() == []


def test_a_run_that_was_lost_is_told_by_what_runs_outside_of_it_and_not_again_when_it_is_ended(shop: Shop):
    shop.person("Maria", "submit", language="en")
    shop.run("running")

    tell_of_loss("aaaa00000001", "gift-cards", Standing(kind="crashed"))
    shop.run("interrupted")

    assert shop.told() == [("maria@example.com", "Gift cards: A run was cut off")]


def test_a_flow_that_no_ledger_knows_of_is_told_of_when_it_fails_and_when_it_works_again(shop: Shop):
    shop.person("Maria", "submit", language="en")

    for run_id in ("cccc00000003", "dddd00000004"):
        tell_of_loss(run_id, "inbox", Standing(kind="failed"))
    assert [each.state for each in NotificationBook(shop.systems.ledger().engine).list_of_run("cccc00000003")] == [
        "sent"
    ]
    assert "https://desk.example.com/shops/here/runs" in shop.office.arrived[0].get_content().splitlines()[2]
    tell_of_flow("inbox")

    assert [subject for _, subject in shop.told()] == ["Inbox: A run failed", "Inbox: It works again"]


def test_a_mail_server_that_is_down_fails_no_run_and_is_asked_again_by_the_next(shop: Shop):
    shop.person("Maria", "submit", language="en")
    shop.office.sender_answer = "451 later"
    shop.run("failed")
    book = NotificationBook(shop.systems.ledger().engine)
    (waiting,) = book.list_of_run("aaaa00000001")
    assert (waiting.state, "did not answer" in waiting.says) == ("waiting", True)

    shop.office.sender_answer = "250 OK"
    shop.run("applied", run_id="bbbb00000002", submitted_by="Maria")

    assert [subject for _, subject in shop.told()] == ["Gift cards: A run failed", "Gift cards: It works again"]
    assert [(each.state, each.says) for each in book.list_of_run("aaaa00000001")] == [("sent", "")]


def test_what_the_server_refuses_for_good_is_shown_and_not_sent_again(shop: Shop):
    shop.person("Gone", "submit", language="en")

    shop.run("failed")
    shop.run("failed", run_id="bbbb00000002")

    (told,) = NotificationBook(shop.systems.ledger().engine).list_of_run("aaaa00000001")
    assert (told.state, told.says) == ("refused", "550 5.1.1")


def test_who_chose_so_is_told_each_morning_what_is_open_and_once_a_day(shop: Shop):
    shop.person("Maria", "submit", language="sv", told=("summary",))
    shop.person("Otto", "submit", language="sv", told=("failed",))
    shop.run("file_needs_fixing")
    shop.told()

    for _ in range(2):
        tell_in_the_morning()

    (letter,) = shop.office.arrived
    assert letter["X-Recipient"] == "maria@example.com"
    assert "Körningar som misslyckades: 1" in letter.get_content()
    assert "https://desk.example.com/shops/here/open" in letter.get_content()


def test_a_morning_on_which_nothing_is_open_and_nothing_happened_is_silent(shop: Shop):
    shop.person("Maria", "submit", told=("summary",))

    tell_in_the_morning()

    assert shop.told() == []


def test_without_a_mail_server_it_is_shown_that_nobody_was_mailed(shop: Shop):
    shop.person("Maria", "submit")
    without = replace(shop.systems, settings=shop.systems.settings.model_copy(update={"smtp_host": ""}))

    with opened(without):
        shop.run("failed")

    (told,) = NotificationBook(shop.systems.ledger().engine).list_of_run("aaaa00000001")
    assert (told.state, "nobody is mailed" in told.says) == ("refused", True)

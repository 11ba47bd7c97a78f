"""Accounts without a terminal: who manages people, what they may not, and who sees it."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from desk.application import make_application
from desk.passwords import password_hash
from desk.prefect_runs import PrefectRuns
from desk.shops import Shops
from infra.clock import now
from infra.ledger.audit import AuditBook, first_broken
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from infra.settings import Settings
from infra.systems import systems_of
from schemas.people import Person, Role
from tests.mailing.post_office import PostOffice, open_post_office
from tests.pages.desks import Browser

PEOPLE = "/shops/here/people"


@dataclass(frozen=True, kw_only=True)
class Office:
    """A desk with nobody in it and a mail server; neither a store nor Prefect."""

    shops: Shops
    post: PostOffice

    @property
    def book(self) -> PeopleBook:
        return PeopleBook(self.shops.by_name[""].shared_ledger().engine)

    def person(self, name: str) -> Person:
        found = self.book.find(name)
        assert found is not None
        return found[0]

    def browser(self) -> Browser:
        application = make_application(self.shops, PrefectRuns(api_url="http://127.0.0.1:9/api"))
        return Browser(client=TestClient(application, base_url="http://desk.test"))

    def sign_in(self, name: str, *roles: Role, email: str = "") -> Browser:
        person = self.book.add(name, shop="", roles=roles, now=now())
        self.book.set_notification(person.person_id, email=email, mailed_about=())
        token = SessionBook(self.book.engine).make_link(person.person_id, now=now(), hours=1)
        return self.use(f"/sign-in/{token}")

    def use(self, link: str) -> Browser:
        browser = self.browser()
        browser.open(link)
        browser.press(link)
        return browser

    def mailed(self) -> list[tuple[str, str]]:
        """Return who was mailed, and what."""
        return [(str(each["X-Recipient"]), each.get_content()) for each in self.post.arrived]

    def trail(self) -> list[tuple[str, str, str, str]]:
        entries = list(AuditBook(self.book.engine).entries())
        assert first_broken(iter(entries))[1] is None
        return [(each.person, each.action, each.about, each.detail) for each in entries]


@pytest.fixture
def chosen() -> dict[str, str]:
    """What the shop has set."""
    return {}


@pytest.fixture
def office(seeds: Path, tmp_path: Path, chosen: dict[str, str]) -> Iterator[Office]:
    shutil.copy(seeds / "ledger.sqlite", tmp_path)
    with open_post_office("none", tmp_path) as post:
        given = {"ledger_url": f"sqlite:///{tmp_path}/ledger.sqlite", "mail_sender": "desk@example.com", **chosen}
        settings = Settings(home=tmp_path / "home", **post.settings, **given)  # type: ignore[arg-type]
        shops = Shops({"": systems_of(settings)})
        yield Office(shops=shops, post=post)
        shops.close()


def add(ada: Browser, name: str, *roles: Role, email: str = "") -> str:
    """Add somebody on the page, and return the link that it shows."""
    ada.open(PEOPLE)
    ada.press(PEOPLE, name=name, email=email, roles=list(roles))  # type: ignore[arg-type]  # several of one name
    found = re.search(r'value="[^"]*(/sign-in/[^"]+)" readonly', ada.text)
    return found[1] if found else ""


def test_who_is_added_on_the_page_signs_in_once_by_the_link_that_it_shows_once(office: Office):
    ada = office.sign_in("Ada", "people")
    link = add(ada, "Otto Berg", "submit", "undo")
    assert ada.open(PEOPLE) and "/sign-in/" not in ada.text
    assert office.use(link).address == "/shops/here/"
    assert "used already" in office.use(link).says
    assert office.person("otto berg").roles == {"": {"submit", "undo"}}
    assert [each for each in office.trail() if each[0] == "Ada"][1:] == [
        ("Ada", "roles_given", "Otto Berg", "submit undo"),
        ("Ada", "link_made", "Otto Berg", ""),
    ]


def test_a_link_is_mailed_to_whoever_it_is_for(office: Office):
    link = add(office.sign_in("Ada", "people"), "Otto", "submit", email="otto@example.com")
    (*_, (to, text)) = office.mailed()
    assert (to, link in text) == ("otto@example.com", True)


@pytest.mark.parametrize("roles", [("submit", "approve", "undo"), ("look",)])
def test_who_does_not_manage_people_neither_sees_nor_changes_them(office: Office, roles: tuple[Role, ...]):
    otto = office.sign_in("Otto", *roles)
    otto.open("/shops/here/runs")
    assert PEOPLE not in otto.text
    token = re.findall('name="form_token" value="([^"]*)"', otto.text)[0]
    assert otto.client.get(PEOPLE).status_code == 403
    for action in ("", f"/{office.person('Otto').person_id}/roles", "/x/end", "/x/link"):
        sent = otto.client.post(PEOPLE + action, data={"form_token": token, "name": "Eve", "roles": "approve"})
        assert sent.status_code == 403
    assert office.book.find("Eve") is None


def test_a_form_of_another_page_adds_nobody(office: Office):
    ada = office.sign_in("Ada", "people")
    assert ada.client.post(PEOPLE, data={"name": "Eve", "roles": "approve"}).status_code == 403
    assert office.book.find("Eve") is None


@pytest.mark.parametrize("change", ["roles", "end", "link"])
def test_nobody_changes_their_own_rights(office: Office, change: str):
    ada = office.sign_in("Ada", "people", "submit", email="ada@example.com")
    ada.open(PEOPLE)
    own, token = office.person("Ada"), re.findall('name="form_token" value="([^"]*)"', ada.text)[0]
    typed = {"form_token": token, "held": "submit people", "roles": ["people", "submit", "approve"]}
    ada.shown = ada.client.post(f"{PEOPLE}/{own.person_id}/{change}", data=typed)
    assert (ada.shown.status_code, "This is you" in ada.says) == (422, True)
    assert (office.person("Ada").roles, office.mailed()) == (own.roles, [])


def test_whose_account_ends_is_signed_out_at_once_and_no_way_of_signing_in_is_left(office: Office):
    ada, otto = office.sign_in("Ada", "people"), office.sign_in("Otto", "submit")
    theirs = office.person("Otto").person_id
    office.book.set_password_hash(theirs, password_hash("correct horse battery"))
    unused = SessionBook(office.book.engine).make_link(theirs, now=now(), hours=1)
    ada.open(PEOPLE)
    ada.press(f"{theirs}/end")
    otto.open("/shops/here/runs")
    assert otto.address.startswith("/sign-in")
    otto.press("/sign-in", name="Otto", password="correct horse battery")
    assert otto.shown.status_code == 401
    assert "too old" in office.use(f"/sign-in/{unused}").says
    assert ("Ada", "account_ended", "Otto", "") in office.trail()


def test_who_comes_back_after_their_account_ended_begins_with_a_new_link(office: Office):
    ada, _otto = office.sign_in("Ada", "people"), office.sign_in("Otto", "submit")
    ada.open(PEOPLE)
    ada.press(f"{office.person('Otto').person_id}/end")
    assert office.use(add(ada, "Otto", "look")).address == "/shops/here/"
    assert office.person("Otto").roles == {"": {"look"}}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(office: Office):
    ada, otto = office.sign_in("Ada", "people"), office.sign_in("Otto", "submit")
    theirs = office.person("Otto").person_id
    ada.open(PEOPLE)
    office.book.add("Otto", shop="", roles=["undo"], now=now())
    ada.press(f"{theirs}/roles", roles="look")
    assert "Somebody else changed this meanwhile" in ada.says
    ada.press(f"{theirs}/roles", roles="look")
    assert office.person("Otto").roles == {"": {"look"}}
    assert otto.client.get("/shops/here/runs/4f2a91c07be3/correct").status_code == 403, "taken rights are gone at once"


def test_a_new_link_of_somebody_goes_to_their_own_address_and_is_not_shown(office: Office):
    ada, _otto = office.sign_in("Ada", "people"), office.sign_in("Otto", "submit", email="otto@example.com")
    ada.open(PEOPLE)
    ada.press(f"{office.person('Otto').person_id}/link")
    assert "A link was mailed to Otto" in ada.says and "/sign-in/" not in ada.text
    ((to, text),) = office.mailed()
    (link,) = re.findall(r"/sign-in/\S+", text)
    assert to == "otto@example.com" and office.use(link).address == "/shops/here/"


def test_rights_are_changed_by_who_signed_in_a_moment_ago(office: Office, monkeypatch: pytest.MonkeyPatch):
    ada = office.sign_in("Ada", "people")
    monkeypatch.setattr("desk.visitors.now", lambda: now() + timedelta(minutes=11))
    assert add(ada, "Otto", "submit") == "" and "Sign out and in again first" in ada.says
    assert office.book.find("Otto") is None


class TestWhereTwoHaveToLook:
    """A shop that asks for a second person: who is made one is seen by others."""

    @pytest.fixture
    def chosen(self) -> dict[str, str]:
        return {"approver_must_differ_above": "5000"}

    @pytest.mark.parametrize("role", ["approve", "undo", "people"])
    def test_nobody_is_made_a_second_pair_of_eyes_unseen(self, office: Office, role: Role):
        ada = office.sign_in("Ada", "people", "submit")
        assert add(ada, "Eve", role) == "" and "nobody else would be told" in ada.says
        assert office.book.find("Eve") is None
        assert add(ada, "Otto", "submit")
        ada.open(PEOPLE)
        ada.press(f"{office.person('Otto').person_id}/roles", roles=role)
        assert "nobody else would be told" in ada.says
        assert office.person("Otto").roles == {"": {"submit"}}

    def test_who_shares_the_rights_is_mailed_of_it_whatever_they_chose_to_be_told(self, office: Office):
        ada, _bea = office.sign_in("Ada", "people"), office.sign_in("Bea", "approve", email="bea@example.com")
        assert add(ada, "Eve", "approve")
        ((to, text),) = office.mailed()
        assert to == "bea@example.com"
        assert "Ada changed what Eve may do in this shop. It is now: approve." in " ".join(text.split())

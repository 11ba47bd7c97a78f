"""Who gets in, and what a browser has to show for it."""

import re

import pytest

from desk.passwords import password_hash
from infra.clock import now
from infra.ledger.audit import AuditBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import MOST_FAILURES_OF_A_NAME
from tests.pages.desks import OpenDesk

PAGES = ("/", "/account", "/shops/here/", "/shops/here/runs", "/shops/here/open", "/shops/here/runs/4f2a91c07be3")


def with_password(desk: OpenDesk, name: str, password: str) -> None:
    book = PeopleBook(desk.systems.shared_ledger().engine)
    person = book.add(name, shop="", roles=["look"], now=now())
    book.set_password_hash(person.person_id, password_hash(password))


@pytest.mark.parametrize("page", PAGES)
def test_nobody_sees_a_page_before_they_are_signed_in(opened: OpenDesk, page: str):
    browser = opened.browser()
    browser.open(page)
    assert browser.address.startswith("/sign-in")


@pytest.mark.thorough
def test_a_link_signs_somebody_in_once(opened: OpenDesk):
    link = f"/sign-in/{opened.link('Maria', 'look')}"
    first, second = opened.browser(), opened.browser()
    first.open(link)
    first.press(link)
    assert first.address == "/shops/here/"
    second.open(link)
    second.press(link)
    assert "This link was used already" in second.says
    second.open("/shops/here/")
    assert second.address.startswith("/sign-in")


def test_opening_a_link_does_not_use_it(opened: OpenDesk):
    link = f"/sign-in/{opened.link('Maria', 'look')}"
    opened.browser().open(link)
    browser = opened.browser()
    browser.open(link)
    browser.press(link)
    assert browser.address == "/shops/here/"


@pytest.mark.thorough
def test_a_name_and_its_password_sign_in_and_lead_to_the_page_that_was_asked_for(opened: OpenDesk):
    with_password(opened, "Maria Holm", "correct horse battery")
    browser = opened.browser()
    browser.open("/shops/here/runs")
    browser.press("/sign-in", name="maria holm ", password="correct horse battery")
    assert browser.address == "/shops/here/runs"


@pytest.mark.thorough
def test_a_page_of_another_site_is_never_led_to(opened: OpenDesk):
    with_password(opened, "Maria", "correct horse battery")
    browser = opened.browser()
    browser.open("/sign-in?to=//evil.example/shops/")
    browser.press("/sign-in", name="Maria", password="correct horse battery")
    assert browser.address == "/shops/here/"


@pytest.mark.thorough
def test_after_some_wrong_passwords_the_right_one_does_not_do_either(opened: OpenDesk):
    with_password(opened, "Maria", "correct horse battery")
    browser = opened.browser()
    browser.open("/sign-in")
    for _ in range(MOST_FAILURES_OF_A_NAME):
        browser.press("/sign-in", name="Maria", password="wrong")
        assert browser.shown.status_code == 401
    browser.press("/sign-in", name="Maria", password="correct horse battery")
    assert (browser.shown.status_code, "Too many attempts" in browser.says) == (429, True)


@pytest.mark.thorough
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(opened: OpenDesk):
    with_password(opened, "Maria", "correct horse battery")
    answers = []
    for name in ("Maria", "Nobody"):
        browser = opened.browser()
        browser.open("/sign-in")
        browser.press("/sign-in", name=name, password="wrong")
        answers.append(browser.says)
    assert answers[0] == answers[1]


def test_a_form_without_its_token_or_from_another_site_does_nothing(opened: OpenDesk):
    browser = opened.sign_in("Maria", "submit")
    bare = browser.client.post("/sign-out")
    foreign = browser.client.post(
        "/sign-out",
        data={"form_token": re.findall('name="form_token" value="([^"]*)"', browser.text)[0]},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert (bare.status_code, foreign.status_code) == (403, 403)
    browser.open("/shops/here/")
    assert browser.address == "/shops/here/"


def test_who_signed_out_is_out_also_with_the_cookie_they_had(opened: OpenDesk):
    browser = opened.sign_in("Maria", "look")
    kept = dict(browser.client.cookies)
    browser.press("/sign-out")
    browser.client.cookies.update(kept)
    browser.open("/shops/here/")
    assert browser.address.startswith("/sign-in")


def test_who_has_no_role_in_a_shop_is_told_that_there_is_no_such_page(opened: OpenDesk):
    browser = opened.sign_in("Maria")
    browser.open("/shops/here/runs")
    assert (browser.shown.status_code, "There is no such page" in browser.says) == (404, True)


def test_every_answer_forbids_what_our_pages_do_not_need(opened: OpenDesk):
    for page in ("/sign-in", "/healthz", "/shops/here/none"):
        headers = opened.browser().client.get(page).headers
        assert "default-src 'none'" in headers["content-security-policy"], page
        assert headers["x-content-type-options"] == "nosniff", page


@pytest.mark.thorough
def test_who_signed_in_and_out_and_who_tried_in_vain_is_written_down(opened: OpenDesk):
    with_password(opened, "Maria", "correct horse battery")
    browser = opened.browser()
    browser.open("/sign-in")
    browser.press("/sign-in", name="Maria", password="wrong")
    browser.press("/sign-in", name="Maria", password="correct horse battery")
    browser.press("/sign-out")
    entries = AuditBook(opened.systems.shared_ledger().engine).entries()
    assert [(e.person, e.action) for e in entries] == [
        ("Maria", "sign_in_refused"),
        ("Maria", "signed_in"),
        ("Maria", "signed_out"),
    ]

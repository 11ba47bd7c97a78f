"""Passwords that are changed, and cookies that others set."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient

from desk.application import make_application
from desk.passwords import password_hash
from desk.shops import Shops
from infra.clock import now
from infra.databases.database import writing
from infra.ledger.desk_tables import SESSIONS
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import MOST_FAILURES_OF_A_NAME, SessionBook
from infra.settings import Settings
from infra.systems import systems_of
from tests.pages.desks import Browser
from tests.pages.test_attackers import NO_PREFECT, group, sign_in, trail

__all__ = ["group"]

OLD, NEW = "correct horse battery", "staple and more horses"


def with_old_password(shops: Shops, signed_in_by: str) -> Browser:
    """Return the browser of Maria, who has a password, and signed in by one of the ways."""
    engine = shops.by_name["lyon"].shared_ledger().engine
    maria = PeopleBook(engine).add("Maria", shop="paris", roles=["look"], now=now())
    PeopleBook(engine).set_password_hash(maria.person_id, password_hash(OLD))
    if signed_in_by == "link":
        return sign_in(shops, "Maria", paris="look")
    browser = Browser(client=TestClient(make_application(shops, NO_PREFECT), base_url="http://desk.test"))
    browser.open("/sign-in")
    browser.press("/sign-in", name="Maria", password=OLD)
    return browser


def test_a_new_password_takes_the_old_one(group: Shops):
    maria = with_old_password(group, "password")
    for old, answered in (("", 422), ("guessed", 422), (OLD, 200)):
        maria.open("/account")
        maria.press("/account/password", old=old, password=NEW, again=NEW)
        assert maria.shown.status_code == answered, maria.says
    assert [action for action, _ in trail(group)] == ["password_refused", "password_refused", "set_password"]


@pytest.mark.thorough
def test_the_old_password_is_not_guessed_from_a_session_that_was_left_open(group: Shops):
    maria = with_old_password(group, "password")
    maria.open("/account")
    for _ in range(MOST_FAILURES_OF_A_NAME):
        maria.press("/account/password", old="guessed", password=NEW, again=NEW)
    maria.press("/account/password", old=OLD, password=NEW, again=NEW)
    assert maria.shown.status_code == 422 and "Too many attempts" in maria.says


@pytest.mark.thorough
def test_who_forgot_the_password_signs_in_by_a_link_and_sets_a_new_one_soon(group: Shops):
    maria = with_old_password(group, "link")
    with writing(group.by_name["lyon"].shared_ledger().engine) as connection:
        connection.execute(sa.update(SESSIONS).values(begun_at=now() - timedelta(minutes=11)))
    maria.open("/account")
    maria.press("/account/password", password=NEW, again=NEW)
    assert maria.shown.status_code == 422
    fresh = sign_in(group, "Maria", paris="look")
    fresh.open("/account")
    fresh.press("/account/password", password=NEW, again=NEW)
    assert "Saved" in fresh.says


def test_links_that_were_made_before_a_new_password_sign_nobody_in(group: Shops):
    maria = with_old_password(group, "link")
    engine = group.by_name["lyon"].shared_ledger().engine
    person = PeopleBook(engine).find("Maria")
    assert person is not None
    token = SessionBook(engine).make_link(person[0].person_id, now=now(), hours=1)
    maria.open("/account")
    maria.press("/account/password", password=NEW, again=NEW)
    assert SessionBook(engine).use_link(token, now=now()) == ""


def test_by_https_no_other_site_of_the_domain_can_set_our_cookies(seeds: Path, tmp_path: Path):
    shutil.copy(seeds / "ledger.sqlite", tmp_path)
    chosen = {"home": tmp_path, "ledger_url": f"sqlite:///{tmp_path}/ledger.sqlite", "desk_url": "https://desk.test"}
    shops = Shops({"": systems_of(Settings(**chosen))})
    engine = shops.by_name[""].shared_ledger().engine
    maria = PeopleBook(engine).add("Maria", shop="", roles=["look"], now=now())
    link = f"/sign-in/{SessionBook(engine).make_link(maria.person_id, now=now(), hours=1)}"
    client = TestClient(make_application(shops, NO_PREFECT), base_url="https://desk.test")
    form = re.findall('name="form_token" value="([^"]*)"', client.get(link).text)[0]
    answer = client.post(link, data={"form_token": form}, follow_redirects=False)
    assert "__Host-counterfoil_session=" in answer.headers["set-cookie"] and "Secure" in answer.headers["set-cookie"]
    assert client.get("/account").status_code == 200
    client.cookies.clear()
    planted = SessionBook(engine).begin(maria.person_id, now=now(), hours=1)
    client.cookies.set("counterfoil_session", planted, domain="desk.test")
    assert client.get("/account", follow_redirects=False).status_code == 303
    shops.close()

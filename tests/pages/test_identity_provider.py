"""Signing in by an identity provider: who gets in, as whom, with which roles, and what is never believed."""

import html
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc.jwk import OctKey

from cli import people
from desk.application import make_application
from desk.passwords import password_hash
from desk.provider_roles import roles_of
from desk.shops import Shops
from infra.clock import now
from infra.context import opened as working
from infra.health.checks import answer_to
from infra.health.identity_provider import questions
from infra.identity_provider import IdentityProvider
from infra.ledger.audit import AuditBook
from infra.ledger.identities import IdentityBook
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from infra.settings import Settings, read_installation
from infra.systems import systems_of
from schemas.problems import Refused, SettingsNeedFixing
from tests.fakes.identity_provider import CLIENT_ID, ISSUER, SECRET, Claims, Provider, new_key
from tests.pages.desks import Browser
from tests.pages.test_attackers import NO_PREFECT

ROLES = {"tills": ["lyon:submit"], "managers": ["lyon:approve", "*:look"]}
Bend = Callable[[Claims], Claims]


@dataclass(frozen=True)
class Group:
    """A group of two shops, and its provider."""

    shops: Shops
    provider: Provider

    def browser(self) -> Browser:
        application = make_application(self.shops, NO_PREFECT)
        chosen = self.shops.by_name["lyon"].settings
        application.state.provider = IdentityProvider(chosen, self.provider.edge) if chosen.oidc_issuer else None
        return Browser(client=TestClient(application, base_url="http://desk.test"))

    def sign_in(self, browser: Browser, to: str = "") -> Browser:
        """Press the button, sign in there, and come back."""
        browser.open(f"/sign-in?to={to}")
        browser.open(self.provider.sign_in(sent_to(browser)))
        return browser

    @property
    def people(self) -> PeopleBook:
        return PeopleBook(self.shops.by_name["lyon"].shared_ledger().engine)

    @property
    def trail(self) -> list[tuple[str, str, str]]:
        entries = AuditBook(self.people.engine).entries()
        return [(each.person, each.action, each.about) for each in entries]


def sent_to(browser: Browser) -> str:
    """Return where the button sends the browser."""
    form = browser._form("/sign-in/provider")
    answer = browser.client.post("/sign-in/provider", data=form, follow_redirects=False)
    assert answer.status_code == 200, answer.text
    return html.unescape(re.findall('http-equiv="refresh" content="0;url=([^"]*)"', answer.text)[0])


def opened(seeds: Path, tmp_path: Path, **chosen: Any) -> Shops:
    (tmp_path / "home" / "shops").mkdir(parents=True)
    shutil.copy(seeds / "ledger.sqlite", tmp_path)
    always = {
        "home": tmp_path / "home",
        "ledger_url": f"sqlite:///{tmp_path}/ledger.sqlite",
        "desk_url": "http://desk.test",
        "oidc_issuer": ISSUER,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": SECRET,
        "oidc_unknown": "make",
        "oidc_roles": ROLES,
    }
    return Shops({name: systems_of(Settings(**{**always, **chosen}, shop=name)) for name in ("lyon", "paris")})


@pytest.fixture
def group(seeds: Path, tmp_path: Path) -> Iterator[Group]:
    shops = opened(seeds, tmp_path)
    yield Group(shops, Provider())
    shops.close()


@pytest.fixture
def strict(seeds: Path, tmp_path: Path) -> Iterator[Group]:
    """A group that lets in only whom its ledger knows."""
    shops = opened(seeds, tmp_path, oidc_unknown="refuse", oidc_roles={})
    yield Group(shops, Provider())
    shops.close()


def test_somebody_new_gets_an_account_with_the_roles_of_their_groups(group: Group):
    group.provider.told["groups"] = ["managers", "football"]
    browser = group.sign_in(group.browser(), "/shops/lyon/runs")
    assert browser.address == "/shops/lyon/runs"
    maria = group.people.find("Maria Holm")
    assert maria is not None and maria[0].roles == {"lyon": {"approve", "look"}, "paris": {"look"}}
    assert group.trail == [
        ("identity provider", "account_made", "Maria Holm"),
        ("identity provider", "roles_given", "Maria Holm"),
        ("Maria Holm", "signed_in", ""),
    ]


def test_who_leaves_a_group_loses_its_roles_with_the_next_sign_in_in_every_browser(group: Group):
    group.provider.told["groups"] = ["tills", "managers"]
    first = group.sign_in(group.browser())
    group.provider.told["groups"] = []
    group.sign_in(group.browser())
    first.open("/shops/lyon/runs")
    assert first.shown.status_code == 404


def test_the_same_person_under_another_name_is_the_same_account(group: Group):
    group.sign_in(group.browser())
    group.provider.told["name"] = "Maria Berg"
    browser = group.sign_in(group.browser())
    assert "Maria Holm" in browser.says
    assert [each.name for each in group.people.list_all()] == ["Maria Holm"]


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["maria  HOLM", "Maria\u001b Holm", "", None, "root (terminal)", "identity provider"])
def test_nobody_gets_the_account_of_somebody_else_by_a_name(group: Group, name: str | None):
    group.people.add("Maria Holm", shop="lyon", roles=["approve"], now=now())
    group.provider.told |= {"name": name, "groups": ["tills"]}
    browser = group.sign_in(group.browser())
    assert browser.shown.status_code == 401 and "counterfoil people identify NAME u-1" in browser.says
    [maria] = group.people.list_all()
    assert maria.roles == {"lyon": {"approve"}}


@pytest.mark.thorough
def test_a_stranger_is_turned_away_until_somebody_says_who_they_are(strict: Group):
    browser = strict.sign_in(strict.browser())
    assert browser.shown.status_code == 401 and "counterfoil people identify NAME u-1" in browser.says
    maria = strict.people.add("Maria", shop="paris", roles=["submit"], now=now())
    strict.people.set_password_hash(maria.person_id, password_hash("correct horse battery"))
    IdentityBook(strict.people.engine).link(maria.person_id, issuer=ISSUER, subject="u-1", now=now())
    assert strict.sign_in(strict.browser()).address == "/shops/paris/"
    local = strict.browser()
    local.open("/sign-in")
    local.press("/sign-in", name="Maria", password="correct horse battery")
    assert local.shown.status_code == 401, "who signs in there has no password here"


def test_no_link_lets_in_who_signs_in_at_the_provider(strict: Group):
    maria, engine = strict.people.add("Maria", shop="paris", roles=["submit"], now=now()), strict.people.engine
    early = SessionBook(engine).make_link(maria.person_id, now=now(), hours=1)
    IdentityBook(engine).link(maria.person_id, issuer=ISSUER, subject="u-1", now=now())
    late = SessionBook(engine).make_link(maria.person_id, now=now(), hours=1)
    said = []
    for token in (early, late):
        browser = strict.browser()
        browser.open(f"/sign-in/{token}")
        browser.press(f"/sign-in/{token}")
        said.append((browser.shown.status_code, "used already" in browser.says, "by no link" in browser.says))
        browser.open("/account")
        assert browser.address.startswith("/sign-in")
    assert said == [(401, True, False), (401, False, True)]


def test_no_command_makes_a_link_for_who_signs_in_at_the_provider(strict: Group):
    with working(strict.shops.by_name["paris"]):
        people.add("Maria", roles=("submit",))
        people.identify("Maria", "u-1")
        with pytest.raises(Refused, match="signs in by your organisation, and by no link"):
            people.link("Maria")
        document, text, _ = people.add("Maria", roles=("look",))
    assert "link" not in document and "They sign in by your organisation" in text


FAULTS: dict[str, Bend] = {
    "another nonce": lambda c: {**c, "nonce": "of another time"},
    "no nonce": lambda c: {name: value for name, value in c.items() if name != "nonce"},
    "expired": lambda c: {**c, "exp": int(time.time()) - 3600},
    "issued tomorrow": lambda c: {**c, "iat": int(time.time()) + 86_400},
    "another audience": lambda c: {**c, "aud": "another-desk"},
    "among others, for another": lambda c: {**c, "aud": [CLIENT_ID, "another-desk"], "azp": "another-desk"},
    "another issuer": lambda c: {**c, "iss": "https://evil.example"},
    "nobody": lambda c: {**c, "sub": ""},
}


@pytest.mark.thorough
@pytest.mark.parametrize("bend", FAULTS.values(), ids=FAULTS.keys())
def test_a_token_that_is_not_of_this_provider_for_us_and_now_lets_nobody_in(group: Group, bend: Bend):
    group.provider.bend = bend
    browser = group.sign_in(group.browser())
    assert browser.shown.status_code == 401, browser.says
    assert group.people.list_all() == ()
    assert [action for _, action, _ in group.trail] == ["sign_in_refused"]


def test_a_token_signed_by_a_key_that_the_provider_does_not_show_lets_nobody_in(group: Group):
    group.provider.sign_with = new_key("unknown")
    assert group.sign_in(group.browser()).shown.status_code == 401
    group.provider.sign_with = new_key("first")  # a known name on another key
    assert group.sign_in(group.browser()).shown.status_code == 401


@pytest.mark.parametrize("alg", ["HS256", "none"])
def test_a_token_that_anybody_could_sign_lets_nobody_in(group: Group, alg: str):
    group.provider.sign_with = OctKey.import_key(SECRET * 2, {"kid": "first"})
    group.provider.header = {"alg": alg}
    assert group.sign_in(group.browser()).shown.status_code == 401


def test_keys_that_the_provider_changed_are_asked_for_anew(group: Group):
    browser = group.browser()
    group.sign_in(browser)
    browser.press("/sign-out")
    group.provider.keys = [new_key("second")]
    assert group.sign_in(browser).shown.status_code == 200
    assert group.provider.asked.count("/group/keys") == 2


def test_a_way_back_works_once_in_the_browser_that_was_sent_and_leads_to_our_pages_only(group: Group):
    sent, other = group.browser(), group.browser()
    sent.open("/sign-in?to=https://evil.example/shops/")
    back = group.provider.sign_in(sent_to(sent))
    other.open(back)
    assert other.shown.status_code == 401, "somebody else's sign-in is forced on nobody"
    sent.open(back)
    assert sent.address in ("/", "/shops/lyon/")
    again = group.browser()
    again.open(back)
    assert again.shown.status_code == 401


def test_a_code_of_another_sign_in_is_worth_nothing(group: Group):
    browser = group.browser()
    browser.open("/sign-in")
    first, second = group.provider.sign_in(sent_to(browser)), group.provider.sign_in(sent_to(browser))
    code = re.findall("code=([^&]*)", first)[0]
    browser.open(re.sub("code=[^&]*", f"code={code}", second))
    assert browser.shown.status_code == 401


def test_who_is_not_let_in_there_is_told_so_and_may_sign_in_another_way(group: Group):
    browser = group.browser()
    browser.open("/sign-in")
    state = re.findall("state=([^&]*)", sent_to(browser))[0]
    browser.open(f"/sign-in/provider/back?error=access_denied&state={state}")
    assert browser.shown.status_code == 401 and "did not let you in" in browser.says
    assert 'name="password"' in browser.text


def test_an_account_of_the_provider_gets_no_password_here(group: Group):
    group.provider.told["groups"] = ["tills"]
    browser = group.sign_in(group.browser())
    browser.open("/account")
    assert "/account/password" not in browser.text
    token = re.findall('name="form_token" value="([^"]*)"', browser.text)[0]
    typed = {"form_token": token, "password": "correct horse battery", "again": "correct horse battery"}
    assert browser.client.post("/account/password", data=typed).status_code == 409


@pytest.mark.parametrize(
    ("groups", "roles"),
    [
        ([], {}),
        (["nobody"], {}),
        (["tills"], {"lyon": {"submit"}}),
        (["tills", "managers"], {"lyon": {"submit", "approve", "look"}, "paris": {"look"}}),
        (["*", "lyon:approve", "approve"], {}),
        (["closed"], {}),
    ],
)
def test_roles_follow_from_groups_that_the_settings_name_and_shops_that_there_are(groups, roles):
    granted = {**ROLES, "closed": ["nice:approve", "look"]}
    assert roles_of(groups, granted, ["lyon", "paris"]) == roles


def test_in_the_one_shop_there_is_a_role_needs_no_shop():
    assert roles_of(["tills"], {"tills": ["submit", "*:look"]}, [""]) == {"": {"submit", "look"}}


def test_groups_that_are_no_list_are_none(group: Group):
    group.provider.told["groups"] = "managers"
    group.sign_in(group.browser())
    maria = group.people.find("Maria Holm")
    assert maria is not None and maria[0].roles == {}


def test_the_doctor_says_whether_the_provider_is_who_the_settings_name(group: Group):
    [asked] = questions(group.shops.by_name["lyon"].settings, group.provider.edge)
    assert answer_to(asked).state == "works"
    group.provider.issuer = "https://another.example"
    wrong = answer_to(asked)
    assert wrong.state == "fails" and "says that it is https://another.example" in wrong.says


def test_half_a_provider_is_a_setting_to_fix(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("COUNTERFOIL_OIDC_ISSUER", ISSUER)
    with pytest.raises(SettingsNeedFixing, match="needs COUNTERFOIL_OIDC_CLIENT_ID and COUNTERFOIL_DESK_URL too"):
        read_installation()

"""How Lightspeed lets us in by an application: the code flow, and refresh tokens that are good for one use."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from cli import connect as command
from infra.connectors.lightspeed_x.access import OAuthLogin, authorize_address
from infra.context import opened
from infra.http.loopback import await_redirect
from infra.ledger import Ledger
from infra.lightspeed_x import lightspeed_login
from infra.settings import Settings
from infra.stack.ports import free_port
from infra.systems import systems_of
from schemas.problems import Refused, SettingsNeedFixing, Unavailable
from tests.connectors.drawn import CARDS
from tests.connectors.lightspeed_shop import Shop
from tests.fakes.lightspeed_login import EVERYTHING
from tests.fakes.lightspeed_x import Trouble
from tests.fakes.scripted import scripted

BACK = "http://127.0.0.1:8977/"


def application(shop: Shop, **settings: Any) -> Settings:
    own = {
        "client_id": shop.fake.login.client_id,
        "client_secret": shop.fake.login.client_secret,
        "url": shop.fake.url,
        "domain_prefix": "acme",
    }
    return Settings(**{f"lightspeed_x_{name}": value for name, value in (own | settings).items()})


def login(shop: Shop, **settings: Any) -> OAuthLogin:
    return lightspeed_login(application(shop, **settings), shop.ledger, shop.clock.edge)


@pytest.fixture
def connected(shop: Shop) -> Shop:
    """A shop that said yes."""
    shop.fake.login.codes["code-1"] = BACK
    login(shop).connect("code-1", BACK, shop="acme")
    return shop


def reading(shop: Shop) -> None:
    """Read the cards, as the application."""
    chosen = application(shop)
    target = shop.connect(
        lightspeed_x_token="",
        lightspeed_x_domain_prefix="acme",
        lightspeed_x_client_id=chosen.lightspeed_x_client_id,
        lightspeed_x_client_secret=chosen.lightspeed_x_client_secret,
    )
    target.totals(CARDS)


def test_a_person_is_asked_for_just_the_permissions_that_are_needed() -> None:
    asked = parse_qs(urlsplit(authorize_address("app-1", BACK, "state-1")).query)

    assert asked == {
        "response_type": ["code"],
        "client_id": ["app-1"],
        "redirect_uri": [BACK],
        "state": ["state-1"],
        "scope": [
            "gift_cards:read gift_cards:write:issue gift_cards:write:redeem customers:read customers:write "
            "retailer:read payment_types:read outlets:read registers:read"
        ],
    }


def test_before_anybody_connected_people_are_told_how(shop: Shop) -> None:
    with pytest.raises(SettingsNeedFixing, match="counterfoil connect lightspeed-x"):
        reading(shop)


def test_settings_that_let_nobody_in_are_named(shop: Shop) -> None:
    with pytest.raises(SettingsNeedFixing, match="COUNTERFOIL_LIGHTSPEED_X_TOKEN"):
        lightspeed_login(Settings(lightspeed_x_url=shop.fake.url), shop.ledger)
    with pytest.raises(SettingsNeedFixing, match="COUNTERFOIL_LIGHTSPEED_X_DOMAIN_PREFIX"):
        shop.connect(lightspeed_x_url="")


def test_a_token_is_used_until_just_before_it_ends_and_then_renewed(connected: Shop) -> None:
    reading(connected)
    connected.clock.at += timedelta(hours=23)
    reading(connected)
    assert connected.fake.login.granted == 1

    connected.clock.at += timedelta(minutes=56)
    reading(connected)
    connected.clock.at += timedelta(days=30)
    reading(connected)
    assert connected.fake.login.granted == 3


def test_a_token_that_lightspeed_ended_early_is_renewed_once(connected: Shop) -> None:
    connected.fake.login.tokens.clear()

    reading(connected)

    assert connected.fake.login.granted == 2


def test_several_processes_renew_once(connected: Shop) -> None:
    connected.clock.at += timedelta(days=2)

    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: reading(connected), range(4)))

    assert connected.fake.login.granted == 2


def test_a_process_that_died_while_it_renewed_does_not_keep_others_out(connected: Shop) -> None:
    connected.clock.at += timedelta(days=2)
    store = login(connected)._store
    found = store.find()
    assert found is not None
    assert store.claim(
        "dead", found.revision, at=connected.clock.now(), until=connected.clock.now() + timedelta(seconds=60)
    )
    assert not store.claim("other", found.revision, at=connected.clock.now(), until=connected.clock.now())

    reading(connected)

    assert connected.fake.login.granted == 2


@pytest.mark.parametrize("kind", ["drop after", "truncated"])
def test_a_renewal_whose_answer_is_lost_ends_in_connecting_again(connected: Shop, kind: Any) -> None:
    """The old refresh token is used up, and nobody has the new one: no program can mend that."""
    connected.clock.at += timedelta(days=2)
    connected.fake.trouble = [Trouble(kind, path="token")]

    with pytest.raises(Unavailable):
        reading(connected)
    with pytest.raises(SettingsNeedFixing, match="counterfoil connect lightspeed-x"):
        reading(connected)

    connected.fake.login.codes["code-2"] = BACK
    login(connected).connect("code-2", BACK, shop="acme")
    reading(connected)


def test_tokens_of_another_shop_are_not_kept(shop: Shop) -> None:
    shop.fake.login.codes["code-1"] = BACK

    with pytest.raises(Refused, match="another shop"):
        login(shop).connect("code-1", BACK, shop="other")
    with pytest.raises(SettingsNeedFixing):
        reading(shop)


def test_the_ledger_holds_tokens_that_only_the_client_secret_opens(connected: Shop) -> None:
    file = Path(connected.ledger.url.database or "")
    content = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))

    assert b"access_tokens" in content
    assert b"MARKER" not in content
    with pytest.raises(SettingsNeedFixing, match="another client secret"):
        login(connected, client_secret="changed").token()


# the browser


@pytest.fixture
def port(shop: Shop) -> Iterator[int]:
    """The command's settings and ledger are those of the shop."""
    chosen = free_port(set())
    systems = systems_of(application(shop, redirect_port=chosen))
    with opened(replace(systems, shared_ledger=lambda: Ledger(shop.ledger))):
        yield chosen


def browse(port: int, capsys: pytest.CaptureFixture[str], shop: Shop, **comes: str) -> list[str]:
    """Be the person who opens the address that is shown, says yes, and is sent back with what *comes*."""
    shown = ""
    while "state=" not in shown:
        time.sleep(0.05)
        shown += capsys.readouterr().err
    state = parse_qs(urlsplit(shown.split()[-1]).query)["state"][0]
    shop.fake.login.codes["code-1"] = f"http://127.0.0.1:{port}/"
    pages = []
    for query in ({"code": "stolen", "state": "another"}, {}, {"state": state, **comes}):
        with httpx.Client(trust_env=False) as browser:
            pages.append(browser.get(f"http://127.0.0.1:{port}/", params=query).text)
    return pages


def test_a_person_says_yes_in_a_browser_and_a_strangers_answer_is_turned_away(
    port: int, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    pages: list[str] = []
    person = threading.Thread(target=lambda: pages.extend(browse(port, capsys, shop, code="code-1")))
    person.start()

    document, says, code = command.connect("lightspeed-x")
    person.join()

    assert (document, says, code) == (
        {"connected": "lightspeed-x", "missing_scopes": []},
        "Lightspeed of acme is connected.",
        0,
    )
    assert pages[0].startswith("This answer is not to our question")
    assert pages[2] == "Connected. You can close this page."
    reading(shop)


def test_permissions_that_were_not_given_are_named(port: int, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.fake.login.scope = EVERYTHING.replace("gift_cards:write:issue gift_cards:write:redeem", "")
    person = threading.Thread(target=browse, args=(port, capsys, shop), kwargs={"code": "code-1"})
    person.start()

    document, _, code = command.connect("lightspeed-x")
    person.join()

    assert (document["missing_scopes"], code) == (["gift_cards:write:issue", "gift_cards:write:redeem"], 4)


def test_a_person_who_says_no_is_believed(port: int, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    person = threading.Thread(target=browse, args=(port, capsys, shop), kwargs={"error": "access_denied"})
    person.start()

    with pytest.raises(Refused, match="was told no"):
        command.connect("lightspeed-x")
    person.join()


def test_a_port_that_is_taken_is_named() -> None:
    with scripted() as server, pytest.raises(Unavailable, match=f"Port {server.server_port} of this machine is taken"):
        await_redirect(server.server_port, lambda _: None, seconds=0.2)


def test_shops_share_neither_login_nor_budget(connected: Shop) -> None:
    with pytest.raises(SettingsNeedFixing, match="not connected yet"):
        login(connected, domain_prefix="another").token()


def test_nobody_is_waited_for_for_ever() -> None:
    assert await_redirect(free_port(set()), lambda _: None, seconds=0.2) is None

"""What must never be seen of Lightspeed: tokens, secrets and card numbers, whatever goes wrong."""

import logging
import traceback
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from infra.connectors.lightspeed_x.access import PersonalToken, read_tokens
from infra.connectors.lightspeed_x.refusals import explain
from infra.http.transport import Http, Site
from infra.settings import Settings
from schemas.domain import Resource
from schemas.orders.records import SALES
from schemas.problems import Problem
from tests.connectors.drawn import CARDS, batch, changes
from tests.connectors.lightspeed_shop import PERSONAL, Shop
from tests.connectors.lightspeed_till import TillShop, open_till_shop
from tests.connectors.lightspeed_till import changes as sale_changes
from tests.connectors.test_lightspeed_x_login import application, connected, login  # noqa: F401 - a fixture
from tests.fakes.lightspeed_x import Trouble

NUMBER = "SECRETCARD77"
BUYERS = Resource(name="customers", key="customer_id", columns=("email",), known_by="email")
DRAWN = f"kind | number | before | after\nupdate | {NUMBER} | EUR 1000 ACTIVE | EUR 1500 ACTIVE"


@pytest.fixture
def seen(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """Everything that is logged, and what a test adds: none of it may hold a secret."""
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    yield said
    everything = "\n".join([*said, caplog.text])
    assert "MARKER" not in everything
    assert NUMBER.lower() not in everything.lower()


@pytest.fixture
def till(tmp_path: Path) -> Iterator[TillShop]:
    """A till on which somebody is a customer whose name nobody may see."""
    with open_till_shop(tmp_path) as shop:
        shop.fake.customers.create({"first_name": NUMBER, "last_name": NUMBER, "email": f"{NUMBER}@example.com"})
        yield shop


def attempt(act: Callable[[], object], said: list[str]) -> None:
    """Do something that may fail, and keep what people could see of it."""
    try:
        act()
    except Problem as problem:
        said += [str(problem), repr(problem), "".join(traceback.format_exception(problem))]


@pytest.mark.parametrize("kind", ["error", "error after", "drop after", "truncated", "reset", "busy"])
@pytest.mark.parametrize("times", [1, 9])
def test_nothing_is_seen_when_lightspeed_does_not_answer(shop: Shop, seen: list[str], kind: Any, times: int) -> None:
    shop.fake.cards.add(NUMBER, "10.00")
    shop.fake.trouble = [Trouble(kind, method="POST|GET", times=times)]
    target, name = shop.connect(), batch()

    attempt(lambda: target.write(CARDS, changes(DRAWN), name), seen)
    attempt(lambda: target.totals(CARDS), seen)

    seen += [
        *target.reasons(name),
        repr(target),
        repr(target._api),
        repr(vars(target._api)),
        repr(vars(target._api._http)),
    ]


@pytest.mark.parametrize("scopes", ["", "gift_cards:read"])
def test_nothing_is_seen_when_lightspeed_refuses(shop: Shop, seen: list[str], scopes: str) -> None:
    shop.fake.cards.add(NUMBER, "1.00", "EXPIRED")
    target, name = shop.connect(), batch()
    attempt(
        lambda: target.write(
            CARDS, changes(DRAWN.replace("1000 ACTIVE", "100 EXPIRED").replace("1500 ACTIVE", "1 EXPIRED")), name
        ),
        seen,
    )
    shop.fake.login.tokens[PERSONAL] = (scopes, float("inf"))
    attempt(lambda: target.write(CARDS, changes(DRAWN.replace("1000", "100")), batch()), seen)
    seen += target.reasons(name)
    assert any("is" in each for each in target.reasons(name)), "it said why"


def test_nothing_is_seen_of_a_login(connected: Shop, seen: list[str]) -> None:  # noqa: F811
    connected.clock.at += timedelta(days=2)
    for kind in ("drop after", "error"):
        connected.fake.trouble = [Trouble(kind, path="token")]  # type: ignore[arg-type]
        attempt(lambda: login(connected).token(), seen)
    wrong = f"{connected.fake.login.client_secret}-of-old"
    attempt(lambda: login(connected, client_secret=wrong).token(), seen)
    own = login(connected)
    granted = connected.fake.login.renewed()
    seen += [repr(own), repr(vars(own)), repr(read_tokens(granted)), repr(own._store.find())]


def test_nothing_is_seen_of_settings_and_tokens(shop: Shop, seen: list[str]) -> None:
    settings = Settings(lightspeed_x_token=PERSONAL, lightspeed_x_client_secret="MARKER-CLIENT-SECRET")
    seen += [repr(settings), str(settings), repr(PersonalToken(PERSONAL)), repr(application(shop))]
    seen.append(repr(Http(Site(name="x", url=shop.fake.url)).site))


SAYS = [
    (
        {"error": "Unprocessable Entity", "message": "Gift card SECRETCARD77 already exists."},
        "Gift card ... already exists.",
    ),
    ({"error": "Too Many Requests"}, "Too ..."),
    ({"message": "John Demo (john@example.com) is unknown. Customer 5 is Ada"}, "... is unknown. Customer ... is ..."),
    ({"errors": {"amount": ["must be positive", "12.50"]}}, "must be positive ..."),
    ({}, ""),
    ({"message": "ABC-123"}, ""),
    ({"message": ["x" * 500]}, "x" * 200),
    (None, ""),
]


@pytest.mark.parametrize(("data", "says"), SAYS)
def test_of_an_answer_only_words_are_kept_that_name_nobody(data: object, says: str) -> None:
    assert explain(data) == (f"It says: {says}" if says else "")


ORDER = "kind | order_key | before | after\ncreate | secretcard77:1 | null | closed neutral 2xmug"


@pytest.mark.thorough
@pytest.mark.parametrize("kind", ["error", "error after", "drop after", "truncated", "reset", "busy", None])
def test_nothing_is_seen_of_sales_their_buyers_and_their_orders(till: TillShop, seen: list[str], kind: Any) -> None:
    if kind:
        till.fake.trouble = [Trouble(kind, method="POST|GET", times=9)]
    else:
        till.fake.login.tokens[PERSONAL] = ("sales:read products:read inventory:read", float("inf"))
    target, name = till.connect(lightspeed_x_buyers="link"), batch()

    attempt(lambda: target.write(SALES, sale_changes(ORDER), name), seen)
    attempt(lambda: target.outcomes(name), seen)
    attempt(lambda: target.read(BUYERS, None), seen)
    attempt(target.check_terms, seen)

    seen += [*target.reasons(name), repr(target), repr(target._sales), repr(target._buyers), repr(target._stock)]

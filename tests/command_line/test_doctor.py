"""The command that asks every system whether it works: what it says of good, wrong and missing settings."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from infra.clock import now
from infra.connectors.lightspeed_x.access import SCOPES
from infra.databases.database import open_database, writing
from infra.lightspeed_x import lightspeed_login
from infra.settings import Settings
from tests.connectors.lightspeed_shop import PERSONAL
from tests.desk import Desk
from tests.fakes.astro import open_astro
from tests.fakes.ecom import Fake as Ecom
from tests.fakes.ecom import ecom
from tests.fakes.lightspeed_login import EVERYTHING
from tests.fakes.lightspeed_x import Lightspeed, lightspeed
from tests.fakes.tixly import open_tixly
from tests.fakes.woo_orders import a_shop
from tests.fakes.woocommerce import Fake, woocommerce
from tests.mailing.post_office import open_post_office

PLANTED = "planted-secret-7Q"
BACK = "http://127.0.0.1:8977/"


def states(answer: dict[str, Any]) -> dict[tuple[str, str], str]:
    return {(check["system"], check["what"]): check["state"] for check in answer["checks"]}


def says(answer: dict[str, Any], system: str, what: str) -> str:
    return next(str(c["says"]) for c in answer["checks"] if (c["system"], c["what"]) == (system, what))


def test_systems_that_are_set_and_work_are_said_to_and_the_others_are_said_to_be_missing(desk: Desk, tmp_path: Path):
    with woocommerce(Fake(shop=a_shop(2))) as shop, open_astro() as astro, open_post_office("tls", tmp_path) as office:
        web = {"woo_url": shop.url, "woo_key": shop.keys.key, "woo_secret": shop.keys.secret}
        sender = {"mail_sender": "Shop <shop@example.com>"}
        answer = desk.ask("doctor", **web, **astro.settings, **office.settings, **sender)
    assert states(answer) == {
        ("S3 store", "write-once"): "works",
        ("S3 store", "clock"): "works",
        ("Ledger", "tables"): "works",
        ("Target sql", "tables"): "works",
        ("WooCommerce", "login"): "works",
        ("WooCommerce", "clock"): "works",
        ("WooCommerce", "orders"): "works",
        ("WooCommerce", "currency"): "works",
        ("Astro", "login"): "works",
        ("Astro", "clock"): "works",
        ("Mail", "login"): "works",
        ("Tixly", "settings"): "not_set",
        ("Lightspeed X-Series", "settings"): "not_set",
        ("Lightspeed eCom", "settings"): "not_set",
        ("Your own database", "settings"): "not_set",
        ("Identity provider", "settings"): "not_set",
        ("Prefect", "server"): "works",
        ("Prefect", "worker"): "attention",
        ("Prefect", "deployments"): "attention",
        ("Prefect", "schedules"): "attention",
    }


def test_what_does_not_work_is_said_with_what_to_do_and_never_with_a_secret(desk: Desk, tmp_path: Path):
    with woocommerce(Fake(shop=a_shop(1))) as shop, open_astro() as astro, open_post_office("tls", tmp_path) as office:
        web = {"woo_url": shop.url, "woo_key": "ck_wrong", "woo_secret": PLANTED}
        wrong = {**web, **astro.settings, **office.settings, "astro_password": PLANTED, "smtp_password": PLANTED}
        answer = desk.ask("doctor", code=4, **wrong)
        ended = desk.type("doctor", **wrong)
    assert {system for (system, _), state in states(answer).items() if state == "fails"} >= {
        "WooCommerce",
        "Astro",
        "Mail",
    }
    assert "COUNTERFOIL_SMTP_USER and COUNTERFOIL_SMTP_PASSWORD" in says(answer, "Mail", "login")
    assert "COUNTERFOIL_ASTRO_USER" in says(answer, "Astro", "login")
    assert "FAILS  Mail, login" in ended.out
    assert PLANTED not in str(answer) + ended.out + ended.err


def test_a_web_shop_that_sells_in_another_currency_is_named(desk: Desk):
    with woocommerce(Fake(shop=a_shop(1))) as shop:
        web = {"woo_url": shop.url, "woo_key": shop.keys.key, "woo_secret": shop.keys.secret}
        answer = desk.ask("doctor", code=2, **web, currency="SEK")
    assert "COUNTERFOIL_CURRENCY=EUR" in says(answer, "WooCommerce", "currency")


def test_a_system_that_is_away_is_told_from_one_that_refuses(desk: Desk):
    nobody = {"smtp_host": "127.0.0.1", "smtp_port": "1", "smtp_security": "none"}
    answer = desk.ask("doctor", code=5, **nobody)
    mail = next(check for check in answer["checks"] if check["system"] == "Mail")
    assert (mail["state"], mail["exit_code"]) == ("fails", 5)


def test_looking_makes_no_tables_and_a_database_of_others_is_named(desk: Desk, tmp_path: Path):
    theirs = f"sqlite:///{tmp_path / 'theirs.sqlite'}"
    with writing(open_database(theirs)) as connection:
        connection.execute(sa.text("CREATE TABLE cards_of_others (number TEXT)"))
    answer = desk.ask("doctor", code=4, target_url=theirs, ledger_url=f"sqlite:///{tmp_path / 'new.sqlite'}")
    assert states(answer)[("Target sql", "tables")] == "fails"
    assert "cards_of_others" in says(answer, "Target sql", "tables")
    assert "made when they are first needed" in says(answer, "Ledger", "tables")
    assert sa.inspect(open_database(f"sqlite:///{tmp_path / 'new.sqlite'}")).get_table_names() == []


def test_a_setting_that_cannot_be_is_named_before_anything_is_asked(desk: Desk):
    answer = desk.ask("doctor", code=2, currency="euro")
    assert "COUNTERFOIL_CURRENCY" in answer["says"]


def test_the_calls_that_a_system_has_left_are_said_and_that_there_are_none_is_to_be_looked_at(desk: Desk):
    with lightspeed() as shop:
        reached = {"lightspeed_x_url": shop.url, "lightspeed_x_token": PERSONAL}
        answer = desk.ask("doctor", **reached)
        refused = desk.ask("doctor", code=4, **{**reached, "lightspeed_x_token": "another"})
    assert "calls left in 5 min" in says(answer, "Lightspeed X-Series", "gift cards")
    assert "COUNTERFOIL_LIGHTSPEED_X_TOKEN" in says(refused, "Lightspeed X-Series", "gift cards")


def test_what_a_login_of_x_series_may_is_said_permission_by_permission(desk: Desk):
    with lightspeed() as shop:
        reached = {"lightspeed_x_url": shop.url, "lightspeed_x_token": PERSONAL}
        scopes, until = shop.login.tokens[PERSONAL]
        good = states(desk.ask("doctor", **reached))
        shop.login.tokens[PERSONAL] = (scopes.replace("customers:read", "").replace("retailer:read", ""), until)
        lacking = desk.ask("doctor", code=4, **reached)
    of_x = {what: state for (system, what), state in good.items() if system == "Lightspeed X-Series"}
    assert of_x == {
        "gift cards": "works",
        "clock": "works",
        "gift_cards:read": "works",
        "customers:read": "works",
        "outlets:read": "works",
        "registers:read": "works",
        "other permissions": "attention",
        "currency": "works",
        "outlets": "works",
    }
    assert "needs the permission customers:read" in says(lacking, "Lightspeed X-Series", "customers:read")
    assert "does not have the permission retailer:read" in says(lacking, "Lightspeed X-Series", "currency")
    assert {request.method for request in shop.asked} == {"GET"}


def test_a_clock_of_x_series_that_goes_otherwise_is_to_be_looked_at(desk: Desk):
    with lightspeed(Lightspeed(skew=timedelta(minutes=20))) as shop:
        answer = desk.ask("doctor", lightspeed_x_url=shop.url, lightspeed_x_token=PERSONAL)
    assert "its clock is 20 min ahead of this machine's" in says(answer, "Lightspeed X-Series", "clock")


def test_clocks_of_ecom_astro_and_tixly_that_go_otherwise_are_to_be_looked_at(desk: Desk):
    with ecom(Ecom()) as shop, open_astro() as astro, open_tixly() as tixly:
        reached = {**shop.settings, **astro.settings, **tixly.settings}
        good = states(desk.ask("doctor", **reached))
        shop.clock = lambda: now() - timedelta(minutes=19, seconds=30)
        astro.later, tixly.skew = 1200, 1200
        answer = desk.ask("doctor", **reached)
    assert [good[system, "clock"] for system in ("Lightspeed eCom", "Astro", "Tixly")] == ["works"] * 3
    assert "its clock is 20 min behind this machine's" in says(answer, "Lightspeed eCom", "clock")
    assert "its clock is 20 min ahead of this machine's" in says(answer, "Astro", "clock")
    assert "its clock is 20 min ahead of this machine's" in says(answer, "Tixly", "clock")


def test_a_shop_of_x_series_is_compared_with_the_settings(desk: Desk):
    with lightspeed() as shop:
        reached = {"lightspeed_x_url": shop.url, "lightspeed_x_token": PERSONAL}
        right = desk.ask("doctor", till_register="counter", **reached)
        shop.till.retailer["currency"]["code"] = "SEK"
        shop.till.add_outlet("Malmö", "Kassa", currency="SEK")
        wrong = desk.ask("doctor", code=2, **reached)
        shop.till.lists["outlets"].pop()
        unknown = desk.ask("doctor", code=2, till_register="No such", **reached)
    assert says(right, "Lightspeed X-Series", "currency") == "EUR, as set"
    assert says(right, "Lightspeed X-Series", "outlets") == "1 outlet, 1 register; Counter is at Main street, as set"
    assert "COUNTERFOIL_CURRENCY=SEK" in says(wrong, "Lightspeed X-Series", "currency")
    assert "Malmö sells in another currency than EUR" in says(wrong, "Lightspeed X-Series", "outlets")
    assert "none of its registers (Counter, Kassa)" in says(unknown, "Lightspeed X-Series", "outlets")


def test_of_an_application_each_permission_is_told_as_it_was_given(desk: Desk):
    with lightspeed() as shop:
        secrets = {"client_id": shop.login.client_id, "client_secret": shop.login.client_secret}
        reached = {"lightspeed_x_url": shop.url, **{f"lightspeed_x_{name}": each for name, each in secrets.items()}}
        shop.login.codes["yes"], shop.login.scope = BACK, EVERYTHING.replace("customers:write", "")
        ledger = open_database(desk.environment["COUNTERFOIL_LEDGER_URL"])
        lightspeed_login(Settings(**reached), ledger).connect("yes", BACK, shop="")

        answer = desk.ask("doctor", code=4, **reached)
    states_of_x = {what: state for (system, what), state in states(answer).items() if system == "Lightspeed X-Series"}
    assert [what for what, state in states_of_x.items() if state != "works"] == ["customers:write"]
    assert set(SCOPES) < set(states_of_x)
    assert "counterfoil connect lightspeed-x" in says(answer, "Lightspeed X-Series", "customers:write")

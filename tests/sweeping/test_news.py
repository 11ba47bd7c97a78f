"""Who is told what: of what changed, once, and of nobody by name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mailing.conftest import with_settings
from tests.mailing.post_office import PostOffice, open_post_office
from tests.sweeping.shop import REDEMPTIONS, Shop, redemption, transaction

DAY = "2026-11-20"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[PostOffice]:
    with open_post_office("starttls", tmp_path) as office:
        yield office


@pytest.fixture
def mailing(shop: Shop, office: PostOffice) -> Shop:
    addressed = office.settings | {"notify_addresses": "owner@example.com, manager@example.com"}
    return Shop(desk=with_settings(shop.desk, addressed), astro=shop.astro)


def at_risk(shop: Shop) -> str:
    shop.owner_with_reward("77", "1990367", email_address="jane@example.com")
    return shop.report(DAY, redemption("77", "1990367", DAY), heading=REDEMPTIONS)


def test_new_failures_are_told_to_each_address_once(mailing: Shop, office: PostOffice):
    file = at_risk(mailing)

    for _ in range(2):
        answer = mailing.sweep(DAY, file)

    assert office.letters() == {"owner@example.com": 1, "manager@example.com": 1}
    (letter, _) = office.arrived
    text = letter.get_content()
    assert letter["Subject"] == "Loyalty failures: 1 new"
    assert "1 redemption new at risk" in text
    assert answer["run_id"] != "" and "counterfoil get" in text


@pytest.mark.thorough
def test_a_day_on_which_nothing_changed_tells_nobody(mailing: Shop, office: PostOffice):
    mailing.sweep(DAY, at_risk(mailing))
    office.arrived.clear()

    next_day = mailing.report("2026-11-21", redemption("77", "1990367", DAY), heading=REDEMPTIONS)
    mailing.sweep("2026-11-21", next_day)

    assert office.arrived == []


@pytest.mark.thorough
def test_what_expires_within_three_days_is_told_again_once(mailing: Shop, office: PostOffice):
    mailing.sweep(DAY, at_risk(mailing))
    office.arrived.clear()

    for day in ("2026-12-16", "2026-12-17", "2026-12-18"):
        mailing.sweep(day, mailing.report(day, redemption("77", "1990367", DAY), heading=REDEMPTIONS))

    assert [letter["Subject"] for letter in office.arrived] == ["Loyalty failures: 1 about to expire"] * 2


@pytest.mark.thorough
def test_nobody_is_named_in_a_notice(mailing: Shop, office: PostOffice):
    mailing.sweep(DAY, at_risk(mailing))

    for letter in office.arrived:
        assert not any(word in letter.as_string() for word in ("Jane", "Private", "jane@", "77,", "1990367"))


@pytest.mark.thorough
def test_a_preview_tells_nobody(mailing: Shop, office: PostOffice):
    mailing.sweep(DAY, at_risk(mailing), mode="preview")

    assert office.arrived == []


@pytest.mark.thorough
def test_what_needs_nothing_is_no_news(mailing: Shop, office: PostOffice):
    mailing.owner_with_reward("77", "1990367")
    mailing.sell("S-9001", "77", DAY, cents=0)

    mailing.sweep(DAY, mailing.report(DAY, transaction("77", "S-9001", DAY)))

    assert office.arrived == []

"""Gift cards of Lightspeed Retail, from a file to a restore, as people type it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.desk import Desk
from tests.fakes.lightspeed_x import Lightspeed, Trouble, lightspeed

APPLY = ("--mode", "apply", "--target", "lightspeed_x")
FILE = "Number,Balance\nGC1,10.00\nGC2,20.00\nGC3,30.00\n"


@pytest.fixture
def shop() -> Iterator[Lightspeed]:
    """A Lightspeed with one card that the file knows otherwise, and one that it does not know."""
    with lightspeed() as fake:
        fake.cards.add("GC3", "12.00")
        fake.cards.add("OTHER", "7.00")
        yield fake


def reaching(shop: Lightspeed) -> dict[str, Any]:
    return {"lightspeed_x_url": shop.url, "lightspeed_x_token": "lsxs_pt_MARKER-PERSONAL"}


def test_a_file_goes_in_is_read_back_and_is_undone_again(desk: Desk, shop: Lightspeed) -> None:
    desk.write("cards.csv", FILE)
    set_all = (*APPLY, "--existing-cards", "set")

    run = desk.run("cards.csv", *set_all, **reaching(shop))
    assert (run["outcome"], run["changes"]["created"], run["changes"]["updated"]) == ("applied", 2, 1)
    assert (run["discrepancies"], run["totals"]["after"]) == ([], run["totals"]["expected"])
    assert shop.cards.shown() == ["GC1 10.00 ACTIVE", "GC2 20.00 ACTIVE", "GC3 30.00 ACTIVE", "OTHER 7.00 ACTIVE"]
    assert desk.run("cards.csv", *set_all, **reaching(shop))["changes"]["unchanged"] == 3

    shop.cards.spend("GC2", "5.00")
    restored = desk.ask("restore", run["run_id"], "--mode", "apply", code=4, **reaching(shop))
    assert (restored["changes"]["removed"], restored["changes"]["updated"], restored["changes"]["conflict"]) == (
        1,
        1,
        1,
    )
    assert restored["discrepancies"] == []
    assert shop.cards.shown() == ["GC1 0.00 VOIDED", "GC2 15.00 ACTIVE", "GC3 12.00 ACTIVE", "OTHER 7.00 ACTIVE"]

    again = desk.ask("restore", restored["run_id"], "--mode", "apply", code=4, **reaching(shop))
    assert (again["changes"]["updated"], again["changes"]["held"]) == (1, 1), "a voided card stays voided"
    held = desk.run("cards.csv", *APPLY, code=4, **reaching(shop))
    assert held["changes"]["held"] == 2


@pytest.mark.thorough
def test_a_top_up_happens_once_however_often_it_is_run(desk: Desk, shop: Lightspeed) -> None:
    desk.write("cards.csv", FILE)
    top_up = (*APPLY, "--existing-cards", "top_up")
    shop.trouble = [Trouble("drop after", method="POST", times=2)]

    run = desk.run("cards.csv", *top_up, **reaching(shop))
    again = desk.run("cards.csv", *top_up, **reaching(shop))

    assert (run["outcome"], again["changes"]["unchanged"]) == ("applied", 3)
    assert shop.cards.shown() == ["GC1 10.00 ACTIVE", "GC2 20.00 ACTIVE", "GC3 42.00 ACTIVE", "OTHER 7.00 ACTIVE"]


def test_without_a_permission_people_are_told_which_and_nothing_changes(desk: Desk, shop: Lightspeed) -> None:
    desk.write("cards.csv", FILE)
    shop.login.tokens["lsxs_pt_MARKER-PERSONAL"] = ("gift_cards:read", float("inf"))

    refused = desk.run("cards.csv", *APPLY, code=4, **reaching(shop))

    assert "gift_cards:write:issue" in refused["says"]
    assert shop.cards.shown() == ["GC3 12.00 ACTIVE", "OTHER 7.00 ACTIVE"]


@pytest.mark.thorough
def test_cards_that_count_until_a_day_go_in_with_it_and_are_undone_like_others(desk: Desk, shop: Lightspeed) -> None:
    desk.write("cards.csv", "Number,Balance,Expires\nGC1,10.00,2030-12-31\nGC2,20.00,\nGC3,12.00,2030-12-31\n")

    run = desk.run("cards.csv", *APPLY, code=4, **reaching(shop))
    assert (run["outcome"], run["concerns"], run["discrepancies"]) == ("applied_with_rejects", [], [])
    assert (run["changes"]["created"], run["changes"]["held"]) == (1, 2)
    assert shop.cards.find("GC1")["expires_at"] == "2030-12-31T22:59:59Z"

    restored = desk.ask("restore", run["run_id"], "--mode", "apply", **reaching(shop))
    assert (restored["changes"]["removed"], restored["discrepancies"]) == (1, [])
    assert shop.cards.shown() == ["GC1 0.00 VOIDED", "GC3 12.00 ACTIVE", "OTHER 7.00 ACTIVE"]

"""Evenings on which nothing is told: a shop without loyalty is left in peace, one whose report stays away is told."""

import json

import pytest

from tests.sweeping.shop import Shop, transaction

NOTHING = {"astro_url": "https://astro.invalid", "astro_user": "", "astro_password": "", "astro_client_id": ""}


def test_a_shop_that_never_had_a_report_has_quiet_evenings(shop: Shop):
    for day in ("2026-11-20", "2026-11-21"):
        answer = shop.sweep(day, **NOTHING)
        decided = shop.desk.ask("resolve", "--mode", "apply", "--by", "schedule", **NOTHING)

        assert (answer["outcome"], answer["says"], answer["concerns"]) == ("looked", "no report has arrived yet", [])
        assert answer["rows"] == {"in": 0, "accepted": 0, "rejected": 0}
        assert decided["says"] == "no worklist was dropped"
    shown = json.loads(shop.desk.read(shop.desk.fetch(answer["run_id"], "report.json")))
    assert any("pause its schedule" in step for step in shown["next_steps"])


@pytest.mark.thorough
def test_a_report_that_stays_away_is_a_concern_and_the_sweep_goes_on(shop: Shop):
    first = shop.sweep("2026-11-20", shop.report("2026-11-20", transaction("77", "S-1", "2026-11-20")))
    missed = shop.sweep("2026-11-22")
    back = shop.sweep("2026-11-23", shop.report("2026-11-23", transaction("77", "S-1", "2026-11-20")))

    assert (first["concerns"], back["concerns"]) == ([], [])
    assert missed["outcome"] == "looked"
    assert [concern["says"] for concern in missed["concerns"]] == [
        "no report has arrived since 2026-11-20: what failed since is not known"
    ]
    assert shop.failures("status") == [("open",)]


@pytest.mark.thorough
def test_where_only_a_journal_tells_silence_is_good_news(shop: Shop):
    asked = {"customerID": "77", "transactionID": "S-1", "item_code": "012345678905"}
    answer = {"at": "2026-11-20T17:43:00", "endpoint": "addTransaction", "jsonData": asked, "astro_status": 700}
    shop.drop("answers-2026-11-20.jsonl", json.dumps(answer) + "\n")

    shop.sweep("2026-11-20")
    answer = shop.sweep("2026-11-21")

    assert answer["says"].startswith("1 open failure, 0 new, 0 rejected")
    assert answer["concerns"] == []

"""What a sweep could not read is among what is left to do, until a later sweep reads it or somebody leaves it out."""

import pytest

from infra.clock import now
from infra.ledger.open_things import LOOKS_BACK, OpenThings
from tests.databases import open_database
from tests.sweeping.shop import UPC, Shop, transaction

FINE = transaction("77", "S-1", "2026-11-20")
WRONG = transaction("78", "S-2", "2026-11-20", upc="12.5E9")


def left(shop: Shop) -> list[tuple[str, int]]:
    things = OpenThings(open_database(shop.desk.environment["COUNTERFOIL_LEDGER_URL"]))
    return [
        (each.entry.run.run_id, each.count)
        for each in things.list_all(now=now(), since=now() - LOOKS_BACK)
        if each.left == "rejects"
    ]


def test_a_row_that_cannot_be_read_is_left_to_do_until_a_report_shows_it_readable(shop: Shop):
    swept = shop.sweep("2026-11-20", shop.report("2026-11-20", FINE, WRONG), code=4)
    assert left(shop) == [(swept["run_id"], 1)]

    shop.sweep("2026-11-21", shop.report("2026-11-21", FINE, WRONG.replace("12.5E9", UPC)))

    assert left(shop) == []


@pytest.mark.thorough
def test_a_row_that_comes_every_day_is_left_to_do_once_and_one_of_a_preview_not_at_all(shop: Shop):
    shop.sweep("2026-11-20", shop.report("2026-11-20", FINE, WRONG), mode="preview")
    assert left(shop) == []
    shop.sweep("2026-11-20", shop.report("2026-11-20", FINE, WRONG), code=4)
    newest = shop.sweep("2026-11-21", shop.report("2026-11-21", FINE, WRONG), code=4)
    assert left(shop) == [(newest["run_id"], 1)]
    older = shop.sweep("2026-11-19", shop.report("2026-11-19", FINE), code=4)  # its row is of the day after
    assert sorted(left(shop)) == sorted([(newest["run_id"], 1), (older["run_id"], 1)])


@pytest.mark.thorough
def test_a_row_that_is_corrected_at_the_second_try_leaves_nothing_to_do(shop: Shop):
    first = shop.sweep("2026-11-20", shop.report("2026-11-20", FINE, WRONG), code=4)
    back = shop.desk.read(shop.desk.fetch(first["run_id"], "rejects-1-transactions.csv"))
    second = shop.sweep("2026-11-20", shop.desk.write("again.csv", back.replace("12.5E9", "12.5E8")), code=4)
    assert (second["run_id"], 1) in left(shop)
    back = shop.desk.read(shop.desk.fetch(second["run_id"], "rejects-1-transactions.csv"))

    shop.sweep("2026-11-20", shop.desk.write("corrected.csv", back.replace("12.5E8", UPC)))

    assert left(shop) == []

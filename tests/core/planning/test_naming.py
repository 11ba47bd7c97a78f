"""Plan ids follow from content alone."""

import polars as pl

from schemas.gift_cards import GIFT_CARDS
from schemas.records import Artifact, ChangeCounts, Plan, Total, Totals
from tasks.core.planning.gift_card_changes import decide_changes
from tasks.core.planning.naming import plan_content, plan_id
from tests.core.planning.test_way_back import NOTHING, file_rows, records

PLAN = Plan(
    plan_id="",
    domain="gift-cards",
    target="sql",
    options={"existing_cards": "set"},
    counts=ChangeCounts(created=1, updated=1),
    totals=Totals(file=(Total(currency="EUR", count=2, sum_cents=900),)),
    concerns=(),
    changes=Artifact(name="changes.parquet", key="runs/1/changes-abc.parquet", sha256="abc", size_bytes=1),
)


def changes(cards: dict[str, int]) -> pl.DataFrame:
    return decide_changes(
        file_rows(cards),
        records({"GC1": (100, "ACTIVE")}),
        GIFT_CARDS.resource,
        existing_cards="set",
        reference="",
        added=NOTHING,
    )[0]


def test_the_same_content_has_the_same_id_on_every_machine():
    """If this value changes, plans approved before an upgrade are worth nothing after it: raise _PLAN_FORMAT."""
    assert plan_id(plan_content(PLAN), changes({"GC1": 500, "GC2": 400})) == "7fd37f87fb4fa768"


def test_the_order_of_rows_in_the_file_does_not_matter():
    content = plan_content(PLAN)
    assert plan_id(content, changes({"GC1": 500, "GC2": 400})) == plan_id(content, changes({"GC2": 400, "GC1": 500}))


def test_another_amount_is_another_plan():
    content = plan_content(PLAN)
    assert plan_id(content, changes({"GC1": 500})) != plan_id(content, changes({"GC1": 501}))


def test_where_the_changes_are_stored_does_not_matter():
    assert b"runs/1" not in plan_content(PLAN)

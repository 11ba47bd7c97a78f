"""Plan ids follow from content alone."""

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from types import MappingProxyType

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.gift_cards import GIFT_CARDS
from schemas.records import Artifact, ChangeCounts, ExistingCards, Plan, Total, Totals
from schemas.tables import Concern
from tasks.core.gift_cards.changes import decide_changes
from tasks.core.planning.plan_ids import plan_content, plan_id
from tests.core.planning.test_inverse_changes import NOTHING, file_rows, records

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


def changes(
    cards: dict[str, int],
    existing_cards: ExistingCards = "set",
    before: Mapping[str, tuple[int, str]] = MappingProxyType({"GC1": (100, "ACTIVE")}),
) -> pl.DataFrame:
    return decide_changes(
        file_rows(cards),
        records(dict(before)),
        GIFT_CARDS.resource,
        existing_cards=existing_cards,
        reference="",
        added=NOTHING,
    )[0]


def test_the_same_content_has_the_same_id_on_every_machine():
    """If this value changes, plans approved before an upgrade are worth nothing after it: raise _PLAN_FORMAT."""
    assert plan_id(plan_content(PLAN), changes({"GC1": 500, "GC2": 400})) == "372522db87b214a9"


def test_the_id_of_a_plan_of_the_earlier_format_still_follows_from_its_stored_content():
    content = json.dumps(
        {
            "format": 2,
            "domain": "gift-cards",
            "target": "sql",
            "options": {"existing_cards": "set"},
            "counts": asdict(PLAN.counts),
            "totals": asdict(PLAN.totals),
            "concerns": [],
        },
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
    assert plan_id(content, changes({"GC1": 500, "GC2": 400})) == "7fd37f87fb4fa768"


def test_the_id_of_a_plan_that_was_hashed_in_one_piece_still_follows_from_its_stored_content():
    named = {"format": 3, "domain": "gift-cards", "target": "sql", "options": {"existing_cards": "set"}}
    content = json.dumps({**named, "evidence": {}}, sort_keys=True, separators=(",", ":")).encode()
    assert plan_id(content, changes({"GC1": 500, "GC2": 400})) == "08c0938e9fcd6126"


@pytest.mark.parametrize(
    "beside",
    [
        {"totals": Totals(before=(Total(currency="EUR", count=9, sum_cents=7),))},
        {"counts": ChangeCounts(created=1, updated=1, held=3, unchanged=70)},
        {"concerns": (Concern(code="LIMIT_CARD", says="one is large"),)},
        {"changes": replace(PLAN.changes, key="runs/2/changes-abc.parquet")},
    ],
)
def test_what_stands_beside_the_changes_is_no_part_of_the_id(beside):
    cards = changes({"GC1": 500, "GC2": 400})
    moved = plan_content(replace(PLAN, **beside))
    assert plan_id(moved, cards) == plan_id(plan_content(PLAN), cards)


@pytest.mark.parametrize(
    "named", [{"target": "memory"}, {"options": {"existing_cards": "hold"}}, {"domain": "customers"}]
)
def test_another_target_or_another_option_is_another_plan(named):
    cards = changes({"GC1": 500, "GC2": 400})
    assert plan_id(plan_content(replace(PLAN, **named)), cards) != plan_id(plan_content(PLAN), cards)


def test_what_is_held_is_not_written_and_no_part_of_the_id():
    held = changes({"GC1": 500, "GC2": 400}, existing_cards="hold", before={"GC1": (100, "ACTIVE")})
    spent = changes({"GC1": 500, "GC2": 400}, existing_cards="hold", before={"GC1": (90, "ACTIVE")})
    assert "held" in held["kind"].to_list()
    assert plan_id(plan_content(PLAN), held) == plan_id(plan_content(PLAN), spent)


def test_a_record_of_the_plan_that_moved_makes_another_plan():
    planned = changes({"GC1": 500}, before={"GC1": (100, "ACTIVE")})
    moved = changes({"GC1": 500}, before={"GC1": (90, "ACTIVE")})
    assert plan_id(plan_content(PLAN), planned) != plan_id(plan_content(PLAN), moved)


@given(order=st.permutations(range(6)))
def test_the_order_of_changes_does_not_matter(order):
    drawn = changes({"GC1": 500, **{f"GC{number}": 400 + number for number in range(2, 7)}})
    whole = plan_id(plan_content(PLAN), drawn)
    assert plan_id(plan_content(PLAN), drawn[list(order)]) == whole


def test_the_order_of_rows_in_the_file_does_not_matter():
    content = plan_content(PLAN)
    assert plan_id(content, changes({"GC1": 500, "GC2": 400})) == plan_id(content, changes({"GC2": 400, "GC1": 500}))


def test_another_amount_is_another_plan():
    content = plan_content(PLAN)
    assert plan_id(content, changes({"GC1": 500})) != plan_id(content, changes({"GC1": 501}))


def test_where_the_changes_are_stored_does_not_matter():
    assert b"runs/1" not in plan_content(PLAN)

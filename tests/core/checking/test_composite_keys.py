"""Records that only several columns together find."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.domain import Resource
from schemas.stock import LEVELS
from tasks.core.checking.composite_keys import key_of

COSTS = Resource(
    name="supplier_costs",
    key="cost_key",
    columns=("sku", "valid_from", "cost_cents"),
    known_by="sku",
    names=("valid_from",),
    key_of=("sku", "valid_from"),
)


def keys(resource: Resource, *rows: tuple[object, ...]) -> list[str | None]:
    frame = pl.DataFrame(rows, schema=list(resource.key_of), orient="row")
    return frame.select(key_of(resource))[resource.key].to_list()


def test_a_key_is_its_parts_in_the_order_they_are_declared():
    assert keys(LEVELS, ("p-1", "main")) == ["p-1@main"]


@given(st.lists(st.tuples(st.text(), st.dates()), min_size=2, unique=True))
def test_two_prices_share_a_key_only_if_sku_and_day_are_the_same(rows):
    assert len(set(keys(COSTS, *rows))) == len(rows)


def test_a_row_that_lacks_a_part_has_no_key():
    assert keys(COSTS, ("A", "2026-11-20"), (None, "2026-11-20")) == ["A@2026-11-20", None]


def test_a_key_of_columns_that_the_resource_does_not_have_is_refused():
    with pytest.raises(ValueError, match="columns it does not have"):
        replace(COSTS, key_of=("sku", "outlet"))

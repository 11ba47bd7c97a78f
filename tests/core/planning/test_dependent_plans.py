"""The way back of records that others refer to: they go if nothing does any more, else they are retired."""

import polars as pl
import pytest

from schemas.orders.records import SALES
from schemas.records import Artifact, ChangeCounts, Plan, Totals
from schemas.stock import PRODUCT_RECORDS
from tasks.core.planning.dependent_plans import in_order
from tasks.core.planning.inverse_changes import invert, keep_referred, keys_going
from tests.connectors.shop import changes, product
from tests.sales import as_changes, sales


def plan_of(domain: str, removed: int = 0) -> Plan:
    nothing = Artifact(name="changes.parquet", key="", sha256="", size_bytes=0)
    counts = ChangeCounts(created=1, removed=removed)
    return Plan(
        plan_id=domain,
        domain=domain,
        target="sql",
        options={},
        counts=counts,
        totals=Totals(),
        concerns=(),
        changes=nothing,
    )


def records(*products: str) -> pl.DataFrame:
    """Draw products as ``mug`` or, out of use, ``mug no``."""
    rows = [product(*each.split()) for each in products]
    schema = {name: pl.Int64 if name == "price_cents" else pl.String for name in rows[0]}
    return pl.DataFrame(rows, schema=schema)


def back(now: pl.DataFrame, *referred: str) -> tuple[list[tuple[str, str, str | None]], int]:
    """Undo the creation of mug, cap and tea, some of which are still *referred* to."""
    made = changes(PRODUCT_RECORDS, [(None, product(each)) for each in ("cap", "mug", "tea")])
    done = made.with_columns(line=pl.lit(None, dtype=pl.UInt32), code=pl.lit(""), detail=pl.lit(""))
    undone, unchanged = invert(done, now, PRODUCT_RECORDS)
    kept, retired = keep_referred(undone, pl.Series(referred, dtype=pl.String), PRODUCT_RECORDS)
    return kept.select("product_id", "kind", "active_after").rows(), unchanged + retired


def test_what_nothing_refers_to_is_removed_and_the_rest_goes_out_of_use():
    assert back(records("cap", "mug", "tea"), "mug") == (
        [("cap", "remove", None), ("mug", "update", "no"), ("tea", "remove", None)],
        0,
    )


def test_what_is_gone_or_was_changed_since_is_left_as_it_is():
    changed = records("mug").with_columns(name=pl.lit("Cup"))

    assert back(changed, "mug") == ([("mug", "conflict", None)], 2)


def test_sales_that_will_be_void_are_going_and_others_are_not():
    done = as_changes([("create", "w:1", None, "closed 1xmug"), ("update", "w:2", "parked", "closed 1xmug")])
    undone, _ = invert(done, sales({"w:1": "closed 1xmug", "w:2": "closed 1xmug"}), SALES)

    assert keys_going(undone, SALES).to_list() == ["w:1"]


@pytest.mark.parametrize(("removed", "order"), [(0, ["products", "orders"]), (3, ["orders", "products"])])
def test_products_are_there_before_their_sales_and_go_after_them(removed: int, order: list[str]):
    dependent = plan_of("products", removed=removed)

    assert [each.domain for each in in_order(plan_of("orders"), dependent)] == order
    assert [each.domain for each in in_order(plan_of("orders"), None)] == ["orders"]

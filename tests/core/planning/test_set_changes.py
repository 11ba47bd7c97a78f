"""Records are made what rows say, where nothing holds a change back."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.domain import Hold, Resource
from tasks.core.checking.composite_keys import key_of
from tasks.core.planning.set_changes import set_changes
from tests.tables import frame

PRICES = Resource(
    name="prices",
    key="price_key",
    key_of=("sku", "valid_on"),
    columns=("sku", "valid_on", "cents"),
    known_by="price_key",
)
DOUBLED = Hold(when=pl.col("cents") > 2 * pl.col("cents_before"), code="PRICE_DOUBLED")
RECORDS = {"sku": pl.String, "valid_on": pl.String, "cents": pl.Int64}
ROWS = {"line": pl.UInt32} | RECORDS


def decided(rows: str, before: str, *holds: Hold) -> tuple[list[tuple[object, ...]], int]:
    keyed = [frame(drawn, schema).with_columns(key_of(PRICES)) for drawn, schema in ((rows, ROWS), (before, RECORDS))]
    changes, unchanged = set_changes(*keyed, PRICES, holds)
    return changes.select("line", "kind", "code", "price_key", "cents_before", "cents_after").rows(), unchanged


BEFORE = """
    sku | valid_on   | cents
    ----+------------+------
    A   | 2026-01-01 | 100
    A   | 2026-02-01 | 100
    """


@pytest.mark.parametrize(
    ("rows", "change"),
    [
        # sku | day | cents                  kind      code             key             before after
        (("A", "2026-01-01", 100), None),
        (("A", "2026-01-01", 150), ("update", "", "A@2026-01-01", 100, 150)),
        (("A", "2026-03-01", 150), ("create", "", "A@2026-03-01", None, 150)),
        (("B", "2026-01-01", 100), ("create", "", "B@2026-01-01", None, 100)),
        (("A", "2026-02-01", 201), ("held", "PRICE_DOUBLED", "A@2026-02-01", 100, 201)),
        (("a", "2026-02-01", 90), ("update", "", "A@2026-02-01", 100, 90)),
        (("a", "2026-02-01", 100), None),
        (("A", "2026-02-01", "null"), None),
    ],
)
def test_a_row_makes_its_record_what_it_says(rows, change):
    drawn = f"line | sku | valid_on | cents\n-----+---\n2 | {' | '.join(map(str, rows))}"
    changes, unchanged = decided(drawn, BEFORE, DOUBLED)
    assert (changes, unchanged) == ([(2, *change)] if change else [], 0 if change else 1)


def test_the_first_hold_that_is_true_of_a_change_gives_the_code():
    less = Hold(when=pl.col("cents") != pl.col("cents_before"), code="PRICE_OTHER")
    drawn = "line | sku | valid_on | cents\n-----+---\n2 | A | 2026-01-01 | 900\n3 | A | 2026-02-01 | 101"
    changes, _ = decided(drawn, BEFORE, DOUBLED, less)
    assert [change[2] for change in changes] == ["PRICE_DOUBLED", "PRICE_OTHER"]


@given(
    st.dictionaries(st.sampled_from("ABC"), st.integers(0, 3)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 3)),
)
def test_what_was_set_once_is_unchanged_the_next_time(held, wanted):
    def keyed(skus, *, lines):
        made = {"sku": [*skus], "valid_on": ["2026-01-01"] * len(skus), "cents": [*skus.values()]}
        whole = pl.DataFrame(made, schema=RECORDS).with_columns(key_of(PRICES))
        return whole.with_row_index("line", 2) if lines else whole

    rows, before = keyed(wanted, lines=True), keyed(held, lines=False)
    changes, unchanged = set_changes(rows, before, PRICES, ())
    after = {sku: wanted.get(sku.lower(), cents) for sku, cents in held.items()}
    after |= {sku: cents for sku, cents in wanted.items() if sku.upper() not in held}
    assert changes.height + unchanged == rows.height
    assert set_changes(rows, keyed(after, lines=False), PRICES, ())[1] == rows.height

"""Quantities in words."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.wording.quantities import quantity_text


@given(st.integers(-(10**15), 10**15))
def test_a_quantity_says_its_thousandths_exactly(milli):
    said = pl.select(quantity_text(pl.lit(milli, pl.Int64))).item().replace(",", "")
    whole, _, fraction = said.partition(".")
    sign = -1 if said.startswith("-") else 1
    assert sign * (abs(int(whole)) * 1000 + int(fraction.ljust(3, "0") or 0)) == milli
    assert not fraction.endswith("0")

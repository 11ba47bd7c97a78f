"""Item codes as failures, the till, files of sales and Astro write them, and as we keep them."""

import polars as pl
import pytest

from tasks.core.loyalty.item_codes import item_codes, read_item_codes

KEPT = [
    # as written, as we keep it
    ("12345678905", "012345678905"),
    ("012345678905", "012345678905"),
    ("0012345678905", "012345678905"),
    ("0 12345-67890 5", "012345678905"),
    ("12345678901234", "12345678901234"),
    ("GIFT-1", "GIFT1"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "kept"), KEPT)
def test_an_item_has_one_code_whoever_writes_it(written: str, kept: str):
    assert pl.DataFrame({"upc": [written]}).select(item_codes(pl.col("upc"))).item() == kept


@pytest.mark.parametrize(("written", "kept"), [pair for pair in KEPT if pair[1].isdigit()])
def test_a_code_that_is_read_of_a_cell_is_the_code_of_its_item(written: str, kept: str):
    read = read_item_codes(pl.Series([written]))
    assert (read.values.to_list(), read.rejects.height) == ([kept], 0)

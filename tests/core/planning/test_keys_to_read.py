"""Which records a target is asked for."""

import polars as pl

from schemas.records import Total
from tasks.core.planning.keys_to_read import keys_to_ask

HELD = (Total(currency="EUR", count=60, sum_cents=1), Total(currency="SEK", count=40, sum_cents=1))


def keys(count: int) -> pl.Series:
    return pl.Series([f"GC{number}" for number in range(count)])


def test_a_few_keys_are_looked_up():
    asked = keys_to_ask(keys(9), HELD)

    assert asked is not None
    assert asked.equals(keys(9))


def test_a_target_is_read_whole_when_the_file_names_a_good_part_of_it():
    assert keys_to_ask(keys(10), HELD) is None


def test_a_target_without_records_is_read_whole():
    assert keys_to_ask(keys(1), ()) is None

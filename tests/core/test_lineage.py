"""How rows are known again from one file to the next."""

import polars as pl

from tasks.core import lineage
from tasks.core.lineage import hashes_among, key_hash


def test_of_many_keys_only_those_waited_for_are_found_whatever_their_case(monkeypatch):
    monkeypatch.setattr(lineage, "_KEYS_AT_ONCE", 2)
    keys = pl.Series(["a@example.se", " B@Example.SE ", "", "c@example.se", "d@example.se"])
    waiting = pl.Series([key_hash("b@example.se"), key_hash("d@example.se"), key_hash("gone@example.se")])

    assert hashes_among(keys, waiting).to_list() == [key_hash("b@example.se"), key_hash("d@example.se")]


def test_a_row_without_a_key_is_not_found():
    assert hashes_among(pl.Series([""]), pl.Series([key_hash("a")])).is_empty()

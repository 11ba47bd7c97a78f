"""How rows are known again from one file to the next."""

import polars as pl

from tasks.core.rejects import lineage
from tasks.core.rejects.lineage import hashes_among, key_hash, not_written, read_references
from tests.tables import frame


def test_of_many_keys_only_those_waited_for_are_found_whatever_their_case(monkeypatch):
    monkeypatch.setattr(lineage, "_KEYS_AT_ONCE", 2)
    keys = pl.Series(["a@example.se", " B@Example.SE ", "", "c@example.se", "d@example.se"])
    waiting = pl.Series([key_hash("b@example.se"), key_hash("d@example.se"), key_hash("gone@example.se")])

    assert hashes_among(keys, waiting).to_list() == [key_hash("b@example.se"), key_hash("d@example.se")]


def test_a_row_without_a_key_is_not_found():
    assert hashes_among(pl.Series([""]), pl.Series([key_hash("a")])).is_empty()


def test_what_was_held_refused_or_left_unknown_did_not_go_in():
    drawn = """
    line | kind     | outcome
    -----+----------+---------
    2    | create   | written
    3    | update   | done
    4    | update   | conflict
    5    | create   | refused
    6    | create   | unknown
    7    | held     | ""
    8    | conflict | ""
    null | remove   | refused
    """
    outcomes = frame(drawn, {"line": pl.UInt32, "kind": pl.String, "outcome": pl.String})
    assert not_written(outcomes).to_list() == [4, 5, 6, 7, 8]


def test_a_reference_that_is_none_is_passed_over():
    odd = {2: "ab12:²", 3: "ab12:99999999999", 4: ":7", 5: "ab12:", 6: "ab12:7"}
    assert read_references(odd).rows() == [(6, "ab12", 7)]

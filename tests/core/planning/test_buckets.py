"""Dividing rows by fixed buckets of their keys."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from schemas.gift_cards import GIFT_CARDS
from tasks.core.gift_cards.changes import decide_changes
from tasks.core.planning.buckets import BUCKETS, buckets_of, divided, partitions_for
from tasks.core.planning.changes import put_together
from tasks.core.planning.plan_ids import bucket_hashes, plan_content, plan_id, plan_id_of
from tests.core.planning.test_inverse_changes import NOTHING, file_rows, records
from tests.core.planning.test_plan_ids import PLAN

KEYS = st.lists(st.text("abAB1åÅ", min_size=1, max_size=3), max_size=40)
PARTITIONS = st.sampled_from([1, 2, 7, BUCKETS])
CARDS = st.dictionaries(st.text("abc1", min_size=1, max_size=3), st.integers(1, 3), max_size=30)


def cards(numbers: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"number": numbers, "row": range(len(numbers))}, schema={"number": pl.String, "row": pl.Int64})


def test_a_key_has_the_same_bucket_on_every_machine():
    """If one of these changes, plans approved before an upgrade are worth nothing after it."""
    assert buckets_of(pl.Series(["GC1", "gc1", "0042", "Åsa", ""])).to_list() == [233, 233, 90, 132, 0]


@given(KEYS, PARTITIONS)
def test_every_row_is_in_exactly_one_partition_in_its_order(numbers: list[str], partitions: int):
    parts = divided(cards(numbers), cards(numbers)["number"], partitions)

    assert len(parts) == partitions
    assert pl.concat(parts).sort("row").equals(cards(numbers))
    assert all(part["row"].is_sorted() for part in parts)


@given(KEYS, PARTITIONS)
def test_one_key_is_in_one_partition_in_any_letter_case(numbers: list[str], partitions: int):
    sides = [cards(numbers), cards([number.swapcase() for number in numbers])]
    pairs = zip(*(divided(side, side["number"], partitions) for side in sides), strict=True)

    assert all(left["row"].equals(right["row"]) for left, right in pairs)


@given(KEYS, st.sampled_from([2, 7]))
def test_a_partition_is_a_group_of_whole_buckets(numbers: list[str], partitions: int):
    held = [set(buckets_of(part["number"])) for part in divided(cards(numbers), cards(numbers)["number"], partitions)]

    assert sum(map(len, held)) == len(set().union(*held))


def test_there_are_as_many_partitions_as_rows_need_and_no_more_than_buckets():
    assert [partitions_for(rows, 10) for rows in (0, 1, 10, 11, 50, 9_999)] == [1, 1, 1, 2, 5, BUCKETS]


@given(wanted=CARDS, held=CARDS, partitions=PARTITIONS)
def test_a_plan_and_its_id_do_not_depend_on_partitions(wanted: dict[str, int], held: dict[str, int], partitions: int):
    rows, before = file_rows(wanted), records({number: (cents, "ACTIVE") for number, cents in held.items()})
    options = {"existing_cards": "set", "reference": "", "added": NOTHING}
    at_once, unchanged = decide_changes(rows, before, GIFT_CARDS.resource, **options)

    sides = zip(*(divided(side, side["number"], partitions) for side in (rows, before)), strict=True)
    parts = [decide_changes(some, there, GIFT_CARDS.resource, **options) for some, there in sides]

    assert put_together([changes for changes, _ in parts], GIFT_CARDS.resource).equals(at_once)
    assert sum(count for _, count in parts) == unchanged
    hashes = {bucket: digest for changes, _ in parts for bucket, digest in bucket_hashes(changes).items()}
    content = plan_content(PLAN)
    assert plan_id(content, at_once) == plan_id_of(content, hashes)

"""How rows are known again from one file to the next."""

from collections.abc import Mapping

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from schemas.customers import CUSTOMERS
from schemas.gift_cards import GIFT_CARDS
from tasks.core.rejects import lineage
from tasks.core.rejects.lineage import hashes_among, key_hash, keys_of, not_written, read_references
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


# families who share one address

WORD = st.text("abåäéžABÅÉ", min_size=1, max_size=6)
MEMBER = st.fixed_dictionaries(
    {
        "customer_id": st.sampled_from(["", "0", "7", "8", "19"]),
        "email": st.just("family@example.se"),
        "first_name": WORD,
        "last_name": st.sampled_from(["Berg", "Dahl", ""]),
    }
)


def key_of(row: Mapping[str, str]) -> str:
    return str(
        keys_of(pl.DataFrame([{"line": 2, **row}], schema_overrides={"line": pl.UInt32}), CUSTOMERS.resource)["key"][0]
    )


def is_same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether two rows with one address are about one person: by the number, else by the whole name."""
    numbers = {row["customer_id"].lstrip("0") for row in (one, other)}
    named = {(row["first_name"].lower(), row["last_name"].lower()) for row in (one, other)}
    return len(numbers) == 1 and (numbers != {""} or len(named) == 1)


@given(MEMBER, MEMBER)
def test_no_member_of_a_family_closes_the_reject_of_another(rejected: Mapping[str, str], went_in: Mapping[str, str]):
    waiting = pl.Series([key_hash(key_of(rejected))])
    closed = not hashes_among(pl.Series([key_of(went_in)]), waiting).is_empty()
    assert closed == is_same(rejected, went_in)


@given(MEMBER, st.sampled_from([str.upper, str.title, lambda cell: f"  {cell} "]))
def test_a_person_is_known_again_however_the_cells_are_written(member: Mapping[str, str], rewrite):
    again = {name: rewrite(cell) for name, cell in member.items()}
    assert key_hash(key_of(again)) == key_hash(key_of(member))


def test_a_person_without_an_address_is_known_by_the_reference_only():
    assert key_of({"customer_id": "7", "email": " ", "first_name": "Ann", "last_name": "Berg"}) == ""
    assert key_of({"first_name": "Ann"}) == ""


def test_a_gift_card_is_known_by_its_number_alone():
    cells = {"line": pl.UInt32, "number": pl.String, "balance": pl.String}
    cards = frame("line | number | balance\n2 | GC1 | 1\n3 | null | 2", cells)
    assert keys_of(cards, GIFT_CARDS.resource).rows() == [(2, "GC1"), (3, "")]

"""A file and a register that are divided ask of each other what they ask as a whole."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.customers.changes import days_born, decide_customer_changes, decide_matched, with_news
from tasks.core.customers.identities import partition_keys
from tasks.core.customers.matching import having, in_question, matched
from tasks.core.planning.buckets import BUCKETS, divided
from tests.examples import costly
from tests.registers import PEOPLE, SWEDEN, check, register_of

NAMES, CITIES = st.sampled_from(["Ann", "Bo", ""]), st.sampled_from(["Lund", "Malmö", ""])
ADDRESSES = st.sampled_from(["a@example.se", "A@example.se", "b@example.se", "c@example.se", ""])
DAYS = st.sampled_from(["1970-01-31", "1970-01-02", ""])
PEOPLE_OF_A_FILE = st.lists(st.tuples(st.sampled_from(["0", "1", "2", "3", "12", "9"]), NAMES, ADDRESSES, CITIES, DAYS))
NUMBERS = st.sampled_from(["1", "2", "3", "12", "40"])
PEOPLE_OF_A_REGISTER = st.lists(st.tuples(NUMBERS, NAMES, ADDRESSES, CITIES, DAYS), unique_by=lambda person: person[0])
HEADINGS = "CustomerID | FirstName | Email | City | DateOfBirth"
COLUMNS = "customer_id | first_name | email | city | born_on"


def drawn(headings: str, people: list[tuple[str, ...]]) -> str:
    return "\n".join([headings, *(" | ".join(person) for person in people)])


def decided_in(
    partitions: int, rows: pl.DataFrame, before: pl.DataFrame, *, updates_by_email: bool
) -> tuple[pl.DataFrame, int]:
    """Compare partition by partition, as ``tasks.customers.compare_parts`` has it done."""
    registers = [part.lazy() for part in divided(before, before["customer_id"], partitions)]
    files = [part.lazy() for part in divided(rows, partition_keys(rows), partitions)]
    news = [with_news(some, there, PEOPLE) for some, there in zip(files, registers, strict=True)]
    new = pl.concat([each.rows for each in news]).sort("line")
    asked = zip(registers, news, strict=True)
    held = pl.concat([in_question(there, new, SWEDEN, each.settled) for there, each in asked])
    joined = matched(new, held, SWEDEN, updates_by_email=updates_by_email)
    wanted = [having(there, "customer_id", joined["match"].drop_nulls()) for there in registers]
    days = pl.concat([days_born(there) for there in registers]).unique()
    changes = decide_matched(joined, pl.concat(wanted), days, SWEDEN, PEOPLE)
    return changes, new.height + sum(each.settled.len() for each in news) - changes.height


@costly
@given(
    file=PEOPLE_OF_A_FILE.filter(bool),
    register=PEOPLE_OF_A_REGISTER,
    partitions=st.sampled_from([1, 2, 7, BUCKETS]),
    by_email=st.booleans(),
)
def test_what_a_file_asks_of_a_register_does_not_depend_on_partitions(file, register, partitions, by_email):
    rows = check(drawn(HEADINGS, file), "tixly").accepted.collect()
    before = register_of(drawn(COLUMNS, register)) if register else register_of(COLUMNS).clear()

    changes, unchanged = decided_in(partitions, rows, before, updates_by_email=by_email)

    at_once, same = decide_customer_changes(rows.lazy(), before.lazy(), PEOPLE, SWEDEN, updates_by_email=by_email)
    assert changes.equals(at_once)
    assert unchanged == same

"""What every target must do whose records get their keys from the target itself."""

import polars as pl
import pytest

from infra.connectors import Connector
from infra.connectors.sql.target import SqlTarget
from schemas.customers import CUSTOMER_COLUMNS, CUSTOMERS
from schemas.records import BatchName, Total
from tests.connectors.drawn import batch

PEOPLE = CUSTOMERS.resource


def change(kind: str, key: str, before: str | None, after: str | None) -> dict[str, str | None]:
    """Sketch a change of a person of whom just the e-mail address is known."""
    sides = {"before": before, "after": after}
    cells = {
        f"{column}_{side}": None if email is None else (email if column == "email" else "")
        for side, email in sides.items()
        for column in CUSTOMER_COLUMNS
    }
    return {
        "line": None,
        "kind": kind,
        "code": "",
        "customer_id": key,
        **cells,
        "operation_id": None,
        "operation": None,
    }


def write(target: Connector, *changes: dict[str, str | None], name: BatchName | None = None) -> list[str]:
    schema = dict.fromkeys(changes[0], pl.String) | {"line": pl.UInt32}
    return target.write(PEOPLE, pl.DataFrame(changes, schema=schema), name or batch()).to_list()


def held(target: Connector) -> list[tuple[str, str]]:
    return sorted(target.read(PEOPLE, None).select("customer_id", "email").rows())


def issued(target: Connector, *names: str) -> dict[str, str]:
    return dict(target.issued(PEOPLE, pl.Series(names, dtype=pl.String)).iter_rows())


def test_new_records_are_numbered_by_the_target_and_found_by_the_name_they_were_created_under(own_target: Connector):
    outcomes = write(own_target, change("create", "new:a", None, "a@x.se"), change("create", "new:b", None, "b@x.se"))

    numbers = issued(own_target, "new:a", "new:b", "new:nobody")
    assert outcomes == ["written", "written"]
    assert set(numbers) == {"new:a", "new:b"}
    assert held(own_target) == sorted([(numbers["new:a"], "a@x.se"), (numbers["new:b"], "b@x.se")])
    assert own_target.totals(PEOPLE) == (Total(currency="", count=2, sum_cents=0),)
    assert own_target.read(PEOPLE, pl.Series([numbers["new:b"]]))["email"].to_list() == ["b@x.se"]


def test_a_batch_that_comes_again_creates_nobody_twice(own_target: Connector):
    name = batch()
    write(own_target, change("create", "new:a", None, "a@x.se"), name=name)

    assert write(own_target, change("create", "new:a", None, "a@x.se"), name=name) == ["done"]
    assert len(held(own_target)) == 1


def test_another_run_that_creates_the_same_person_finds_it_unchanged_or_in_conflict(own_target: Connector):
    write(own_target, change("create", "new:a", None, "a@x.se"))
    number = issued(own_target, "new:a")["new:a"]

    assert write(own_target, change("create", "new:a", None, "a@x.se"), change("create", "new:c", None, "c@x.se")) == [
        "unchanged",
        "written",
    ]
    write(own_target, change("update", number, "a@x.se", "moved@x.se"))
    assert write(own_target, change("create", "new:a", None, "a@x.se")) == ["conflict"]
    assert len(held(own_target)) == 2


def test_a_record_that_was_removed_can_come_back_under_its_own_number(own_target: Connector):
    write(own_target, change("create", "new:a", None, "a@x.se"), change("create", "new:b", None, "b@x.se"))
    number = issued(own_target, "new:a")["new:a"]

    assert write(own_target, change("remove", number, "a@x.se", None)) == ["written"]
    assert issued(own_target, "new:a") == {}
    assert write(own_target, change("create", number, None, "a@x.se")) == ["written"]
    assert (number, "a@x.se") in held(own_target)


def test_updates_touch_only_records_that_are_as_planned(own_target: Connector):
    write(own_target, change("create", "new:a", None, "a@x.se"), change("create", "new:b", None, "b@x.se"))
    numbers = issued(own_target, "new:a", "new:b")

    outcomes = write(
        own_target,
        change("update", numbers["new:a"], "a@x.se", "a2@x.se"),
        change("update", numbers["new:b"], "other@x.se", "b2@x.se"),
        change("update", "999", "c@x.se", "c2@x.se"),
    )

    assert outcomes == ["written", "conflict", "conflict"]
    assert sorted(email for _, email in held(own_target)) == ["a2@x.se", "b@x.se"]


def test_a_number_is_never_issued_twice(database):
    target = SqlTarget(database)
    write(target, change("create", "new:a", None, "a@x.se"))
    first = issued(target, "new:a")["new:a"]
    write(target, change("remove", first, "a@x.se", None))
    write(target, change("create", "new:a", None, "a@x.se"))

    assert issued(target, "new:a")["new:a"] != first


@pytest.mark.parametrize("key", ["new:åsa|öberg", "new:a'b", "new:a,b;c", 'new:"q"', "new:\\N"])
def test_a_name_of_any_characters_survives(own_target: Connector, key: str):
    write(own_target, change("create", key, None, "a@x.se"))

    assert set(issued(own_target, key)) == {key}


def test_numbers_that_others_gave_by_hand_are_stepped_over(own_target: Connector):
    write(own_target, change("create", "7", None, "seven@x.se"))

    assert write(own_target, *(change("create", f"new:{n}", None, f"{n}@x.se") for n in range(9))) == ["written"] * 9
    assert len(held(own_target)) == 10

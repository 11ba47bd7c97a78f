"""What a system cannot be told is held, and listed for a person, whatever else the plan holds."""

import polars as pl
import pytest

from schemas.capabilities import EVERY_KIND, Kind
from schemas.customers import CUSTOMERS
from tasks.core.planning.by_hand import BY_HAND, hold_by_hand, list_by_hand
from tests.connectors.drawn import CARDS, changes

DRAWN = changes(
    """
    kind   | number | before          | after
    create | GC1    | null            | EUR 500 ACTIVE
    update | GC2    | EUR 1000 ACTIVE | EUR 700 ACTIVE
    remove | GC3    | EUR 900 ACTIVE  | null
    held   | GC4    | EUR 100 ACTIVE  | EUR 200 ACTIVE
    """
)


def told(frame: pl.DataFrame) -> list[str]:
    return [" ".join(filter(None, (str(cell) for cell in row))) for row in frame.rows()]


def test_a_system_that_takes_everything_is_told_everything() -> None:
    assert hold_by_hand(DRAWN, EVERY_KIND).equals(DRAWN)
    assert list_by_hand(DRAWN, CARDS).is_empty()


@pytest.mark.parametrize("takes", [{"create"}, {"create", "update"}, {"update"}, set()])
def test_what_a_system_does_not_take_is_held_and_nothing_else_is(takes: set[Kind]) -> None:
    held = hold_by_hand(DRAWN, frozenset(takes))

    for was, now in zip(DRAWN.iter_rows(named=True), held.iter_rows(named=True), strict=True):
        beyond = was["kind"] in EVERY_KIND - takes
        assert (now["kind"], now["code"]) == (("held", BY_HAND) if beyond else (was["kind"], was["code"]))
        assert {**now, "kind": "", "code": ""} == {**was, "kind": "", "code": ""}


def test_the_list_says_whom_to_remove_and_which_cells_to_change() -> None:
    held = hold_by_hand(DRAWN, frozenset({"create"}))

    assert told(list_by_hand(held, CARDS)) == ["GC2 change balance_cents 1000 700", "GC3 remove"]


def test_people_are_listed_with_their_names_and_addresses() -> None:
    people = CUSTOMERS.resource
    cells = {f"{c}_before": "" for c in people.columns} | {f"{c}_after": None for c in people.columns}
    zoe = cells | {"first_name_before": "Zoë", "last_name_before": "Ny", "email_before": "zoe@example.se"}
    change = pl.DataFrame([{"kind": "remove", "code": "", people.key: "3", **zoe}])

    listed = list_by_hand(hold_by_hand(change, frozenset({"create", "update"})), people)

    assert listed.rows(named=True) == [
        {people.key: "3", "first_name": "Zoë", "last_name": "Ny", "email": "zoe@example.se"}
        | {"do": "remove", "column": "", "now": "", "wanted": ""}
    ]

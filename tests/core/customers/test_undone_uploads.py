"""What an upload did, in the words of its register: another spelling is no edit, and an edit is none of spelling."""

from datetime import date

import polars as pl
import pytest

from schemas.customers import CUSTOMERS
from tasks.core.customers.undone_uploads import in_words_of
from tasks.core.customers.values import Register
from tasks.core.planning.changes import arranged
from tasks.core.planning.inverse_changes import invert, list_conflicts
from tests.registers import register_of

PEOPLE = CUSTOMERS.resource
SWEDEN = Register(default_country="SE", today=date(2026, 11, 22))


def done(kind: str, key: str, **cells: tuple[str, str]) -> pl.DataFrame:
    """Draw one change of what an upload did, by the cells that it moved."""
    sides = {
        f"{c}_{side}": None if (kind, side) == ("create", "before") else cells.get(c, ("", ""))[side == "after"]
        for c in PEOPLE.columns
        for side in ("before", "after")
    }
    row = {"line": 2, "kind": kind, "code": "", PEOPLE.key: key, **sides, "operation_id": None, "operation": None}
    schema = {"line": pl.UInt32, "operation_id": pl.String, "operation": pl.String}
    texts = dict.fromkeys((*sides, "kind", "code", PEOPLE.key), pl.String)
    return arranged(pl.DataFrame([row], schema_overrides=schema | texts), PEOPLE)


def undone(did: pl.DataFrame, now: pl.DataFrame, shown: pl.DataFrame | None = None) -> list[str]:
    """Say what undoing would do: ``update phone 070-123 45 67 -> 08-12 34 56``."""
    reworded = in_words_of(did, now.clear() if shown is None else shown, now, PEOPLE, SWEDEN)
    back, unchanged = invert(reworded, now, PEOPLE)
    kinds = back["kind"].to_list()
    cells = [
        ", ".join(
            f"{c} {row[f'{c}_before']} -> {row[f'{c}_after']}"
            for c in PEOPLE.columns
            if row["kind"] == "update" and row[f"{c}_before"] != row[f"{c}_after"]
        )
        for row in back.iter_rows(named=True)
    ]
    moved = [f"{kind} {text}" if text else kind for kind, text in zip(kinds, cells, strict=True)]
    conflicts = list_conflicts(reworded, now, PEOPLE)["column"].to_list()
    return moved + [f"edited {name}" for name in conflicts] + ["back"] * unchanged


@pytest.mark.parametrize(
    ("column", "wrote", "register_says"),
    [
        ("phone", "+46701234567", "070-123 45 67"),
        ("phone", "+46701234567", "+46701234567"),
        ("country", "SE", "Sweden"),
        ("postcode", "114 55", "11455"),
        ("email", "asa@example.se", "Asa@Example.se"),
        ("born_on", "1980-02-21", "21/02/1980"),
        ("extra", '{"Level":"gold"}', '{"VIP":"","Level":"gold"}'),
    ],
)
def test_a_value_that_the_register_writes_its_own_way_goes_back(column: str, wrote: str, register_says: str) -> None:
    before = '{"Level":"tin"}' if column == "extra" else ""
    now = register_of(f"customer_id | {column}\n1 | {register_says}")

    assert undone(done("update", "1", **{column: (before, wrote)}), now) == [
        f"update {column} {register_says} -> {before}"
    ]


@pytest.mark.parametrize(
    ("column", "wrote", "register_says"),
    [
        ("phone", "+46701234567", "070-123 45 68"),
        ("country", "SE", "Norway"),
        ("first_name", "Åsa", "ÅSA"),
        ("extra", '{"Level":"gold"}', '{"Level":"silver"}'),
    ],
)
def test_a_value_that_means_something_else_by_now_stays(column: str, wrote: str, register_says: str) -> None:
    before = '{"Level":"tin"}' if column == "extra" else "x"
    now = register_of(f"customer_id | {column}\n1 | {register_says}")
    assert undone(done("update", "1", **{column: (before, wrote)}), now) == ["conflict", f"edited {column}"]


def test_what_is_back_already_in_another_spelling_is_left_alone() -> None:
    now = register_of("customer_id | phone\n1 | 08-12 34 56")
    assert undone(done("update", "1", phone=("+468123456", "+46701234567")), now) == ["back"]


def test_a_new_customer_is_as_it_was_confirmed_whatever_the_system_filled_in_by_itself() -> None:
    did = done("create", "3", first_name=("", "Zoë"), phone=("", "+46701234569"))
    confirmed = register_of("customer_id | first_name | phone | language\n3 | Zoë | 070-123 45 69 | sv")
    since = register_of("customer_id | first_name | phone | language\n3 | Zoë | 070-123 45 69 | en")

    assert undone(did, confirmed, confirmed) == ["remove"]
    assert undone(did, since, confirmed) == ["conflict", "edited language"]


def test_who_was_removed_by_hand_is_back() -> None:
    confirmed = register_of("customer_id | first_name\n3 | Zoë")
    assert undone(done("create", "3", first_name=("", "Zoë")), confirmed.clear(), confirmed) == ["back"]

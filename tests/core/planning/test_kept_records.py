"""The way back for records that are never removed: a sale is voided, as a whole, or left alone."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from schemas.orders.records import SALES
from tasks.core.planning.inverse_changes import invert, list_conflicts
from tests.sales import as_changes, drawn_sales, sales

Till = dict[str, str]
KEYS = st.integers(1, 5).map(lambda n: f"w:{n}")
tills = st.dictionaries(KEYS, drawn_sales, max_size=5)
STATES = ("closed", "parked", "voided")


def plan(wanted: Till, held: Till) -> pl.DataFrame:
    """Bring in what is *wanted*; a voided sale that the till does not have asks for nothing."""
    rows = [
        ("update" if key in held else "create", key, held.get(key), drawn)
        for key, drawn in sorted(wanted.items())
        if held.get(key) != drawn and (key in held or not drawn.startswith("voided"))
    ]
    return as_changes(rows)


def applied(changes: pl.DataFrame, till: pl.DataFrame) -> pl.DataFrame:
    written = changes.filter(pl.col("kind").is_in(["create", "update"]))
    wanted = written.select("order_key", *[pl.col(f"{column}_after").alias(column) for column in SALES.columns])
    return pl.concat([till.join(written, on="order_key", how="anti"), wanted]).sort("order_key")


def differing(wanted: Till, held: Till) -> Till:
    """Leave out what would change nothing but the way it is drawn."""
    return {key: drawn for key, drawn in wanted.items() if sales({"w:0": drawn}).rows() != _row(held.get(key))}


def _row(drawn: str | None) -> object:
    return sales({"w:0": drawn}).rows() if drawn else None


@given(tills, tills)
def test_there_and_back_leaves_new_sales_voided_and_all_others_as_they_were(wanted, held):
    done = plan(differing(wanted, held), held)
    after = applied(done, sales(held))
    back, unchanged = invert(done, after, SALES)
    there = applied(back, after)

    assert (unchanged, set(back["kind"])) == (0, {"update"} if done.height else set())
    created = done.filter(kind="create")["order_key"]
    new = there.filter(pl.col("order_key").is_in(created.implode()))
    assert set(new["state"]) <= {"voided"}
    assert new.drop("state").equals(after.join(new, on="order_key", how="semi").drop("state"))
    assert there.join(new, on="order_key", how="anti").equals(sales(held))


@given(tills, tills)
def test_a_restore_can_itself_be_restored(wanted, held):
    done = plan(differing(wanted, held), held)
    after = applied(done, sales(held))
    back, _ = invert(done, after, SALES)
    voided = applied(back, after)
    again, _ = invert(back, voided, SALES)

    assert applied(again, voided).equals(after)


@given(tills, tills)
def test_restoring_twice_is_restoring_once(wanted, held):
    done = plan(differing(wanted, held), held)
    after = applied(done, sales(held))
    back, _ = invert(done, after, SALES)
    again, unchanged = invert(done, applied(back, after), SALES)

    assert (again.height, unchanged) == (0, done.height)


@given(tills, tills, tills)
def test_a_sale_that_someone_edited_since_is_left_alone_as_a_whole(wanted, held, edits):
    done = plan(differing(wanted, held), held)
    after = applied(done, sales(held))
    now = pl.concat([after, sales(edits)]).unique("order_key", keep="last").sort("order_key")
    back, _ = invert(done, now, SALES)

    edited = done.join(now.join(after, on=now.columns, how="anti"), on="order_key", how="semi")
    touched = back.filter(pl.col("kind") == "update")
    assert touched.join(edited, on="order_key", how="semi").is_empty()
    conflicts = back.filter(pl.col("kind") == "conflict")
    assert conflicts.join(edited, on="order_key", how="anti").is_empty()
    listed = list_conflicts(done, now, SALES)
    assert listed.join(conflicts, on="order_key", how="anti").is_empty()


def test_what_was_edited_since_is_listed_with_all_three_values():
    done = as_changes([("create", "w:1", None, "closed 2xmug"), ("update", "w:2", "parked 1xcap", "closed 1xcap")])
    now = sales({"w:1": "closed 3xmug", "w:2": "voided 1xcap"})

    conflicts = list_conflicts(done, now, SALES).filter(pl.col("column").is_in(["state", "total_cents"]))

    assert conflicts.rows() == [
        ("w:1", "total_cents", None, "200", "300"),
        ("w:2", "state", "parked", "closed", "voided"),
    ]


def test_a_sale_that_the_till_voided_itself_has_nothing_left_to_undo():
    done = as_changes([("create", "w:1", None, "closed 2xmug")])

    assert invert(done, sales({"w:1": "voided 2xmug"}), SALES)[1] == 1
    assert list_conflicts(done, sales({"w:1": "voided 2xmug"}), SALES).is_empty()

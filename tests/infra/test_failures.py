"""Loyalty failures in the ledger: remembered once, loaded while they matter, and never saved over one another."""

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from infra.ledger import Ledger
from infra.ledger.failures import Remembered
from schemas.loyalty.records import FailureStates
from schemas.loyalty.steps import SweptDay
from schemas.problems import Unavailable
from tasks.core.loyalty.partitions import cut

NO_KEYS = pl.Series([], dtype=pl.String)
DAY = date(2026, 11, 20)
AT = datetime(2026, 11, 20, 17, 45, 1, 123456, tzinfo=UTC)


def states(*rows: tuple[int, str, date | None]) -> pl.DataFrame:
    """Failures by number, status and the day they were settled on."""
    usual = {
        "source": "report",
        "section": "transaction",
        "customer_id": "P-77",
        "reward_id": "",
        "transaction_id": "S-1",
        "upc": "012345678905",
        "program": "",
        "occurred_at": AT,
        "occurred_on": DAY,
        "reason": "No Items Found",
        "reason_code": "no_items_found",
        "expires_at": AT + timedelta(days=30),
        "expires_on": DAY + timedelta(days=30),
        "first_seen_on": DAY,
        "last_seen_on": DAY,
        "shown": "1",
        "reported_on": DAY,
    }
    found = [usual | {"failure_key": f"{n:064x}", "status": status, "settled_on": on} for n, status, on in rows]
    schema = {name: column.dtype.type for name, column in FailureStates.to_schema().columns.items()}
    return FailureStates.validate(pl.DataFrame(found, schema=schema))


def loaded(ledger: Ledger, *keys: int) -> dict[str, str]:
    asked = pl.Series([f"{n:064x}" for n in keys], dtype=pl.String)
    held = FailureStates.validate(ledger.failures.load_pressing(asked, settled_since=DAY).states)
    return {
        str(int(key, 16)): status for key, status in held.select("failure_key", "status").sort("failure_key").rows()
    }


def nothing(ledger: Ledger) -> Remembered:
    return ledger.failures.load_pressing(pl.Series([], dtype=pl.String), settled_since=DAY)


def test_what_was_saved_is_loaded_to_the_microsecond(ledger: Ledger) -> None:
    wanted = states((1, "open", None), (2, "resolved", DAY))

    assert ledger.failures.save([wanted], loaded=nothing(ledger).revision, run_id="r").rows == 2

    held = ledger.failures.load_pressing(pl.Series([], dtype=pl.String), settled_since=DAY).states
    assert held.sort("failure_key").equals(wanted)


def test_open_and_lately_settled_failures_are_loaded_and_old_ones_only_by_key(ledger: Ledger) -> None:
    old = DAY - timedelta(days=1)
    rows = states((1, "open", None), (2, "resolved", DAY), (3, "expired", old), (4, "hidden", old))
    ledger.failures.save([rows], loaded=nothing(ledger).revision, run_id="r")

    assert loaded(ledger) == {"1": "open", "2": "resolved"}
    assert loaded(ledger, 4, 9) == {"1": "open", "2": "resolved", "4": "hidden"}


def test_saving_the_same_again_changes_nothing(ledger: Ledger) -> None:
    ledger.failures.save([states((1, "open", None))], loaded=nothing(ledger).revision, run_id="r")

    assert ledger.failures.save([states((1, "open", None))], loaded=nothing(ledger).revision, run_id="r").rows == 0
    assert ledger.failures.save([states((1, "resolved", DAY))], loaded=nothing(ledger).revision, run_id="r").rows == 1


def test_who_saves_second_loads_again(ledger: Ledger) -> None:
    ledger.failures.save([states((1, "open", None), (2, "open", None))], loaded=nothing(ledger).revision, run_id="r")
    sweep, person = nothing(ledger), nothing(ledger)
    ledger.failures.save([states((1, "hidden", DAY))], loaded=person.revision, run_id="r")

    with pytest.raises(Unavailable, match="looked at again"):
        ledger.failures.save([states((1, "open", None), (2, "open", None))], loaded=sweep.revision, run_id="r")

    assert loaded(ledger) == {"1": "hidden", "2": "open"}
    assert ledger.failures.save([states((2, "resolved", DAY))], loaded=sweep.revision, run_id="r").rows == 1, (
        "others are nobody else's"
    )


def test_a_day_whose_report_was_believed_stays_so(ledger: Ledger) -> None:
    whole = SweptDay(day=DAY, section="transaction", believed=True)
    short = SweptDay(day=DAY, section="transaction", believed=False)
    none = SweptDay(day=DAY + timedelta(days=1), section="", believed=False)

    for days in ([whole], [short, none]):
        ledger.failures.save([states((1, "open", None))], loaded=nothing(ledger).revision, run_id="r", days=days)

    assert ledger.failures.list_sweeps() == (whole, none)


def test_slices_are_loaded_by_themselves_and_all_of_a_customer_lies_in_one(ledger: Ledger) -> None:
    rows = states(*((n, "open", None) for n in range(6))).with_columns(
        customer_id=pl.Series(["P-1", "P-1", "P-2", "P-2", "", ""]),
        failure_key=pl.Series([f"{n:02x}" + "0" * 62 for n in range(6)]),
    )
    ledger.failures.save([rows[:3], rows[3:]], loaded=nothing(ledger).revision, run_id="r")
    parts = [
        ledger.failures.load_pressing(NO_KEYS, settled_since=DAY, slices=slices).states
        for slices in cut(ledger.failures.count(settled_since=DAY), most=1)
    ]

    found = [part["customer_id"].to_list() for part in parts if part.height]
    assert sorted(found) == [[""], [""], ["P-1", "P-1"], ["P-2", "P-2"]]
    assert pl.concat(parts).sort("failure_key").equals(rows.sort("failure_key"))


def test_parts_are_entered_together_or_not_at_all(ledger: Ledger) -> None:
    ledger.failures.save([states((2, "open", None))], loaded=0, run_id="r")
    newer = nothing(ledger).revision

    with pytest.raises(Unavailable):
        ledger.failures.save([states((1, "open", None)), states((2, "hidden", DAY))], loaded=newer - 1, run_id="r")

    assert loaded(ledger, 1, 2) == {"2": "open"}


def test_what_was_saved_after_a_revision_is_told_by_its_keys(ledger: Ledger) -> None:
    first = ledger.failures.save([states((1, "open", None), (2, "open", None))], loaded=0, run_id="r")
    ledger.failures.save([states((2, "hidden", DAY))], loaded=first.revision, run_id="r")

    since = ledger.failures.list_saved_after(first.revision)
    assert ledger.failures.load(since).states["status"].to_list() == ["hidden"]
    assert ledger.failures.list_saved_after(0).len() == 2

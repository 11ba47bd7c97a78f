"""Whether what was read back is what the receipt says was done."""

import polars as pl

from schemas.domain import Resource
from schemas.records import Total
from tasks.core.planning.changes import AS_WANTED
from tasks.core.planning.settlement import settle
from tasks.core.wording.words import counted


def find_discrepancies(
    touched: pl.DataFrame,
    now: pl.DataFrame,
    resource: Resource,
    *,
    expected: tuple[Total, ...],
    after: tuple[Total, ...],
) -> tuple[str, ...]:
    """Say in words what differs; nothing is good.

    *touched* are the changes handed to the target, with their ``outcome``; *expected* are the totals of
    the receipt, which leave out what was not written.
    """
    settled = settle(touched, now, resource)
    as_wanted = touched.get_column("outcome").is_in(AS_WANTED)
    missing = int((as_wanted & (settled != "done")).sum())
    records = (
        f"{counted(missing, 'written record')} {'does' if missing == 1 else 'do'} not hold what was written: changed "
        "by someone since, or the write was lost. See read-back.parquet."
    )
    return ((records,) if missing else ()) + _different_totals(expected, after)


def _different_totals(expected: tuple[Total, ...], after: tuple[Total, ...]) -> tuple[str, ...]:
    held = {total.currency: total for total in after if total.count}
    wanted = {total.currency: total for total in expected if total.count}
    return tuple(
        f"The {_named(currency)} differ from what was expected: other changes were made to the target "
        "during this run, or something is wrong. Compare the totals in the report."
        for currency in sorted(held.keys() | wanted.keys())
        if held.get(currency) != wanted.get(currency)
    )


def _named(currency: str) -> str:
    return f"{currency} control totals" if currency else "numbers of records"

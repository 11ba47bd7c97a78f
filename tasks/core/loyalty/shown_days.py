"""On which days reports showed a failure, as one short text, and what follows from these days and the believed ones.

The text is a hexadecimal number: bit *n* is set where a report showed the failure *n* days after it happened. Many
failures share their days, so each combination is looked at once.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl

from schemas.loyalty.records import Section

NEVER = ""
_FOLLOWED = pl.Schema({"reported_on": pl.Date, "gone_on": pl.Date, "reopened_on": pl.Date, "undone": pl.Boolean})


@dataclass(frozen=True, kw_only=True)
class _Days:
    """A failure's days: when it happened, when it was decided about, and the days of reports that showed it."""

    section: Section
    occurred_on: date
    decided_on: date | None
    shown: str


def with_shown(rows: pl.DataFrame, day: date) -> pl.DataFrame:
    """Add *day* to ``shown`` of those rows that are ``shown_now``."""
    facts = rows.select("occurred_on", "shown", "shown_now")
    met = facts.unique()
    found = [_with_day(shown, day - on) if now else shown for on, shown, now in met.iter_rows()]
    after = met.with_columns(after=pl.Series(found, dtype=pl.String))
    joined = facts.join(after, on=facts.columns, how="left", maintain_order="left", nulls_equal=True)
    return rows.with_columns(shown=joined["after"])


def _with_day(shown: str, after: timedelta) -> str:
    return f"{_bits(shown) | 1 << max(after.days, 0):x}"


def _bits(shown: str) -> int:
    return int(shown or "0", 16)


def _days_of(shown: str, occurred_on: date) -> Iterator[date]:
    """Give the days, the first one first."""
    bits = _bits(shown)
    return (occurred_on + timedelta(days=n) for n in range(bits.bit_length()) if bits >> n & 1)


def with_followed(rows: pl.DataFrame, believed: Mapping[Section, Collection[date]]) -> pl.DataFrame:
    """Add what follows from the days on which a report showed each failure, and those whose report is *believed*.

    ``reported_on``: the last that showed it. ``gone_on``: the first believed one after that. ``reopened_on``: the
    first that showed it after the last believed one between that lacked it. ``undone``: it was decided about, then
    lacked, then shown again.
    """
    facts = rows.select("section", "occurred_on", "decided_on", "shown")
    met = facts.unique()
    known = {section: sorted(days) for section, days in believed.items()}
    found = [_followed(_Days(**each), known.get(each["section"], [])) for each in met.iter_rows(named=True)]
    after = met.hstack(pl.DataFrame(found, schema=_FOLLOWED, orient="row"))
    joined = facts.join(after, on=facts.columns, how="left", maintain_order="left", nulls_equal=True)
    return rows.with_columns(joined.select(*_FOLLOWED))


def _followed(of: _Days, believed: Sequence[date]) -> tuple[date | None, date | None, date | None, bool]:
    shown = list(_days_of(of.shown, of.occurred_on))
    if not shown:
        return None, None, None, False
    after = bisect_right(believed, shown[-1])
    gone_on = believed[after] if after < len(believed) else None
    between = set(believed[bisect_right(believed, shown[0]) : after]) - set(shown)
    if not between:
        return shown[-1], gone_on, None, False
    lacked_on = max(between)
    undone = of.decided_on is not None and of.decided_on <= lacked_on
    return shown[-1], gone_on, shown[bisect_right(shown, lacked_on)], undone

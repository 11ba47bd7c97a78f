"""One failure that two kinds of source tell: Astro's report, and the till's own journal of answers.

They word it differently and their clocks differ, so each gives it a key of its own. The one that was remembered first
keeps its key. Rows without an id have no twins, and neither have rows of which it is not clear who belongs to whom:
to tell a failure twice is better than to lose one.
"""

from datetime import timedelta

import polars as pl

APART = timedelta(minutes=10)
"""Assumed: so far apart a till's clock and Astro's may be."""
_KEY = "failure_key"
_SAME = ("section", "customer_id", "reward_id", "transaction_id", "upc")
_COLUMNS = (_KEY, *_SAME, "occurred_at", "source", "reason")
_OF_ANSWERS = (pl.col("source") == "journal") & pl.col("reason").str.contains(r"\([0-9]*\)$")
"""A row of a report that was put right comes beside no whole report, like a journal; but it is no answer, which ends
in its status."""


def with_known_keys(failures: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Give each failure the key under which *states* (FailureStates) know it, and tell none of them twice."""
    reported = failures.filter(~_OF_ANSWERS)
    of_report = _keyed_as(reported, states.select(_COLUMNS))
    there = pl.concat([states.select(_COLUMNS), of_report.select(_COLUMNS)]).unique(
        _KEY, keep="last", maintain_order=True
    )
    of_journal = _keyed_as(failures.filter(_OF_ANSWERS), there)
    return pl.concat([of_report, of_journal]).unique(_KEY, keep="first", maintain_order=True)


def names_of(failures: pl.DataFrame, states: pl.DataFrame) -> pl.DataFrame:
    """Return ``failure_key, customer_name, customer_link`` by the keys that *states* know: the name that was told last.

    *failures* were told on several days, ``told_on``; not every source tells names.
    """
    named = failures.filter(pl.col("customer_name") != "").sort("told_on", descending=True, maintain_order=True)
    last = named.drop("told_on").unique(_KEY, keep="first", maintain_order=True)
    return with_known_keys(last, states).select(_KEY, "customer_name", "customer_link")


def _keyed_as(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Rename rows that have exactly one twin, whose only twin they are, and that are not known themselves."""
    fresh = rows.join(known.select(_KEY), on=_KEY, how="anti")
    pairs = _pairs(fresh.select(_COLUMNS), known).filter(pl.len().over(_KEY) == 1, pl.len().over("known_key") == 1)
    renamed = rows.join(pairs, on=_KEY, how="left", maintain_order="left")
    return renamed.with_columns(pl.coalesce("known_key", _KEY).alias(_KEY)).drop("known_key")


def _pairs(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return ``failure_key, known_key`` of all that could be told twice: of one thing, about one time."""
    named = (pl.col("customer_id") != "") & ((pl.col("reward_id") != "") | (pl.col("transaction_id") != ""))
    others = known.filter(named).select(*_SAME, known_key=_KEY, known_at="occurred_at", known_answer=_OF_ANSWERS)
    named_rows = rows.filter(named).with_columns(answer=_OF_ANSWERS)
    near = (pl.col("occurred_at") - pl.col("known_at")).abs() <= APART
    pairs = named_rows.join(others, on=_SAME, how="inner").filter(near, pl.col("answer") != pl.col("known_answer"))
    return pairs.select(_KEY, "known_key")

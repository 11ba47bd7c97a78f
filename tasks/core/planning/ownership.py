"""Whose a record is by now: that of the run that wrote it last, of those that were not undone."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Wrote:
    """What a run wrote at one time: records, by their *keys*. ``undoes`` is the run that it put back, if any."""

    run_id: str
    undoes: str
    keys: pl.Series


def written_since(keys: pl.Series, run_id: str, wrote: Sequence[Wrote]) -> pl.Series:
    """Say of each of *keys* which run has written the record since *run_id* did; "" where it is still that run's.

    *wrote* is in the order in which it happened, and begins with that run. A restore owns nothing: it takes what
    it undoes out of the count, so that runs can be undone one after another, the last one first.
    """
    owners: dict[str, str] = {}
    undone: dict[str, dict[str, str]] = defaultdict(dict)
    asked = keys.implode()
    for each in reversed(wrote):
        for key in each.keys.filter(each.keys.is_in(asked)):
            if key in owners or each.run_id in undone[key]:
                continue
            if each.undoes and each.run_id != run_id:
                undone[key][each.undoes] = each.run_id
            else:
                owners[key] = "" if each.run_id == run_id else each.run_id
    return pl.Series("written_since", [owners.get(key, undone[key].get(run_id, "")) for key in keys], dtype=pl.String)

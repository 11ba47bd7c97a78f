"""Evidence, put together: one row a failure."""

from collections.abc import Sequence

import polars as pl

from schemas.columns import shape_of
from schemas.loyalty.records import Evidence
from schemas.loyalty.witnesses import Witnesses
from tasks.core.loyalty.evidence.programmes import programme_evidence
from tasks.core.loyalty.evidence.purchases import purchase_evidence, taken_for_free
from tasks.core.loyalty.evidence.rewards import owner_evidence, reward_evidence

_KEY = "failure_key"


def assemble_evidence(failures: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Return Evidence of *failures* (FailureStates); whatever nobody was asked about is null."""
    found: Sequence[pl.DataFrame] = (
        owner_evidence(failures, witnesses),
        reward_evidence(failures, witnesses),
        programme_evidence(failures, witnesses),
        purchase_evidence(failures, witnesses),
    )
    rows = failures.select(_KEY)
    for part in found:
        rows = rows.join(part, on=_KEY, how="left", maintain_order="left", validate="1:1")
    return Evidence.validate(rows.select(*shape_of(Evidence)).cast(shape_of(Evidence)))


__all__ = ["assemble_evidence", "taken_for_free"]

"""Top-ups that look like one done before, under another name.

The same file cannot add twice (its operations are remembered). This catches what that
cannot: the same additions typed or exported anew.
"""

from collections.abc import Sequence

import polars as pl

from schemas.tables import Concern

_SHARE = 0.5


def repeated_additions(changes: pl.DataFrame, earlier: Sequence[pl.DataFrame]) -> tuple[Concern, ...]:
    """Raise a concern if most additions (card and amount) stand in one of the *earlier* top-ups too."""
    now = _additions(changes)
    most = max((now.join(_additions(past), on=now.columns, how="semi").height for past in earlier), default=0)
    if not most or most < _SHARE * now.height:
        return ()
    says = f"{most:,} of these {now.height:,} top-ups add the same amount to the same card as an earlier top-up did"
    return (Concern(code="TOP_UP_SEEN_BEFORE", says=says, override="reference=A NAME OF ITS OWN"),)


def _additions(changes: pl.DataFrame) -> pl.DataFrame:
    added = pl.col("balance_cents_after") - pl.col("balance_cents_before").fill_null(0)
    return changes.filter(pl.col("operation") == "apply").select(
        number=pl.col("number").str.to_lowercase(), cents=added
    )

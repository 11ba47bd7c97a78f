"""Remember what became of failures: what they are, and which of them are done."""

from datetime import date, timedelta

import polars as pl

from infra.artifacts import load_frame
from infra.opening import ledger
from schemas.records import Receipt, Run
from schemas.sweeps import Swept
from tasks.core.planning.loyalty_changes import failures_done
from tasks.core.sweep_settling import settle_done
from tasks.step import step


@step
def settle_failures(run: Run, swept: Swept, receipt: Receipt) -> int:
    """Close the failures of which everything that was wanted is done in Astro; return how many.

    Raises:
        Unavailable: Another run entered some of them meanwhile; done again from the start.
    """
    wanted = load_frame(ledger().list_latest_artifacts(run.run_id)["wanted.parquet"])
    done = failures_done(wanted, load_frame(receipt.outcomes))
    return settle(run, swept.day, done, f"run {run.run_id}")


def settle(run: Run, day: date, keys: pl.Series, by: str) -> int:
    """Enter open failures as resolved by what we did."""
    if keys.is_empty():
        return 0
    loaded = ledger().load_failures(keys, settled_since=day + timedelta(days=1))
    return ledger().save_failures(settle_done(loaded.states, keys, by=by, day=day), loaded=loaded, run_id=run.run_id)

"""Let the failures be open again whose cure a restore took back: the money is at risk as before."""

from zoneinfo import ZoneInfo

import polars as pl

from infra.artifacts.run_files import load_frame
from infra.clock import now
from infra.context import ledger, settings
from schemas import file_names
from schemas.records import Artifact, Receipt, Run
from tasks.chain.step import step
from tasks.core.loyalty.changes import failures_undone
from tasks.core.loyalty.settlement import reopen_undone


@step
def reopen_failures(run: Run, done: Artifact, receipt: Receipt | None) -> int:
    """Reopen what the run that is undone had settled; return how many. Nothing, where no failures were concerned.

    Safe to repeat: what was taken back by an earlier attempt counts too.

    Raises:
        Unavailable: Another run entered some of them meanwhile; done again from the start.
    """
    if receipt is None:
        return 0
    by = f"{run.submitted_by or 'somebody'}, by restore {run.run_id}"
    return reopen(run, run.source, load_frame(done), load_frame(receipt.outcomes), by)


def reopen(run: Run, undone: str, done: pl.DataFrame, outcomes: pl.DataFrame, by: str) -> int:
    """Reopen what run *undone* had settled by what it had *done*, and what by these outcomes is no more."""
    wanted = ledger().list_latest_artifacts(undone).get(file_names.WANTED)
    if wanted is None:
        return 0
    keys = failures_undone(load_frame(wanted), done, outcomes)
    day = now().astimezone(ZoneInfo(settings().time_zone)).date()
    loaded = ledger().failures.load(keys)
    reopened = reopen_undone(loaded.states, keys, undone=undone, by=by, day=day)
    return ledger().failures.save([reopened], loaded=loaded.revision, run_id=run.run_id).rows

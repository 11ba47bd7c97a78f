"""Remember what became of failures: what they are, and which of them are done."""

from datetime import date, timedelta

import polars as pl

from infra.artifacts.run_files import load_frame
from infra.clock import now
from infra.context import ledger, settings, target
from schemas import file_names
from schemas.loyalty.actions import LOYALTY_ACTIONS
from schemas.loyalty.records import DAYS_SHOWN
from schemas.loyalty.steps import Swept
from schemas.records import RESTORES, Plan, Receipt, Run
from tasks.chain.step import long_retrying_step, step
from tasks.core.loyalty.changes import failures_done, outcomes_by_now
from tasks.core.loyalty.settlement import settle_done
from tasks.core.planning.changes import writable
from tasks.loyalty.reopen_failures import reopen


@step
def settle_failures(run: Run, swept: Swept, receipt: Receipt) -> int:
    """Close the failures of which everything that was wanted is done in Astro; return how many.

    Raises:
        Unavailable: Another run entered some of them meanwhile; done again from the start.
    """
    wanted = load_frame(ledger().list_latest_artifacts(run.run_id)[file_names.WANTED])
    done = failures_done(wanted, load_frame(receipt.outcomes))
    return settle(run, swept.day, done, f"run {run.run_id}")


@long_retrying_step
def settle_cut_off(run: Run) -> int:
    """Close the failures that a run put right in Astro before it was cut off, by its plan and what Astro shows now.

    Without this they would look as if Astro had them twice; and what a restore took back before it was cut off would
    stay settled. A preview remembers nothing.
    """
    if run.mode == "preview" or not settings().astro_user:
        return 0
    begun = ledger().list_cut_off(domain=run.domain, since=now() - timedelta(days=DAYS_SHOWN))
    return sum(_settle_begun(run, cut_off, plan) for cut_off, plan in begun if not plan.options.get(RESTORES)) + sum(
        _reopen_begun(run, cut_off, plan) for cut_off, plan in begun if plan.options.get(RESTORES)
    )


def _reopen_begun(run: Run, cut_off: str, plan: Plan) -> int:
    changes = writable(load_frame(plan.changes))
    shown = target(run.target).read(LOYALTY_ACTIONS.resource, changes["action_key"])
    outcomes = outcomes_by_now(changes, shown, LOYALTY_ACTIONS.resource)
    return reopen(run, ledger().get_run(cut_off).run.source, changes, outcomes, f"restore {cut_off}")


def _settle_begun(run: Run, cut_off: str, plan: Plan) -> int:
    wanted = load_frame(ledger().list_latest_artifacts(cut_off)[file_names.WANTED])
    day = date.fromisoformat(ledger().get_run(cut_off).run.options["day"])
    states = ledger().failures.load(wanted["failure_key"]).states
    left = wanted.join(states.filter(status="open"), on="failure_key", how="semi")
    changes = load_frame(plan.changes).filter(pl.col("action_key").is_in(left["action_key"].implode()))
    if changes.is_empty():
        return 0
    shown = target(run.target).read(LOYALTY_ACTIONS.resource, changes["action_key"])
    done = failures_done(left, outcomes_by_now(changes, shown, LOYALTY_ACTIONS.resource))
    acted = left.join(changes, on="action_key", how="semi")["failure_key"]
    return settle(run, day, done.filter(done.is_in(acted.implode())), f"run {cut_off}")


def settle(run: Run, day: date, keys: pl.Series, by: str) -> int:
    """Enter open failures as resolved by what we did."""
    if keys.is_empty():
        return 0
    loaded = ledger().failures.load(keys)
    settled = settle_done(loaded.states, keys, by=by, day=day)
    return ledger().failures.save([settled], loaded=loaded.revision, run_id=run.run_id).rows

"""Say of every open failure what it is, how we know and what is to be done; and remember it."""

from datetime import timedelta

import polars as pl

from infra.artifacts import load_frame, save_bytes, save_frame
from infra.opening import ledger
from infra.settings import settings
from schemas.records import Artifact, Run
from schemas.sweeps import Collected, Found, Swept
from tasks.core.loyalty.causes import find_causes
from tasks.core.loyalty.deciding import decide
from tasks.core.loyalty.worklist import lay_out, write_csv, write_xlsx
from tasks.core.sweep_settling import hide_proven, with_diagnoses
from tasks.step import step

SHEET_ROWS = 100_000
"""A workbook of more rows is nothing that people work through."""


@step
def diagnose_failures(run: Run, collected: Collected, swept: Swept, evidence: Artifact) -> Found:
    """Decide by the evidence, and lay out what people have to do; a preview remembers nothing.

    Raises:
        Unavailable: Another run entered some of the failures meanwhile; done again from the start.
    """
    failures = load_frame(swept.open)
    diagnoses = decide(failures, load_frame(evidence), swept.day)
    if run.mode != "preview":
        _remember(run, swept, diagnoses)
    _save_worklist(run, collected, failures, diagnoses)
    causes = find_causes(failures, diagnoses, day=swept.day, currency=settings().currency)
    return Found(
        diagnoses=save_frame(run.run_id, "diagnoses.parquet", diagnoses),
        causes=save_frame(run.run_id, "causes.parquet", causes),
    )


def _save_worklist(run: Run, collected: Collected, failures: pl.DataFrame, diagnoses: pl.DataFrame) -> None:
    """Store the worklist, as a workbook and, where there are more rows than a sheet takes, as CSV alone."""
    names = load_frame(collected.failures).select("failure_key", "customer_name")
    rows = lay_out(failures, diagnoses, names, currency=settings().currency)
    save_bytes(run.run_id, "worklist.csv", write_csv(rows))
    if rows.height < SHEET_ROWS:
        save_bytes(run.run_id, "worklist.xlsx", write_xlsx(rows))


def _remember(run: Run, swept: Swept, diagnoses: pl.DataFrame) -> None:
    """Enter class and money, and close what is proven to need nothing, where the settings say so."""
    loaded = ledger().load_failures(diagnoses["failure_key"], settled_since=swept.day + timedelta(days=1))
    known = with_diagnoses(loaded.states, diagnoses)
    if settings().loyalty_hide_proven:
        known = hide_proven(known, diagnoses, swept.day)
    changed = known.join(loaded.states, on=known.columns, how="anti", nulls_equal=True)
    ledger().save_failures(changed, loaded=loaded, run_id=run.run_id)

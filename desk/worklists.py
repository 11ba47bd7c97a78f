"""The loyalty worklist as the desk shows it: what the last sweep found, without what was settled since.

What a failure is and what settles it was decided by the sweep; nothing is decided here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import polars as pl

from desk.runs_started import SWEEP
from infra.artifacts.run_files import load_parts
from infra.context import ledger, settings
from infra.ledger import RunEntry
from schemas import file_names
from schemas.file_names import FileName
from schemas.records import Artifact
from tasks.core.loyalty.causes import name_causes, tally_causes
from tasks.core.loyalty.sweep import days_left
from tasks.core.loyalty.worklist import MOST_ROWS, fill_in, lay_out, most_pressing, to_do, write_csv

_KEY = "failure_key"
_CAUSE = ("section", "failure_class", "cause")


@dataclass(frozen=True, kw_only=True)
class Worklist:
    """What is to be done, most pressing first.

    ``rows``: what a worklist shows, with ``cause_id``, ``days_left`` and what was ``decided`` about what is still open.
    ``causes``: those of ``tasks.core.loyalty.causes``, with ``cause_id``.
    """

    run_id: str
    swept_at: datetime
    rows: pl.DataFrame
    causes: pl.DataFrame

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than what it holds."""
        return self.rows.height >= MOST_ROWS

    def of_cause(self, cause_id: str) -> pl.DataFrame:
        """Return the rows that one cure settles."""
        return self.rows.filter(cause_id=cause_id)


def last_worklist(day: date) -> Worklist | None:
    """Return the worklist as it is on a *day*; None where no sweep has written one."""
    sweep = ledger().find_last_run(SWEEP, with_artifact=file_names.WORKLIST_CSV)
    if sweep is None:
        return None
    return _still_open(sweep, ledger().list_latest_artifacts(sweep.run.run_id), day)


def _still_open(sweep: RunEntry, files: Mapping[FileName, Artifact], day: date) -> Worklist:
    rows, diagnoses = _pressing(files[file_names.OPEN], files[file_names.DIAGNOSES], files[file_names.NAMES])
    states = ledger().failures.load(rows[_KEY]).states.filter(status="open")
    known = states.select(_KEY, "decided_by", "decided_on", decided="decision")
    causes = name_causes(tally_causes(states, diagnoses, day), currency=settings().currency)
    return Worklist(
        run_id=sweep.run.run_id,
        swept_at=sweep.run.started_at,
        rows=_named(rows.join(known, on=_KEY, maintain_order="left")).with_columns(days_left=days_left(day)),
        causes=_named(causes),
    )


@lru_cache(maxsize=4)
def _pressing(opened: Artifact, diagnosed: Artifact, named: Artifact) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what presses most, as the sweep laid it out for people, and the diagnoses of that.

    It follows from files that are named by their content, so it is read once for all who look at one sweep.
    """
    rows: list[pl.DataFrame] = []
    diagnoses: list[pl.DataFrame] = []
    for failures, causes, known in zip(*(load_parts(each) for each in (opened, diagnosed, named)), strict=True):
        rows = [most_pressing([*rows, to_do(failures, causes, known)], MOST_ROWS)]
        diagnoses = [pl.concat([*diagnoses, causes]).join(rows[0], on=_KEY, how="semi")]
    return rows[0], diagnoses[0]


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """Name the cause of each row by a text that can stand in an address."""
    named = (hashlib.sha256("\n".join(each).encode()).hexdigest()[:16] for each in rows.select(_CAUSE).iter_rows())
    return rows.with_columns(cause_id=pl.Series(list(named), dtype=pl.String))


def filled_in(rows: pl.DataFrame, decided: pl.DataFrame) -> bytes:
    """Return the worklist that a person would hand back who decided so about some of *rows*."""
    return write_csv(fill_in(lay_out(rows, currency=settings().currency), decided))

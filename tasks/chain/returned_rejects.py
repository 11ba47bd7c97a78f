"""Rejects that come back to be imported: held against the rejects files of the runs that their rows name."""

import re
from collections.abc import Callable, Iterator, Sequence

import polars as pl

from infra.artifacts.run_files import load_bytes, load_frame
from infra.context import ledger
from schemas import file_names
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact
from schemas.tables import FINDINGS_SCHEMA
from tasks.core.reading.raw_rows import RawRows
from tasks.core.rejects.returned_rows import Answered, as_rejected, came_back, judge_returned, runs_named

MOST_RUNS = 200
"""A file made up of the rejects of more runs than these is nobody's; each is looked up in the ledger and the store."""

_REJECTS = re.compile(r"rejects(?:-([\w-]+))?\.(?:csv|xlsx)")

FindRows = Callable[[bytes, str], RawRows]
"""(bytes, name) -> the rows of a file in the dialect that is being read."""


def compare_with_rejects(
    raw: RawRows, find: FindRows, *, answered: Answered | None = None, together: str = ""
) -> RawRows:
    """Say which rows came back uncorrected, and take out those that were dropped (``tasks.core.rejects``)."""
    rows = came_back(raw, whole=bool(together) and raw.headings.reference is not None)
    earlier = [each for run_id in runs_named(rows)[:MOST_RUNS] for each in _rejects_of(run_id, find, together)]
    return judge_returned(raw, rows, earlier, answered=answered, together=together)


def _rejects_of(run_id: str, find: FindRows, together: str) -> Iterator[pl.DataFrame]:
    """Yield the rejected rows of a run, as each of its attempts gave them back; none of another kind of file."""
    stored = ledger().list_artifacts(run_id)
    for artifact in stored:
        named = _REJECTS.fullmatch(artifact.name)
        if named is None:
            continue
        try:
            raw = find(load_bytes(artifact), artifact.name)
        except FileNeedsFixing:
            continue
        yield as_rejected(raw, _found_in(stored, named[1]), run_id, together=together)


def _found_in(stored: Sequence[Artifact], which: str | None) -> pl.DataFrame:
    """Return what was found in a file of a run, in all its attempts; where it read several, *which* names the file."""
    named = file_names.one_of_several(file_names.FINDINGS, which) if which else file_names.FINDINGS
    own = [each for each in stored if each.name == named]
    findings = [load_frame(each).select(FINDINGS_SCHEMA.names()) for each in own or _findings(stored)]
    return pl.concat(findings).unique(maintain_order=True)


def _findings(stored: Sequence[Artifact]) -> list[Artifact]:
    return [each for each in stored if each.name == file_names.FINDINGS]

"""What the command line prints: one account for people, or one JSON object for programs."""

import json
import sys
from typing import Any

import click

from infra.bucket_places import BucketPlaces
from infra.context import settings
from schemas.problems import Problem
from schemas.records import ChangeCounts, RunOutcome, RunReport, Totals
from tasks.core.reporting.page import report_document
from tasks.core.reporting.run_outcome import outcome_of

_EXIT_CODES: dict[RunOutcome, int] = {
    "file_needs_fixing": 2,
    "settings_need_fixing": 2,
    "needs_approval": 3,
    "waiting": 5,
    "turned_down": 3,
    "partly_applied": 4,
    "differences": 4,
    "refused": 4,
    "unavailable": 5,
    "failed": 1,
    "running": 1,
    "interrupted": 1,
}


def exit_code(report: RunReport) -> int:
    """Return the exit code of a run; a finished run that left rows behind is 4, a preview is always 0."""
    if report.outcome in _EXIT_CODES:
        return _EXIT_CODES[report.outcome]
    held = report.changes.held if report.outcome != "looked" else 0  # what a sweep may not do waits, and is no fault
    left = report.rows.rejected + held
    return 4 if left and report.outcome != "previewed" else 0


def run_document(report: RunReport) -> dict[str, Any]:
    """Return a run as one JSON object, its files as ``s3://`` addresses."""
    bucket, places = settings().s3_bucket, BucketPlaces(settings().shop)
    files = {name: f"s3://{bucket}/{places.place_of(artifact.key)}" for name, artifact in report.artifacts.items()}
    return report_document(report) | {"artifacts": files}


def say(document: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print an answer on standard output."""
    click.echo(json.dumps(document, indent=1, sort_keys=True) if as_json else text)


def say_problem(problem: Problem, *, as_json: bool) -> int:
    """Print a problem (standard error; with ``--json`` as the one object) and return its exit code."""
    if as_json:
        click.echo(json.dumps(_problem_document(problem), indent=1, sort_keys=True))
    else:
        sys.stderr.write(f"{problem}\n")
    return problem.exit_code


def _problem_document(problem: Problem) -> dict[str, Any]:
    """Return a problem with every field that a run has, so that programs need not tell the two apart."""
    nothing = dict.fromkeys(ChangeCounts.__dataclass_fields__, 0)
    return {
        "run_id": "",
        "domain": "",
        "outcome": outcome_of(problem),
        "says": problem.says,
        "code": problem.code,
        "plan_id": "",
        "rows": {"in": 0, "accepted": 0, "rejected": 0},
        "changes": nothing,
        "totals": {side: [] for side in Totals.__dataclass_fields__},
        "concerns": [],
        "artifacts": {},
    }

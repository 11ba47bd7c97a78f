"""The command that says what an act would settle: quick, because it asks nobody but the last sweep's own files."""

import importlib
from datetime import date
from typing import Any

import polars as pl

from infra.artifacts import load_frame
from infra.opening import ledger, prepare
from infra.settings import settings
from schemas.problems import FileNeedsFixing
from tasks.core.rendering.words import amount, counted

_RUNS = 1_000


def what_if(act: str, about: str) -> tuple[dict[str, Any], str, int]:
    """Ask the rules again, as if the act were done, of what the last sweep found.

    Raises:
        FileNeedsFixing: There is no such act, or there was no sweep yet.
    """
    simulation = importlib.import_module("tasks.core.loyalty.simulating")  # only now: other commands need it not
    if act not in simulation.ACTS:
        raise FileNeedsFixing(f"There is no act {act}. Write one of: {', '.join(simulation.ACTS)}.")
    prepare("storage")
    run_id, day = _last_sweep()
    files = ledger().list_latest_artifacts(run_id)
    failures, evidence = load_frame(files["open.parquet"]), load_frame(files["evidence.parquet"])
    effect = simulation.simulate(failures, evidence, simulation.WhatIf(act=act, of=about), day=day)
    counts = {"settled": effect.settled, "callable": effect.callable, "customers": effect.customers}
    document = {"run_id": run_id, "act": act, "about": about, **counts, "freed_cents": effect.freed_cents}
    money = amount(effect.freed_cents, settings().currency)
    lines = [
        f"{act} {about}".strip() + f", by what sweep {run_id} found:",
        f"  {counted(effect.settled, 'failure')} would need nothing more, {effect.callable:,} a call that a run can do",
        f"  {counted(effect.customers, 'customer')}, {money} at risk",
        *_moves(effect.moved),
    ]
    return document, "\n".join(lines), 0


def _moves(moved: pl.DataFrame) -> list[str]:
    kinds = moved.group_by("failure_class", "failure_class_after").len().sort("len", descending=True)
    return [f"  {count:>6,}  {_words(before)} -> {_words(after)}" for before, after, count in kinds.iter_rows()]


def _words(failure_class: str) -> str:
    return failure_class.replace("_", " ")


def _last_sweep() -> tuple[str, date]:
    sweeps = (entry.run for entry in ledger().list_runs(_RUNS) if entry.run.flow == "sweep-loyalty-failures")
    for run in sweeps:
        if "evidence.parquet" in ledger().list_latest_artifacts(run.run_id):
            return run.run_id, date.fromisoformat(run.options["day"])
    raise FileNeedsFixing("There was no sweep of loyalty failures yet. Run one: counterfoil run loyalty")

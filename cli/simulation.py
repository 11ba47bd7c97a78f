"""The command that says what an act would settle: quick, because it asks nobody but the last sweep's own files."""

import importlib
from collections.abc import Sequence
from datetime import date
from types import ModuleType

import polars as pl

from cli.answers import Answer
from infra.artifacts.run_files import load_frame
from infra.context import ledger, settings
from infra.systems import open_systems
from schemas import file_names
from schemas.problems import FileNeedsFixing
from tasks.core.wording.money import amount
from tasks.core.wording.words import counted

_NAMED = 5


def simulate(act: str, about: str = "") -> Answer:
    """Say what ACT would settle, before it is done, by what the last sweep of loyalty failures found.

    Args:
        act: enrol, add_exception, link_customer, enter_contact, redeem or add_purchases.
        about: A programme, a UPC or a customer; without it, all of them.

    Raises:
        FileNeedsFixing: There is no such act, nothing that it could be about, or there was no sweep yet.
    """
    simulation = importlib.import_module("tasks.core.loyalty.simulation")  # only now: other commands need it not
    if act not in simulation.ACTS:
        raise FileNeedsFixing(f"There is no act {act}. Write one of: {', '.join(simulation.ACTS)}.")
    return _simulate(simulation, act, about)


@open_systems("storage")
def _simulate(simulation: ModuleType, act: str, about: str) -> Answer:
    run_id, day = _last_sweep()
    files = ledger().list_latest_artifacts(run_id)
    failures, evidence = load_frame(files[file_names.OPEN]), load_frame(files[file_names.EVIDENCE])
    names = simulation.could_be_about(failures, evidence, act)
    if about not in ("", *names):
        raise _unknown(act, about, run_id, simulation.nearest_names(about, names) or names[:_NAMED])
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


def _unknown(act: str, about: str, run_id: str, near: Sequence[str]) -> FileNeedsFixing:
    """Say that nothing is open that the act could be done for, and for what it could."""
    named = ", ".join(repr(name) for name in near)
    there = f"The nearest that there are: {named}." if near else "There is nothing open that it could be done for."
    says = f"Of what sweep {run_id} found open, nothing is about {about!r} that {act} could settle. {there}"
    return FileNeedsFixing(says)


def _moves(moved: pl.DataFrame) -> list[str]:
    kinds = moved.group_by("failure_class", "failure_class_after").len().sort("len", descending=True)
    return [f"  {count:>6,}  {_words(before)} -> {_words(after)}" for before, after, count in kinds.iter_rows()]


def _words(failure_class: str) -> str:
    return failure_class.replace("_", " ")


def _last_sweep() -> tuple[str, date]:
    sweep = ledger().find_last_run("sweep-loyalty-failures", with_artifact=file_names.EVIDENCE)
    if sweep is None:
        raise FileNeedsFixing("There was no sweep of loyalty failures yet. Run one: counterfoil run loyalty")
    return sweep.run.run_id, date.fromisoformat(sweep.run.options["day"])

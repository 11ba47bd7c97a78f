"""Measuring: seconds and peak memory of a piece of work, in a process of its own."""

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A measured piece of work. ``peak_bytes`` is the most memory the process held at once meanwhile."""

    name: str
    seconds: float
    peak_bytes: int


def measure_in_child(environment: Mapping[str, str], function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Call *function* in a fresh process with *environment* added, so that no measurement inherits memory."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, initializer=_adopt, initargs=(dict(environment),)) as child:
        return child.submit(function, *args, **kwargs).result()


def _adopt(environment: Mapping[str, str]) -> None:
    os.environ.update(environment)
    # pandera takes 0.4 s to load hypothesis where it finds it, and no shop has it
    sys.modules["hypothesis"] = None  # type: ignore[assignment]


@contextmanager
def timed(stages: list[Stage], name: str) -> Iterator[None]:
    """Add what happens inside to *stages*."""
    _RESET.write_text("5")  # Linux: the peak is counted from here on
    begun = time.perf_counter()
    try:
        yield
    finally:
        stages.append(Stage(name=name, seconds=time.perf_counter() - begun, peak_bytes=_peak_bytes()))


def _peak_bytes() -> int:
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def medians(runs: list[list[Stage]]) -> list[Stage]:
    """Return each stage's median seconds and highest peak; stages of one name in one run are added up."""
    totals = [_added_up(run) for run in runs]
    return [
        Stage(
            name=name,
            seconds=median(total[name].seconds for total in totals),
            peak_bytes=max(total[name].peak_bytes for total in totals),
        )
        for name in totals[0]
    ]


def _added_up(run: list[Stage]) -> dict[str, Stage]:
    added: dict[str, Stage] = {}
    for stage in run:
        before = added.get(stage.name, Stage(name=stage.name, seconds=0.0, peak_bytes=0))
        added[stage.name] = Stage(
            name=stage.name,
            seconds=before.seconds + stage.seconds,
            peak_bytes=max(before.peak_bytes, stage.peak_bytes),
        )
    return added


def seconds_of(stages: list[Stage]) -> float:
    """Add up a run."""
    return sum(stage.seconds for stage in stages)

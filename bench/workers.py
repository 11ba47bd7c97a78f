"""One import of customers by a process alone, and by Dask workers: ``from bench.workers import bench; bench()``.

A worker has one thread, as with as many workers as cores, and so has the run itself. The memory is that of all
processes of the run together, at its peak; the servers of the store and of the database are not among them. Seconds of
a core are what a stage costs, however busy the machine is: of the run itself, and of all its workers; on a quiet
machine, a stage takes as long as the run, or as the worker that has most to do.

With ``--pinned`` a run and its workers have as many cores as there are workers, so that one core is compared with two;
else one worker and the run itself have two cores already.
"""

import importlib
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Event, Thread

import click
import psutil

from bench.chain import run_chain
from bench.customers import Customers
from bench.measuring import Stage, measure_in_child, timed
from bench.place import workplace
from bench.tills import Tills, open_tills
from infra.parallel import on_workers
from infra.systems import open_systems

MAPPED = ("validate_customers", "snapshot_all", "plan_customers", "apply", "verify")
"""The stages that give work to workers."""
_BAD_SHARE = 0.0025
_UNITS = {"k": 1_000, "m": 1_000_000}
_SAMPLED_EVERY_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Seconds of a core that a stage took, of the run itself and of its workers, and what all of them held at most."""

    stage: Stage
    here: float
    there: float
    held: int


@click.command()
@click.option("--rows", default="1m", help="How many customers, such as 100k or 10m.")
@click.option("--workers", default="0,1,2", help="How many workers; 0: this process does all of it.")
@click.option("--repeats", default=1, help="How often; numbers of workers take turns.")
@click.option("--target", default="postgresql", help="sqlite or postgresql.")
@click.option("--partition-rows", default=0, help="Rows in a partition; 0: as usual.")
@click.option("--threads", default=1, help="Threads of polars in each process.")
@click.option("--pinned", is_flag=True, help="As many cores as workers.")
def bench(rows: str, workers: str, repeats: int, target: str, partition_rows: int, threads: int, pinned: bool) -> None:
    """Measure one import with several numbers of workers, print its stages, and how much faster the mapped ones are."""
    scenario = Customers(rows=int(float(rows[:-1]) * _UNITS[rows[-1].lower()]), bad_share=_BAD_SHARE)
    counts, found = list(map(int, workers.split(","))), {}
    own = {"COUNTERFOIL_PARTITION_ROWS": str(partition_rows), "POLARS_MAX_THREADS": str(threads)}
    with workplace() as (folder, services), open_tills(target, folder) as tills:
        file = folder / f"{scenario.name}.csv"
        measure_in_child({}, scenario.write_file, file)
        tills.fill(scenario)
        for turn in range(repeats):
            for count in counts:
                name = {"COUNTERFOIL_LEDGER_URL": f"sqlite:///{folder}/ledger-{count}-{turn}.sqlite"}
                costs = _measure(tills, services | own | name, file, scenario, count, pinned=pinned)
                found.setdefault(count, []).append(_mapped_seconds(costs))
    _print_ratio({count: median(seconds) for count, seconds in found.items()})


def _measure(
    tills: Tills, environment: Mapping[str, str], file: Path, scenario: Customers, workers: int, *, pinned: bool
) -> list[Cost]:
    click.echo(f"{workers} workers, load {os.getloadavg()[0]:.1f}")
    with tills.copied(scenario) as url:
        own = {
            "COUNTERFOIL_TARGET_URL": url,
            "COUNTERFOIL_MAX_FILE_BYTES": str(file.stat().st_size),
            "COUNTERFOIL_DASK_WORKERS": str(workers),
        }
        cores = max(1, workers) if pinned else 0
        costs = measure_in_child({**environment, **own}, measured_run, file, scenario, workers, cores)
    seconds, held = sum(cost.stage.seconds for cost in costs), max(cost.held for cost in costs)
    click.echo(f"  all {seconds:.1f} s, of these mapped {_mapped_seconds(costs):.1f} s, {held / 2**30:.2f} GiB at most")
    return costs


def measured_run(file: Path, scenario: Customers, workers: int, cores: int) -> list[Cost]:
    """Import the file on so many cores, 0: on all; print each stage as it ends, and return what it cost."""
    if cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    costs: list[Cost] = []

    @contextmanager
    def stopwatch(stages: list[Stage], name: str) -> Iterator[None]:
        before = _worked()
        with _sampled() as seen, timed(stages, name):
            yield
        here, there = (after - then for after, then in zip(_worked(), before, strict=True))
        costs.append(Cost(stage=stages[-1], here=here, there=there, held=max(seen)))
        _print(costs[-1])

    with open_systems():
        list(on_workers(_load, range(4 * workers), workers + 1 if workers else 1))  # imports are not what is measured
        run_chain(file, scenario, stopwatch)
    return costs


def _load(_number: int) -> None:
    importlib.import_module("flows.customers")
    time.sleep(1)  # so that each worker gets some


def _worked() -> tuple[float, float]:
    """Return the seconds of a core that this process and its children have worked."""
    root = psutil.Process(os.getpid())
    return _cpu(root), sum(map(_cpu, root.children(recursive=True)))


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


@contextmanager
def _sampled() -> Iterator[list[int]]:
    seen, ended = [_held()], Event()

    def sample() -> None:
        while not ended.wait(_SAMPLED_EVERY_SECONDS):
            seen.append(_held())

    thread = Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()


def _held() -> int:
    held, root = 0, psutil.Process(os.getpid())
    for process in (root, *root.children(recursive=True)):
        try:
            held += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return held


def _print(cost: Cost) -> None:
    stage, gib = cost.stage, 2**30
    click.echo(
        f"  {stage.name:<24} {stage.seconds:7.2f} s  core here {cost.here:7.2f} s  of workers {cost.there:7.2f} s"
        f"  {stage.peak_bytes / gib:5.2f} GiB here  {cost.held / gib:5.2f} GiB in all"
    )


def _mapped_seconds(costs: list[Cost]) -> float:
    return sum(cost.stage.seconds for cost in costs if cost.stage.name in MAPPED)


def _print_ratio(seconds: Mapping[int, float]) -> None:
    """Say how much faster the mapped stages are with each number of workers than with the first, by medians."""
    first, *others = seconds
    for count in others:
        ratio = seconds[first] / seconds[count]
        click.echo(
            f"mapped stages, {count} workers: {ratio:.2f} times as fast as {first}, load {os.getloadavg()[0]:.1f}"
        )

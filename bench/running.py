"""Running measurements: which, in which order, how often. Floor, bare sum and chain take turns, to see one machine."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench.bare import run_bare
from bench.chain import run_chain
from bench.customers import Customers
from bench.diffs import run_diffs
from bench.floor import run_floor
from bench.measuring import Stage, measure_in_child
from bench.peers import Tuning, run_peer
from bench.scenario import Scenario
from bench.tills import Tills, open_tills

LARGE = 10_000_000
"""From this many rows on, one measurement has to do."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """Floor, bare sum and chain on one scenario and target, as often as they were measured."""

    scenario: Scenario
    target: str
    file_bytes: int
    floor: list[list[Stage]]
    bare: list[list[Stage]]
    chain: list[list[Stage]]


@dataclass(frozen=True, kw_only=True)
class Peer:
    """The peer on one scenario."""

    scenario: Scenario
    tuning: Tuning
    stages: list[Stage]


@dataclass(frozen=True, kw_only=True)
class Diffed:
    """The ways to compare on one scenario, as often as they took turns."""

    scenario: Customers
    runs: list[list[Stage]]


def measure_scenarios(
    scenarios: Sequence[Scenario], targets: Sequence[str], repeats: int, folder: Path, services: Mapping[str, str]
) -> Iterator[Measured]:
    """Measure every scenario on every target."""
    for target in targets:
        with open_tills(target, folder) as tills:
            for scenario in scenarios:
                click.echo(f"{scenario.rows:,} {scenario.records}, {scenario.title}, {target}", err=True)
                yield _measure(scenario, tills, repeats if scenario.rows < LARGE else 1, folder, services)


def _measure(scenario: Scenario, tills: Tills, repeats: int, folder: Path, services: Mapping[str, str]) -> Measured:
    file = folder / f"{scenario.name}.csv"
    measure_in_child({}, scenario.write_file, file)
    tills.fill(scenario)
    floor, bare, chain = [], [], []
    for number in range(repeats):
        with tills.copied(scenario) as url:
            floor.append(measure_in_child({}, run_floor, file, url, scenario))
        with tills.copied(scenario) as url:
            bare.append(measure_in_child(services, run_bare, file, url, scenario))
        with tills.copied(scenario) as url:
            own = {
                "COUNTERFOIL_TARGET_URL": url,
                "COUNTERFOIL_LEDGER_URL": f"sqlite:///{folder}/ledger-{tills.name}-{scenario.name}-{number}.sqlite",
                "COUNTERFOIL_MAX_FILE_BYTES": str(file.stat().st_size),
            }
            chain.append(measure_in_child({**services, **own}, run_chain, file, scenario))
    tills.remove(scenario)
    size = file.stat().st_size
    return Measured(scenario=scenario, target=tills.name, file_bytes=size, floor=floor, bare=bare, chain=chain)


def measure_peers(scenarios: Sequence[Scenario], tunings: Sequence[Tuning], folder: Path) -> Iterator[Peer]:
    """Measure the peer on every scenario, once: it takes minutes and hardly varies."""
    for scenario in scenarios:
        for tuning in tunings:
            click.echo(f"django-import-export {tuning}: {scenario.rows:,} {scenario.records}", err=True)
            database = folder / f"peer-{scenario.name}-{tuning}.sqlite"
            stages = measure_in_child({}, run_peer, database, scenario, tuning)
            yield Peer(scenario=scenario, tuning=tuning, stages=stages)


def measure_diffs(scenarios: Sequence[Customers], repeats: int, folder: Path) -> Iterator[Diffed]:
    """Measure the diff alone on every scenario."""
    for scenario in scenarios:
        click.echo(f"the diff alone: {scenario.rows:,} {scenario.records}, {scenario.title}", err=True)
        file = folder / f"{scenario.name}.csv"
        measure_in_child({}, scenario.write_file, file)
        yield Diffed(scenario=scenario, runs=measure_in_child({}, run_diffs, file, scenario, repeats))

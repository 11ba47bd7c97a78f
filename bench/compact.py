"""``make bench``: ten minutes, the stage tables beside the last committed ones. It writes nothing and fails nobody."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click

from bench.cards import GiftCards
from bench.command import BAD_SHARES, read_sizes, split
from bench.customers import Customers
from bench.judging import times_the_bare_sum, times_the_floor
from bench.measuring import Stage, medians, seconds_of
from bench.place import workplace
from bench.running import Measured, measure_scenarios
from bench.scenario import Scenario
from bench.tables import describe_machine, write_table

PAGES = (Path("docs/benchmarks.md"), Path("docs/benchmarks-customers.md"))
_TITLE = re.compile(r"^### (.*) \(\d+ MB file\)$")

Committed = Mapping[tuple[str, str], Mapping[str, str]]
"""(title of a scenario, target) -> the seconds of each stage, as they stand on a page."""


@click.command()
@click.option("--sizes", default="1m", callback=read_sizes, help="Rows, such as 100k,1m.")
@click.option("--targets", default="sqlite,postgresql", callback=split, help="sqlite, postgresql or both.")
@click.option("--repeats", default=1, help="How often floor, bare sum and chain take turns.")
def compact(sizes: list[int], targets: list[str], repeats: int) -> None:
    """Measure updates of gift cards and customers, and print each stage beside the last committed one."""
    scenarios: list[Scenario] = [
        scenario
        for rows in sizes
        for scenario in (GiftCards(rows=rows), *(Customers(rows=rows, bad_share=bad) for bad in BAD_SHARES))
    ]
    committed = read_committed([page.read_text() for page in PAGES if page.exists()])
    with workplace() as (folder, services):
        for measured in measure_scenarios(scenarios, targets, repeats, folder, services):
            click.echo(beside_committed(measured, committed))
    click.echo(describe_machine("polars", "pandera"))


def beside_committed(measured: Measured, committed: Committed) -> str:
    """Write what was measured of one scenario on one target as a table, and the two ratios."""
    scenario = measured.scenario
    title = f"{scenario.rows:,} {scenario.records}, {scenario.title}"
    before = committed.get((title, measured.target), {})
    rows = [[name, f"{seconds:.2f} s", before.get(name, "")] for name, seconds in _lines(measured)]
    ratios = f"{times_the_floor(measured):.1f} times the floor, {times_the_bare_sum(measured):.1f} times the bare sum"
    heads = [f"{title}, {measured.target}", "now", "committed"]
    return f"\n{write_table(heads, rows)}\nThe chain takes {ratios}.\n"


def _lines(measured: Measured) -> Iterator[tuple[str, float]]:
    kinds: Mapping[str, list[Stage]] = {
        "floor": medians(measured.floor),
        "bare": medians(measured.bare),
        "chain": medians(measured.chain),
    }
    for name, stages in kinds.items():
        prefix = "" if name == "chain" else f"{name}: "
        yield from ((prefix + stage.name.replace("_", " "), stage.seconds) for stage in stages)
    for name, stages in kinds.items():
        yield f"**{name}**", seconds_of(stages)


def read_committed(pages: Sequence[str]) -> Committed:
    """Read the stage tables of pages as ``bench.page`` writes them."""
    committed: dict[tuple[str, str], dict[str, str]] = {}
    title, targets = "", list[str]()
    for line in (line for page in pages for line in page.splitlines()):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if found := _TITLE.match(line):
            title = found[1]
        elif not line.startswith("| ") or line.startswith("## "):
            continue
        elif cells[0] == "stage":
            targets = cells[1::2]
        elif title:
            for target, seconds in zip(targets, cells[1::2], strict=False):
                committed.setdefault((title, target), {})[cells[0]] = seconds
    return committed

"""The command: which sizes, which targets, with peers or without."""

from pathlib import Path

import click

from bench.cards import Scenario
from bench.page import write_page
from bench.running import measure_peers, measure_scenarios, workplace

PAGE = Path("docs/benchmarks.md")
UNITS = {"k": 1_000, "m": 1_000_000}
PEER_ROWS = (20_000, 100_000)


def read_sizes(_context: click.Context, _option: click.Parameter, text: str) -> list[int]:
    """Read ``100k,1m``."""
    try:
        return [int(float(size[:-1]) * UNITS[size[-1]]) for size in text.lower().split(",")]
    except (ValueError, KeyError, IndexError):
        raise click.BadParameter("Write sizes like 100k,1m.") from None


def split(_context: click.Context, _option: click.Parameter, text: str) -> list[str]:
    """Read names with commas between them."""
    return text.split(",")


@click.command()
@click.option("--sizes", default="20k,100k,1m,10m", callback=read_sizes, help="Rows, such as 100k,1m.")
@click.option("--targets", default="sqlite,postgresql", callback=split, help="sqlite, postgresql or both.")
@click.option("--repeats", default=3, help="How often floor and chain take turns; 10M rows once.")
@click.option("--first-import/--no-first-import", default=True, help="Also 1M rows into an empty target.")
@click.option("--peers/--no-peers", default=True, help="Also django-import-export (about ten minutes).")
@click.option("--output", default=PAGE, type=click.Path(path_type=Path, dir_okay=False), help="The page to write.")
def bench(sizes: list[int], targets: list[str], repeats: int, first_import: bool, peers: bool, output: Path) -> None:
    """Measure the chain beside its floor and its peer."""
    scenarios = [Scenario(kind="update", rows=rows) for rows in sizes]
    if first_import:
        scenarios.append(Scenario(kind="first_import", rows=1_000_000))
    peer_scenarios = [s for s in scenarios if s.kind == "update" and s.rows in PEER_ROWS] if peers else []
    with workplace() as (folder, services):
        measured = list(measure_scenarios(scenarios, targets, repeats, folder, services))
        peered = list(measure_peers(peer_scenarios, folder))
    write_page(output, measured, peered)
    click.echo(output.read_text())

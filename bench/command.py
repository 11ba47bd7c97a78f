"""The command: which sizes, which targets, with peers or without."""

from pathlib import Path

import click

from bench.cards import GiftCards
from bench.customers import Customers
from bench.page import write_page
from bench.peers import TUNINGS, Tuning
from bench.place import workplace
from bench.running import LARGE, measure_diffs, measure_peers, measure_scenarios
from bench.scenario import Scenario

PAGE = Path("docs/benchmarks.md")
UNITS = {"k": 1_000, "m": 1_000_000}
PEER_ROWS = (20_000, 100_000)
BAD_SHARES = (0.0025, 0.22)


def read_sizes(_context: click.Context, _option: click.Parameter, text: str) -> list[int]:
    """Read ``100k,1m``."""
    try:
        return [int(float(size[:-1]) * UNITS[size[-1]]) for size in text.lower().split(",")]
    except (ValueError, KeyError, IndexError):
        raise click.BadParameter("Write sizes like 100k,1m.") from None


def split(_context: click.Context, _option: click.Parameter, text: str) -> list[str]:
    """Read names with commas between them."""
    return text.split(",")


def seed_cards(sizes: list[int], first_import: bool) -> list[GiftCards]:
    """Return the scenarios of gift cards."""
    updates = [GiftCards(rows=rows) for rows in sizes]
    return [*updates, GiftCards(rows=1_000_000, title="first import")] if first_import else updates


def seed_customers(sizes: list[int]) -> list[Customers]:
    """Return the scenarios of customers: with few bad rows, and with many; where they are very many, with few."""
    return [
        Customers(rows=rows, bad_share=bad)
        for rows in sizes
        for bad in (BAD_SHARES if rows < LARGE else BAD_SHARES[:1])
    ]


def for_peers(scenarios: list[Scenario]) -> list[Scenario]:
    """Return what peers are measured on, once a size: they are given the good rows only."""
    few = [each for each in scenarios if each.rows in PEER_ROWS and each.expected.unchanged]
    return list({(each.records, each.rows): each for each in reversed(few)}.values())[::-1]


@click.command()
@click.option("--records", default="gift-cards,customers", callback=split, help="gift-cards, customers or both.")
@click.option("--sizes", default="20k,100k,1m,10m", callback=read_sizes, help="Rows, such as 100k,1m.")
@click.option("--targets", default="sqlite,postgresql", callback=split, help="sqlite, postgresql or both.")
@click.option("--repeats", default=3, help="How often floor and chain take turns; 10M rows once.")
@click.option("--first-import/--no-first-import", default=True, help="Also 1M gift cards into an empty target.")
@click.option("--peers/--no-peers", default=True, help="Also django-import-export (customers: 20 ms a row).")
@click.option(
    "--tunings", default=",".join(TUNINGS), callback=split, help="How it is set up: as it comes, tuned or both."
)
@click.option("--output", default=PAGE, type=click.Path(path_type=Path, dir_okay=False), help="The page to write.")
def bench(
    records: list[str],
    sizes: list[int],
    targets: list[str],
    repeats: int,
    first_import: bool,
    peers: bool,
    tunings: list[Tuning],
    output: Path,
) -> None:
    """Measure the chain beside its floor and its peers."""
    cards = seed_cards(sizes, first_import) if "gift-cards" in records else []
    customers = seed_customers(sizes) if "customers" in records else []
    scenarios: list[Scenario] = [*cards, *customers]
    with workplace() as (folder, services):
        measured = list(measure_scenarios(scenarios, targets, repeats, folder, services))
        diffed = list(measure_diffs([each for each in customers if each.rows < LARGE], repeats, folder))
        peered = list(measure_peers(for_peers(scenarios) if peers else [], tunings, folder))
    write_page(output, measured, diffed, peered)
    click.echo(output.read_text())

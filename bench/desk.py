"""Fifty people at the desk who browse a run of a million changes: how long each kind of page takes.

``python -m bench.desk``. The desk is the one that people use, in a process of its own, over a real store and ledger;
the people are sessions that send what browsers send, in this process, on the same two cores.
"""

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import click
import httpx
import polars as pl

from bench.place import workplace
from bench.tables import describe_machine, write_table
from infra.clock import now
from infra.connectors.sql.tables import GIFT_CARDS
from infra.databases.bulk import load_rows
from infra.databases.database import open_database, writing
from infra.ledger.people import PeopleBook
from infra.ledger.sessions import SessionBook
from infra.migrations.migrate import migrate

PAGE = Path("docs/benchmarks-desk.md")
AIM_SECONDS, AIM_OF_FIRST_PAGE = 1.0, 0.3
READS = (1.0, 3.0)
"""So long somebody looks at a page before they ask for the next, in seconds."""
KINDS = ("first page", "page turn", "filter", "search", "rejects", "runs", "open")
_N = pl.col("number")
_WHAT = """\
# Benchmark of the desk

Written by `python -m bench.desk`. {machine}

**What is measured.** The desk under uvicorn, one process, and {people} people who browse the preview of one run of
{rows:,} rows: nine in ten are new cards, one in ten a changed balance, one in four hundred cannot be read. Everybody
asks for a page drawn at random, reads it for one to three seconds, and asks for the next, for {seconds} seconds; they
run on the same cores as the desk. Seconds are from asking until the whole page is there, as the person waits for it.
Every look is entered into the audit trail. *Alone* is one person, who asks at once.

**The first look ever** at the run, which copies its files to the desk: {first:.2f} s. **The first search ever**,
which writes down the keys in the order of pages: {search:.2f} s.

"""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A page that somebody asked for, and how long they waited."""

    kind: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Browsed:
    """How long the first look and the first search took, what one person waited alone, and what all did together."""

    first: float
    search: float
    alone: list[Asked]
    together: list[Asked]


def write_file(path: Path, rows: int) -> None:
    """Write a file of cards, of which one in four hundred has no balance that can be read."""
    cents = pl.format("{},{}", 10 + _N % 90, (_N % 100).cast(pl.String).str.zfill(2))
    balance = pl.when(_N % 400 == 7).then(pl.lit("12,5o")).otherwise(cents)
    pl.select(number=pl.int_range(rows)).select(Number=_card(), Balance=balance).write_csv(path, separator=";")


def _card() -> pl.Expr:
    return pl.format("QZX{}", (10_000_000 + _N).cast(pl.String))


def fill_till(url: str, rows: int) -> None:
    """Let the till hold one card in ten of the file, with a balance that the file would change."""
    migrate(open_database(url), "target")
    held = pl.select(number=pl.int_range(0, rows, 10)).select(
        number=_card(), currency=pl.lit("EUR"), balance_cents=pl.lit(5_01, pl.Int64), status=pl.lit("ACTIVE")
    )
    with writing(open_database(url)) as connection:
        load_rows(connection, GIFT_CARDS, held)


def preview(file: Path, environment: Mapping[str, str]) -> str:
    """Preview a file as at a terminal; return the run."""
    said = _counterfoil(environment, "run", "gift-cards", str(file), "--existing-cards", "set", "--json")
    return str(json.loads(said)["run_id"])


def _counterfoil(environment: Mapping[str, str], *arguments: str) -> str:
    command = [sys.executable, "-m", "cli", *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True).stdout


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """Serve the desk in a process of its own; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "cli", "desk", "--port", str(port)]
    with subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL) as desk:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            desk.terminate()


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{address}/healthz").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError(address)


def sign_in(ledger_url: str, people: int) -> list[str]:
    """Let so many people be signed in; return the tokens of their sessions."""
    engine = open_database(ledger_url)
    known = [PeopleBook(engine).add(f"Person {n}", shop="", roles=["submit"], now=now()) for n in range(people)]
    return [SessionBook(engine).begin(each.person_id, now=now(), hours=1) for each in known]


def address_of(kind: str, run: str, rows: int, chance: random.Random) -> str:
    """Return the address of a page of a kind, drawn among those there are."""
    page = f"/shops/here/runs/{run}"
    return {
        "first page": page,
        "page turn": f"{page}?at={chance.randrange(2, rows // 50)}",
        "filter": f"{page}?group=changed&at={chance.randrange(1, rows // 500)}",
        "search": f"{page}?find={chance.randrange(1_000, 9_999)}",
        "rejects": f"{page}?find_rejects={chance.randrange(10, 99)}",
        "runs": "/shops/here/runs",
        "open": "/shops/here/open",
    }[kind]


async def browse(person: httpx.AsyncClient, run: str, rows: int, seconds: float, seed: int) -> list[Asked]:
    """Ask for one page after the other, and read each."""
    chance, asked, until = random.Random(seed), [], time.monotonic() + seconds
    await asyncio.sleep(chance.uniform(0, READS[1]))
    while time.monotonic() < until:
        kind = chance.choice(KINDS)
        asked.append(await ask(person, kind, address_of(kind, run, rows, chance)))
        await asyncio.sleep(chance.uniform(*READS))
    return asked


async def ask(person: httpx.AsyncClient, kind: str, address: str) -> Asked:
    """Ask for a page, and wait until all of it is there; on a connection that just ended ask again, as browsers do."""
    begun = time.perf_counter()
    try:
        answer = await person.get(address)
    except httpx.RemoteProtocolError:
        answer = await person.get(address)
    seconds = time.perf_counter() - begun
    answer.raise_for_status()
    return Asked(kind=kind, seconds=seconds)


async def all_at_once(address: str, sessions: list[str], run: str, rows: int, seconds: float) -> Browsed:
    """Let somebody look first, then browse alone, and then all together."""
    people = [
        httpx.AsyncClient(base_url=address, cookies={"counterfoil_session": each}, timeout=60) for each in sessions
    ]
    first = await ask(people[0], "first page", f"/shops/here/runs/{run}")
    search = await ask(people[0], "search", f"/shops/here/runs/{run}?find=1234")
    chance = random.Random(0)
    alone = [await ask(people[0], kind, address_of(kind, run, rows, chance)) for kind in KINDS for _ in range(20)]
    together = await asyncio.gather(*(browse(each, run, rows, seconds, n) for n, each in enumerate(people)))
    for each in people:
        await each.aclose()
    return Browsed(
        first=first.seconds, search=search.seconds, alone=alone, together=[one for each in together for one in each]
    )


def percentile(asked: list[Asked], kind: str, share: int) -> float:
    """Return within what time so many of a hundred pages of a kind were there."""
    return quantiles([each.seconds for each in asked if each.kind == kind], n=100)[share - 1]


def table(alone: list[Asked], together: list[Asked], people: int) -> str:
    """Write what was measured, a kind of page a line."""
    heads = ["page", "asked", "alone: p50", "alone: p95", f"{people} people: p50", f"**{people} people: p95**"]
    rows = []
    for kind in KINDS:
        told = [f"{percentile(of, kind, share) * 1000:.0f} ms" for of in (alone, together) for share in (50, 95)]
        rows.append([kind, str(sum(each.kind == kind for each in together)), *told[:3], f"**{told[3]}**"])
    return write_table(heads, rows)


@click.command()
@click.option("--rows", default=1_000_000, help="Rows of the run.")
@click.option("--people", default=50, help="How many browse at once.")
@click.option("--seconds", default=60.0, help="For how long.")
@click.option("--output", default=PAGE, type=click.Path(path_type=Path, dir_okay=False), help="The page to write.")
def bench(rows: int, people: int, seconds: float, output: Path) -> None:
    """Let people browse a run, and write how long they waited."""
    with workplace() as (folder, services):
        file = folder / "cards.csv"
        urls = {name: f"sqlite:///{folder}/{name}.sqlite" for name in ("ledger", "target")}
        environment = {**services, **{f"COUNTERFOIL_{name.upper()}_URL": url for name, url in urls.items()}}
        write_file(file, rows)
        fill_till(urls["target"], rows)
        run = preview(file, environment)
        with served(environment) as address:
            sessions = sign_in(urls["ledger"], people)
            browsed = asyncio.run(all_at_once(address, sessions, run, rows, seconds))
    about = _WHAT.format(
        machine=describe_machine("polars", "fastapi", "sqlalchemy"),
        people=people,
        rows=rows,
        seconds=f"{seconds:.0f}",
        first=browsed.first,
        search=browsed.search,
    )
    output.write_text(about + table(browsed.alone, browsed.together, people))
    click.echo(output.read_text())


if __name__ == "__main__":
    bench()

"""The sweep of loyalty failures with as many open failures as nobody should ever have, beside a polars read.

``python -m bench.loyalty``. The flow's own body with its steps, a real store, a real ledger and a real till.
"""

import importlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import polars as pl
import sqlalchemy as sa
from prefect import flow

from bench.chain import measure_steps
from bench.command import read_sizes, split
from bench.measuring import Stage, measure_in_child, medians, seconds_of, timed
from bench.place import workplace
from bench.tables import describe_machine, write_table
from bench.tills import open_databases
from infra.connectors.sql.tables import SALES
from infra.context import ledger, storage, target
from infra.databases.bulk import load_rows
from infra.databases.database import open_database, reading, writing
from infra.ledger.tables import FAILURES
from infra.migrations.migrate import migrate
from infra.systems import open_systems
from tasks.chain.begin import current_run_id
from tests.tills import open_till

PAGE = Path("docs/benchmarks-loyalty.md")
FIRST = date(2026, 11, 26)
MOVED = 0.03
"""Share of a report that the next day's lacks, and share of the next day's that is new."""
_N = pl.col("number")
_WHAT = """\
# Benchmark of the loyalty sweep

Written by `python -m bench.loyalty`. {machine}

**What is measured.** The flow *sweep-loyalty-failures* in mode `apply`, its own body with its steps in their order, as
on any evening but the first: so many failures are open, the day's report shows them but for 3 % that are gone, and 3 %
are new. Half are of items that were not found, half of transaction ids that are there already; the till has a sale of
two in three, and Astro is not asked. Read are the report, what is remembered, and the till; written are what is
remembered now, the diagnosis of every open failure with its steps in full, the worklist, and the reports. The store,
the ledger and the till are real. It goes part by part, {part:,} failures at a time. After every run each failure must
be remembered once, open or gone.

**The floor** is one polars read of the same report, as text. Floor and sweep take turns in processes of their own, on
one day after the other; seconds are medians, memory is the highest peak of the process.

"""


def write_report(path: Path, day: int, rows: int) -> None:
    """Write the report of a day: it shows *rows* failures, in order of their numbers."""
    start = day * int(rows * MOVED)
    at = pl.datetime(2026, 11, 1, 9) + pl.duration(minutes=_N % 36_000)
    reason = pl.when(_N % 2 == 0).then(pl.lit("No Items Found")).otherwise(pl.lit("TransactionID already exists"))
    report = pl.select(number=pl.int_range(start, start + rows)).select(
        customer_name=pl.format("Customer {}", _N % 200_000),
        customer_id=pl.format("P-{}", _N % 200_000),
        transaction_id=pl.format("S-{}-1", _N),
        upc=_upc(),
        occurred_at=at.dt.strftime("%Y-%m-%d %H:%M:%S"),
        reason=reason,
        quantity=pl.lit("1"),
        amount=pl.format("{}.99", _N % 80 + 5),
    )
    report.write_csv(path)


def _upc() -> pl.Expr:
    return pl.format("0{}", 10_000_000_000 + _N % 5_000)


def fill_till(url: str, rows: int) -> None:
    """Let the till have sold what two in three of the failures are of, one in ten of it for free."""
    migrate(open_database(url), "target")
    open_till(url, {"012345678905": 1.0})
    free = pl.when(_N % 10 == 0).then(0).otherwise(5_499)
    line = '"kind":"item","sku":"{}","name":"Dog food 2 kg","quantity_milli":1000,"net_cents":{},"tax_cents":0'
    fixed = {"state": "closed", "register_id": "r1", "outlet_id": "main", "currency": "EUR", "stock": "neutral"}
    sales = pl.select(number=pl.int_range(rows)).filter(_N % 3 != 0)
    at = pl.datetime(2026, 11, 1, 9) + pl.duration(minutes=_N % 36_000)
    values = sales.select(
        order_key=pl.format("till:S-{}", _N),
        number=_N.cast(pl.String),
        sold_at=at.dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
        customer_id=pl.format("P-{}", _N % 200_000),
        total_cents=free,
        tax_cents=pl.lit(0, pl.Int64),
        refunded_cents=pl.lit(0, pl.Int64),
        content_sha256=pl.lit("0" * 64),
        lines=pl.concat_str(pl.lit("[{"), pl.format(line, _upc(), free), pl.lit("}]")),
        **{name: pl.lit(value) for name, value in fixed.items()},
    )
    with writing(open_database(url)) as connection:
        load_rows(connection, SALES, values)


def run_floor(report: Path) -> list[Stage]:
    """Read the report, and nothing else."""
    stages: list[Stage] = []
    with timed(stages, "polars read"):
        pl.read_csv(report, infer_schema=False)
    return stages


@open_systems()
def run_sweep(report: Path, day: int, rows: int) -> list[Stage]:
    """Sweep the report of a day, and return the stages.

    Raises:
        RuntimeError: A failure was lost, or found; then the times mean nothing.
    """
    importlib.import_module("pandas")  # with the reports; imports are not what is measured
    on = FIRST + timedelta(days=day)
    key = f"loyalty/failures-{on}.csv"
    storage().put(f"inbox/{key}", report.read_bytes())
    ledger()
    target("sql")
    stages: list[Stage] = []
    for module in ("flows.loyalty", "tasks.loyalty.collect_evidence"):
        measure_steps(importlib.import_module(module), stages)
    entry = ledger().get_run(_sweep(key, on))
    gone = day * int(rows * MOVED)
    if (found := _remembered()) != {"open": rows} | ({"resolved": gone} if gone else {}):
        raise RuntimeError(f"The sweep lost or found failures: {entry.outcome}, {entry.says}, {found}")
    return stages


@flow(name="benchmark")
def _sweep(inbox_key: str, day: date) -> str:
    body: Any = importlib.import_module("flows.loyalty").sweep_loyalty_failures
    body.fn(inbox_keys=[inbox_key], day=day, mode="apply")
    return current_run_id()


def _remembered() -> dict[str, int]:
    with reading(ledger().engine) as connection:
        counted = sa.select(FAILURES.c.status, sa.func.count()).group_by(FAILURES.c.status)
        return dict(connection.execute(counted).tuples().all())


def measure(kind: str, rows: int, repeats: int, folder: Path, services: Mapping[str, str]) -> list[list[str]]:
    """Measure floor and sweep on one database system, a day each, after a first evening that nobody measures."""
    place = folder / f"{kind}-{rows}"
    place.mkdir()
    place.chmod(0o755)
    floors, sweeps = [], []
    with open_databases(kind, place, "bench_ledger", "bench_till") as (ledger_url, till_url):
        urls = {"COUNTERFOIL_LEDGER_URL": ledger_url, "COUNTERFOIL_TARGET_URL": till_url, "COUNTERFOIL_ASTRO_USER": ""}
        measure_in_child({}, fill_till, till_url, rows)
        for day in range(repeats + 1):
            report = place / f"report-{day}.csv"
            measure_in_child({}, write_report, report, day, rows)
            floors.append(measure_in_child({}, run_floor, report))
            sweeps.append(measure_in_child({**services, **urls}, run_sweep, report, day, rows))
    return _lines(kind, rows, medians(floors[1:]), medians(sweeps[1:]))


def _lines(kind: str, rows: int, floor: list[Stage], sweep: list[Stage]) -> list[list[str]]:
    whole = Stage(name="**all**", seconds=seconds_of(sweep), peak_bytes=max(stage.peak_bytes for stage in sweep))
    return [
        [
            f"{rows:,}",
            kind,
            stage.name.replace("_", " "),
            f"{stage.seconds:.2f} s",
            f"{stage.seconds / seconds_of(floor):.1f}",
            f"{stage.peak_bytes / 2**20:,.0f} MB",
        ]
        for stage in (*floor, *sweep, whole)
    ]


@click.command()
@click.option("--sizes", default="100k,1m", callback=read_sizes, help="Open failures, such as 100k,1m.")
@click.option("--ledgers", default="sqlite,postgresql", callback=split, help="sqlite, postgresql or both.")
@click.option("--repeats", default=3, help="How many evenings are measured.")
@click.option("--output", default=PAGE, type=click.Path(path_type=Path, dir_okay=False), help="The page to write.")
def bench(sizes: list[int], ledgers: list[str], repeats: int, output: Path) -> None:
    """Measure the sweep beside a polars read."""
    lines = []
    with workplace() as (folder, services):
        for kind in ledgers:
            for rows in sizes:
                click.echo(f"{rows:,} open failures, {kind}", err=True)
                lines += measure(kind, rows, repeats, folder, services)
    heads = ["open failures", "ledger and till", "step", "seconds", "times the polars read", "peak memory"]
    text = _WHAT.format(machine=describe_machine("polars", "pandera", "sqlalchemy"), part=_part_rows())
    output.write_text(text + write_table(heads, lines))
    click.echo(output.read_text())


def _part_rows() -> int:
    settings = importlib.import_module("infra.settings").Settings
    return int(settings.model_fields["loyalty_part_rows"].default)


if __name__ == "__main__":
    bench()

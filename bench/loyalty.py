"""The sweep of loyalty failures with as many open failures as nobody should ever have, beside a polars read.

``python -m bench.loyalty``. What is measured is what is decided, with its reads and writes of Parquet: the report is
read and checked, swept over what is remembered, and every open failure is diagnosed, a part at a time.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import click
import polars as pl

from bench.measuring import Stage, measure_in_child, medians, seconds_of, timed
from bench.tables import describe_machine, write_table
from schemas.loyalty import Evidence, FailureStates
from schemas.loyalty_reports import REPORT_DIALECTS
from tasks.core.loyalty.deciding import decide
from tasks.core.loyalty.failures import check_failures
from tasks.core.loyalty.parts import parts_of_customers, parts_of_keys
from tasks.core.loyalty.reports import read_report
from tasks.core.loyalty.sweeping import Look, sweep
from tasks.core.loyalty.times import Clock
from tasks.core.reading.sizes import Sizes

PAGE = Path("docs/benchmarks-loyalty.md")
DAY = date(2026, 11, 26)
NEW, GONE = 0.02, 0.03
"""Shares of the report: rows that yesterday's lacks, and of yesterday's: rows that it lacks now."""
DECIDED_PARTS = 10
MILLION = 1_000_000
_I = pl.int_range(pl.len())
_WHAT = """\
# Benchmark of the loyalty sweep

Written by `python -m bench.loyalty`. {machine}

{rows:,} failures are open. Today's report shows {shown:,} rows, of which 2 % are new, and lacks 3 % of yesterday's.
Half of the failures are of items that were not found, half of transaction ids that are there already; evidence of
nine in ten is known. *read* and *check* take the report to failures; *sweep* brings what is remembered up to date, in
sixteen parts by key; *decide* diagnoses every open failure, in ten parts by customer, and writes its steps in full.
Each part is read from Parquet and written to it. Not counted: the ledger, and what Astro and the till are asked.

The floor is one polars read of the same report, as text. Floor and sweep take turns in processes of their own; seconds
are medians, memory is the highest peak. The sum that must hold is checked in every run: who was remembered, and who
is new, are remembered afterwards, once.

"""


def write_report(path: Path, first: int, rows: int) -> None:
    """Write a report of the failures with the numbers from *first* on."""
    number = _I + first
    at = pl.datetime(2026, 11, 1, 9) + pl.duration(minutes=number % 36_000)
    reason = pl.when(number % 2 == 0).then(pl.lit("No Items Found")).otherwise(pl.lit("TransactionID already exists"))
    report = pl.select(_number=pl.int_range(rows)).select(
        customer_name=pl.format("Customer {}", number % 200_000),
        customer_id=pl.format("P-{}", number % 200_000),
        transaction_id=pl.format("S-{}-1", number),
        upc=pl.format("0{}", 10_000_000_000 + number % 5_000),
        occurred_at=at.dt.strftime("%Y-%m-%d %H:%M:%S"),
        reason=reason,
        quantity=pl.lit("1"),
        amount=pl.format("{}.99", number % 80 + 5),
    )
    report.write_csv(path)


def write_evidence(path: Path, failures: pl.DataFrame) -> None:
    """Write what is known of failures: of one in ten, nothing."""

    types = {name: dtype.type for name, dtype in Evidence.to_schema().dtypes.items()}
    turn = pl.int_range(pl.len()) % 10
    answers = {
        "customer_known": turn != 1,
        "programme": pl.when(turn % 2 == 0).then(pl.lit("Buy 12 get 1")).otherwise(pl.lit("")),
        "enrolled": turn > 4,
        "brand_programme": pl.lit(""),
        "bought_milli": pl.lit(1000),
        "free_milli": pl.when(turn == 8).then(1000).otherwise(0),
        "recorded_milli": pl.when(turn % 3 == 0).then(1000).otherwise(0),
        "recorded_with_id": turn == 3,
        "recorded_later_milli": pl.lit(0),
        "value_cents": pl.lit(5499),
    }
    blank = [pl.lit(None).alias(name) for name in types if name not in answers and name != "failure_key"]
    rows = failures.select("failure_key", *blank, **answers).filter(pl.int_range(pl.len()) % 10 != 9)
    rows.select(pl.col(name).cast(dtype) for name, dtype in types.items()).write_parquet(path)


def prepare(folder: Path, rows: int) -> None:
    """Write yesterday's states, today's report and the evidence."""

    gone, new = int(rows * GONE), int(rows * NEW)
    yesterday = DAY - timedelta(days=1)
    write_report(folder / "yesterday.csv", 0, rows)
    write_report(folder / "today.csv", gone, rows - gone + new)
    nothing = pl.DataFrame(schema=_state_types())
    look = Look(day=yesterday, newest=yesterday, believed={"transaction": [yesterday]})
    states = sweep(nothing, _failures(folder / "yesterday.csv", []), look).sort("failure_key")
    states.write_parquet(folder / "states.parquet", row_group_size=50_000)
    write_evidence(folder / "evidence.parquet", _failures(folder / "today.csv", []))


def _state_types() -> dict[str, pl.DataType]:

    return {name: dtype.type for name, dtype in FailureStates.to_schema().dtypes.items()}


def _failures(report: Path, stages: list[Stage]) -> pl.DataFrame:

    sizes = Sizes(max_file_bytes=10**9, max_cell_chars=32_767, max_columns=200)
    with timed(stages, "read"):
        content = report.read_bytes()
        tables = read_report(content, name="r", dialects=REPORT_DIALECTS, code_page="utf-8", sizes=sizes)
    with timed(stages, "check"):
        clock = Clock(zone="Europe/Paris", today=DAY)
        checked = check_failures(tables["transaction"], section="transaction", source="report", clock=clock, exponent=2)
    return checked.failures


def run_floor(folder: Path) -> list[Stage]:
    """Read the report, and nothing else."""
    stages: list[Stage] = []
    with timed(stages, "polars read"):
        pl.read_csv(folder / "today.csv", infer_schema=False)
    return stages


def run_sweep(folder: Path, rows: int) -> list[Stage]:
    """Read, check, sweep and decide, a part at a time, and check that nothing was lost."""

    stages: list[Stage] = []
    failures = _failures(folder / "today.csv", stages)
    swept = _fresh(folder / "swept")
    with timed(stages, "sweep"):
        _sweep(folder / "states.parquet", failures, swept)
    del failures
    diagnosed = _fresh(folder / "diagnosed")
    with timed(stages, "decide"):
        _decide(swept, folder / "evidence.parquet", diagnosed)
    _expect(swept, diagnosed, rows)
    return stages


def _sweep(states: Path, failures: pl.DataFrame, swept: Path) -> None:

    look = Look(day=DAY, newest=DAY, believed={"transaction": [DAY]})
    for number, part in enumerate(parts_of_keys()):
        before = pl.scan_parquet(states).filter(part).collect()
        sweep(before, failures.filter(part), look).write_parquet(swept / f"{number:02}.parquet")


def _decide(swept: Path, evidence: Path, diagnosed: Path) -> None:

    states = pl.scan_parquet(swept / "*.parquet").filter(pl.col("status") == "open")
    for number, part in enumerate(parts_of_customers(DECIDED_PARTS)):
        rows = states.filter(part).collect()
        keys = rows.lazy().select("failure_key")
        known = pl.scan_parquet(evidence).join(keys, on="failure_key", how="semi").collect()
        decide(rows, known, DAY).write_parquet(diagnosed / f"{number:02}.parquet")


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


def _expect(swept: Path, diagnosed: Path, rows: int) -> None:
    counted = pl.scan_parquet(swept / "*.parquet").group_by("status").len().collect()
    found = dict(counted.iter_rows())
    gone, new = int(rows * GONE), int(rows * NEW)
    if found != {"open": rows - gone + new, "resolved": gone}:
        raise RuntimeError(f"The sweep lost or found failures: {found}")
    if pl.scan_parquet(diagnosed / "*.parquet").select(pl.len()).collect().item() != rows - gone + new:
        raise RuntimeError("A failure was not diagnosed, or twice.")


def _pairs(folder: Path, rows: int, repeats: int) -> Iterator[tuple[list[Stage], list[Stage]]]:
    for _ in range(repeats):
        yield measure_in_child({}, run_floor, folder), measure_in_child({}, run_sweep, folder, rows)


@click.command()
@click.option("--rows", default=MILLION, help="Open failures.")
@click.option("--repeats", default=3, help="How often floor and sweep take turns.")
@click.option("--output", default=PAGE, type=click.Path(path_type=Path, dir_okay=False), help="The page to write.")
def bench(rows: int, repeats: int, output: Path) -> None:
    """Measure the sweep beside a polars read."""
    with tempfile.TemporaryDirectory(prefix="counterfoil-bench-") as name:
        folder = Path(name)
        measure_in_child({}, prepare, folder, rows)
        pairs = list(_pairs(folder, rows, repeats))
    floor, sweep = medians([floor for floor, _ in pairs]), medians([sweep for _, sweep in pairs])
    base = seconds_of(floor)
    stages = [
        *floor,
        *sweep,
        Stage(name="**all**", seconds=seconds_of(sweep), peak_bytes=max(stage.peak_bytes for stage in sweep)),
    ]
    lines = [
        [each.name, f"{each.seconds:.2f} s", f"{each.seconds / base:.1f}", f"{each.peak_bytes / 2**20:,.0f} MB"]
        for each in stages
    ]
    shown = rows - int(rows * GONE) + int(rows * NEW)
    text = _WHAT.format(machine=describe_machine("polars", "pandera"), rows=rows, shown=shown)
    output.write_text(text + write_table(["stage", "seconds", "times the polars read", "peak memory"], lines))
    click.echo(output.read_text())


if __name__ == "__main__":
    bench()

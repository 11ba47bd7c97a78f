"""The page of results: tables, and in words what is counted and what is not."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from bench.judging import aims, ours, times_by_hand, times_the_bare_sum, times_the_floor
from bench.measuring import Stage, medians, seconds_of
from bench.running import Diffed, Measured, Peer
from bench.tables import describe_machine, write_table

GIB = 2**30
MIB = 2**20
_LIBRARIES = ("polars", "pandera", "sqlalchemy", "psycopg", "django-import-export", "csv-diff")
_COUNTED = """\
# Benchmarks

`make bench-long` writes this page anew. {machine}

**What is measured.** The flows `gift-cards` and `customers` in mode `apply`, their own bodies with their steps in
their order, each timed and its peak memory read in a process of its own. The store, the ledger, the target and the
Prefect server that takes the progress bar and the report are real and run on the same machine. An *update* is a till
of N records and a shuffled file of N rows, of which 5 % say something else and 2 % are new; a *first import* is N new
gift cards into an empty till. Customers have 25 columns, an update with a small and one with a large share of bad
rows, each with an address, date, telephone number or country that cannot be read. Every run is checked: it must have
counted exactly these changes and rejects.

**What is not counted.** Starting Python and its imports, the making of tables, putting the file into the inbox,
and Prefect's own engine, whose cost does not grow with the file.

**The floor.** What nothing can do without that reads the file, reads the target and writes the changes: one polars
read of the file; the fastest read we know of the same target rows into Arrow; and the bare bulk write of the changes
(COPY, or executemany into SQLite). The floor checks nothing, compares nothing, stores nothing and reads nothing back.

**The bare sum.** The same mandatory work by the best single call known for each, and nothing else: read the file,
judge it with pandera lazily, read the target, join and compare, pack file, rows, backup and changes, hash and PUT them
once, write in bulk with *before* in the WHERE, and read back what was written. It names no line, mends no cell, keeps
no journal, adds nothing up and writes no report. Whether a telephone number or a day exists is not judged by a schema,
so it lets through most of the bad rows.

Floor, bare sum and chain take turns on fresh copies of the target; seconds are medians, a ratio is the median of the
ratios of neighbours. Absolute seconds drift by a third and more on a shared machine; ratios hold better.
"""


_WHY = """
The floor is not a slower import, it is a part of one. What the chain does beyond it on every row: it takes the file
apart byte by byte so that no row is lost in silence, judges every cell, keeps file, rows, backup and plan under their
hashes in the store, compares every record, names the plan by its content, writes each change only where the record
still is as it was planned against, reads all of them back, adds up the target twice, and writes a page and a workbook.
"""


def write_page(path: Path, measured: Sequence[Measured], diffed: Sequence[Diffed], peers: Sequence[Peer]) -> None:
    """Write all results to *path*."""
    parts = [_COUNTED.format(machine=describe_machine(*_LIBRARIES))]
    parts += ["## What was aimed at\n", write_table(["aim", "measured", "met"], aims(measured, diffed, peers)), _WHY]
    parts += ["## The chain beside its floor\n", _summary(measured)]
    parts += ["## Stage by stage\n", *(_stages(of_size) for of_size in _by_scenario(measured))]
    if diffed:
        parts += ["## The diff alone\n", _diffs(diffed)]
    if peers:
        parts += ["## Beside django-import-export\n", _peers(peers, measured)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(parts))


def _summary(measured: Iterable[Measured]) -> str:
    ratios = ["**chain / floor**", "**chain / bare sum**"]
    heads = ["rows", "records", "scenario", "target", "floor", "bare sum", "chain", *ratios, "per row", "peak memory"]
    return write_table(heads, [_summary_row(each) for each in measured])


def _summary_row(each: Measured) -> list[str]:
    floor, bare, chain = medians(each.floor), medians(each.bare), medians(each.chain)
    peak = max(stage.peak_bytes for stage in chain)
    return [
        f"{each.scenario.rows:,}",
        each.scenario.records,
        each.scenario.title,
        each.target,
        _seconds(seconds_of(floor)),
        _seconds(seconds_of(bare)),
        _seconds(seconds_of(chain)),
        f"**{times_the_floor(each):.1f}**",
        f"**{times_the_bare_sum(each):.1f}**",
        f"{seconds_of(chain) / each.scenario.rows * 1e6:.1f} µs",
        f"{peak / GIB:.2f} GB",
    ]


def _by_scenario(measured: Sequence[Measured]) -> list[list[Measured]]:
    scenarios = list(dict.fromkeys(each.scenario for each in measured))
    return [[each for each in measured if each.scenario == scenario] for scenario in scenarios]


def _stages(of_size: Sequence[Measured]) -> str:
    scenario = of_size[0].scenario
    title = f"### {scenario.rows:,} {scenario.records}, {scenario.title} ({of_size[0].file_bytes / MIB:.0f} MB file)\n"
    heads = ["stage", *(f"{each.target}{what}" for each in of_size for what in ("", ": peak"))]
    kinds = {
        "floor": [medians(each.floor) for each in of_size],
        "bare": [medians(each.bare) for each in of_size],
        "chain": [medians(each.chain) for each in of_size],
    }
    rows = [row for name, runs in kinds.items() for row in _rows(runs, "" if name == "chain" else f"{name}: ")]
    totals = [_total(f"**{name}**", runs) for name, runs in kinds.items()]
    return f"{title}\n{write_table(heads, [*rows, *totals])}"


def _rows(runs: Sequence[Sequence[Stage]], prefix: str) -> list[list[str]]:
    return [
        [prefix + stages[0].name.replace("_", " "), *(cell for stage in stages for cell in _cells(stage))]
        for stages in zip(*runs, strict=True)
    ]


def _cells(stage: Stage) -> tuple[str, str]:
    return _seconds(stage.seconds), f"{stage.peak_bytes / MIB:,.0f} MB"


def _total(title: str, runs: Sequence[Sequence[Stage]]) -> list[str]:
    cells = [
        cell
        for run in runs
        for cell in _cells(Stage(name=title, seconds=seconds_of(list(run)), peak_bytes=max(s.peak_bytes for s in run)))
    ]
    return [title, *cells]


def _diffs(diffed: Iterable[Diffed]) -> str:
    heads = ["rows", "scenario", "how", "seconds", "**times by hand**"]
    return write_table(heads, [row for each in diffed for row in _diff_rows(each)]) + _ABOUT_DIFFS


def _diff_rows(each: Diffed) -> list[list[str]]:
    about = [f"{each.scenario.rows:,}", each.scenario.title]
    return [
        [*about, stage.name, _seconds(stage.seconds), f"**{times_by_hand(each, stage.name):.1f}**"]
        for stage in medians(each.runs)
    ]


_ABOUT_DIFFS = """
Accepted rows of customers and register are in memory; each turn compares them each way in one process. *By hand* is a
polars join by the customer's number of rows whose hash differs: it knows nobody by address or birth, holds nothing,
and takes `Sweden` and `SE` for two countries. csv-diff is given dictionaries ready made. datacompy is not here: 1.1
asks for polars below 1.45 and pandas below 3.1, and cannot be installed beside ours.
"""


def _peers(peers: Sequence[Peer], measured: Sequence[Measured]) -> str:
    heads = ["rows", "records", "how", "dry run", "apply", "Counterfoil, whole chain", "**ratio**", "peak memory"]
    return write_table(heads, [_peer_row(peer, ours(peer, measured)) for peer in peers]) + _ABOUT_PEERS


def _peer_row(peer: Peer, our_seconds: float | None) -> list[str]:
    return [
        f"{peer.scenario.rows:,}",
        peer.scenario.records,
        peer.tuning,
        *(_seconds(stage.seconds) for stage in peer.stages),
        _seconds(our_seconds) if our_seconds else "",
        f"**{seconds_of(peer.stages) / our_seconds:.0f}**" if our_seconds else "",
        f"{max(stage.peak_bytes for stage in peer.stages) / GIB:.2f} GB",
    ]


_ABOUT_PEERS = """
SQLite, the same good rows and records, already parsed for it, new customers with the numbers they will have. *As it
comes*: `skip_unchanged`, as our chain does.
*Tuned*: also `use_bulk` and the cached instance loader. It shows differences and writes; it keeps no backup, compares
nothing with what was shown before it writes, and reads nothing back.
"""


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds < 1 else f"{seconds:.2f} s"

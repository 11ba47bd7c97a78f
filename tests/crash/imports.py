"""Imports by Dask workers, and what each tells: for tests that ask whether two of them say the same."""

import base64
import gzip
import io
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import polars as pl
import sqlalchemy as sa
from distributed import Client
from openpyxl import load_workbook

from infra.artifacts.run_files import load_bytes, load_frame
from infra.context import ledger, opened
from infra.databases.database import writing
from infra.settings import Settings
from infra.systems import systems_of
from schemas import file_names
from schemas.file_names import FileName
from schemas.records import RunReport
from tests.children import Ended, run_child
from tests.crash.driver import run_once
from tests.crash.shop import CARDS, CUSTOMERS, FILE, PEOPLE_FILE, Case
from tests.databases import open_database
from tests.without_prefect_engine import new_flow_run_id, run_id_of

Records = Literal["cards", "people"]
ROWS_OF_A_PARTITION: Mapping[Records, Mapping[int, int]] = {
    "cards": {1: 40, 2: 20, 7: 6},
    "people": {1: 31, 2: 16, 7: 5},
}
"""For so many partitions of the file."""
OTHERS = 1_000
_STARTING_SECONDS = 120
_SAME = (file_names.ACCEPTED, file_names.SNAPSHOT, file_names.CHANGES, file_names.FINDINGS, file_names.READ_BACK)
_TIMES = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9.]+)?([+-][0-9:]+)?"
_OF_THE_RUN = ("run_id", "artifacts", "started_at", "finished_at")
_NUMBER = "customer_id"
_PACKED = re.compile(r"H4sI[A-Za-z0-9+/=]+")
"""The rows of a page."""
_FLOWS: Mapping[Records, tuple[str, dict[str, str]]] = {
    "cards": ("flows.gift_cards", {"inbox_key": FILE, "mode": "apply", "existing_cards": "set"}),
    "people": ("flows.customers", {"inbox_key": PEOPLE_FILE, "mode": "apply"}),
}


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What a run tells of itself, but for its own name, when it was, and which numbers the database issued."""

    plan_id: str
    plan: bytes
    document: Mapping[str, Any]
    page: str
    workbook: list[list[tuple[Any, ...]]]
    outcomes: list[tuple[int | None, str, str]]
    frames: Mapping[FileName, pl.DataFrame]


def import_on(case: Case, records: Records, fatal: int | None = None, **variables: str) -> tuple[Ended, str]:
    """Import the file with these settings in a process of its own, which may start others; return also the run's id."""
    named = {f"COUNTERFOIL_{name.upper()}": value for name, value in variables.items()}
    flow_run_id, output = new_flow_run_id(), case.folder / f"workers-{len(list(case.folder.iterdir()))}"
    environment = {**case.environment, **named, "FLOW_RUN_ID": flow_run_id}
    passed = str(output.with_suffix(".passed"))
    ended = run_child(run_once, environment, output, *_FLOWS[records], passed, fatal, seconds=600)
    return ended, run_id_of(flow_run_id)


def import_and_tell(case: Case, records: Records, **variables: str) -> ImportResult:
    """Import the file with these settings into a till that holds many others, to its end; read what the run tells."""
    _add_others(case.target_url)
    ended, run_id = import_on(case, records, **variables)
    assert ended.code == 0, ended
    assert ended.out.startswith(("Applied", "Partly applied")), ended  # a card was sold just after the plan
    return _told(case, run_id)


def _add_others(url: str) -> None:
    """Let cards and people of the file be so few of all that they are read back by their keys, a part at a time."""
    numbers = range(OTHERS)
    cards = [{"number": f"OTHER{n}", "currency": "EUR", "balance_cents": 100, "status": "ACTIVE"} for n in numbers]
    people = [{"first_name": f"Other{n}", "email": f"other{n}@example.se"} for n in numbers]
    database = open_database(url)
    with writing(database) as connection:
        connection.execute(sa.insert(CARDS), cards)
        connection.execute(sa.insert(CUSTOMERS), people)
    database.dispose()


def _told(case: Case, run_id: str) -> ImportResult:
    with opened(systems_of(settings_of(case.environment))):
        report = ledger().get_run(run_id).report
        assert report is not None, ledger().get_run(run_id)
        return _read(report)


def _read(report: RunReport) -> ImportResult:
    artifacts = report.artifacts
    frames = {name: load_frame(artifacts[name]) for name in _SAME}
    outcomes = load_frame(artifacts[file_names.OUTCOMES])
    own_name = {report.run_id: "this run"}
    words = own_name | _issued(outcomes)
    document = json.loads(_plain(load_bytes(artifacts[file_names.REPORT_JSON]).decode(), own_name))
    workbook = load_workbook(io.BytesIO(load_bytes(artifacts[file_names.REPORT_XLSX])), read_only=True)
    return ImportResult(
        plan_id=report.plan_id,
        plan=load_bytes(artifacts[file_names.PLAN]),
        document={name: value for name, value in document.items() if name not in _OF_THE_RUN},
        page=_plain(_PACKED.sub(_unpacked, load_bytes(artifacts[file_names.REPORT_HTML]).decode()), words),
        workbook=[[_cells(row, words) for row in sheet.iter_rows(values_only=True)] for sheet in workbook],
        outcomes=outcomes.select("line", "kind", "outcome").sort("line").rows(),
        frames={name: frame.drop(_NUMBER, strict=False) for name, frame in frames.items()},
    )


def _issued(outcomes: pl.DataFrame) -> dict[str, str]:
    """Say of which line each customer is whom the database gave a number: batches take numbers as they come."""
    if _NUMBER not in outcomes.columns:
        return {}
    created = outcomes.filter(pl.col("kind") == "create").select(_NUMBER, pl.format("customer of line {}", "line"))
    return dict(created.iter_rows())


def _unpacked(packed: re.Match[str]) -> str:
    return gzip.decompress(base64.b64decode(packed.group())).decode()


def _plain(text: str, words: Mapping[str, str]) -> str:
    named = re.compile(rf"\b({'|'.join(words)})\b")
    return named.sub(lambda found: words[found.group()], re.sub(_TIMES, "then", text))


def _cells(row: tuple[Any, ...], words: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(_plain(cell, words) if isinstance(cell, str) else cell for cell in row)


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Return the settings that these variables make."""
    fields = {name: environment.get(f"COUNTERFOIL_{name.upper()}") for name in Settings.model_fields}
    return Settings(**{name: value for name, value in fields.items() if value is not None})


def assert_same(mine: ImportResult, other: ImportResult) -> None:
    """Expect two runs to have told the same, in whatever order files without lines hold their rows."""
    assert replace(mine, frames={}) == replace(other, frames={})
    for name, frame in mine.frames.items():
        keys = [name for name in ("line", "number", "email") if name in frame.columns]
        assert frame.sort(keys).equals(other.frames[name].select(frame.columns).sort(keys)), name


@contextmanager
def started_by_hand(environment: Mapping[str, str], workers: int) -> Iterator[str]:
    """Start a scheduler and so many workers, as an operator does, and yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    commands = [
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", str(port)],
        *[[sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]]
        * workers,
    ]
    processes = [subprocess.Popen([*command], env=dict(environment), cwd=Path.cwd()) for command in commands]
    try:
        with Client(address, timeout=_STARTING_SECONDS, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=_STARTING_SECONDS)
        yield address
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(_STARTING_SECONDS)

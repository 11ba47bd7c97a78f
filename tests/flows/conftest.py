"""Everything that ``make up`` starts, once for all tests of this folder, with the deployments of prefect.yaml."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from infra.ledger import Ledger
from infra.stack.client import CODE
from infra.stack.credentials import login
from infra.stack.state import read_state
from infra.storage import connect_storage
from tests.databases import open_database
from tests.flows.people import People
from tests.flows.reviews import Reviewed, review
from tests.flows.tills import Till, open_till
from tests.parts import settings_for

QUICK = {
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_SERVER_DEPLOYMENTS_CONCURRENCY_SLOT_WAIT_SECONDS": "2",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_LOOP_SECONDS": "1",
}


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    with home_for("people") as home:
        yield home


@contextmanager
def home_for(whom: str) -> Iterator[Path]:
    """Give a home that PostgreSQL's own user can enter, unlike pytest's folders; nothing runs in it at the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"counterfoil-{whom}-"))
    folder.chmod(0o755)
    try:
        yield folder / "home"
        assert left_running(folder) == []
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def people(home: Path) -> Iterator[People]:
    """A running stack and those who use it."""
    with running_stack(home) as people:
        yield people


@contextmanager
def running_stack(home: Path, **settings: str) -> Iterator[People]:
    """Start everything in a home, with such settings, and yield those who use it."""
    up = command(home, "infra.stack", "up", **settings)
    try:
        assert up.returncode == 0, up
        state = read_state(home)
        assert state is not None
        chosen = settings_for(home, state.addresses["s3_endpoint_url"])
        user, _, password = login(home).partition(":")
        url = state.addresses["prefect_api_url"]
        with httpx.Client(base_url=url, auth=(user, password), trust_env=False, timeout=30) as api:
            store, ledger = connect_storage(chosen), Ledger(open_database(chosen.ledger))
            yield People(
                api=api, login=login(home), storage=store, ledger=ledger, type=lambda *a: command(home, *a, **settings)
            )
    finally:
        down = command(home, "infra.stack", "down", **settings)
    assert down.stdout.endswith(f"none is left. The data stays in {home}.\n"), down


@pytest.fixture
def till(tmp_path: Path) -> Till:
    """An empty till of this test's own."""
    return open_till(tmp_path / "till.sqlite")


@pytest.fixture(scope="session")
def reviewed(people: People, tmp_path_factory: pytest.TempPathFactory) -> Reviewed:
    """A run that was reviewed, approved and applied; several tests look at it."""
    return review(people, open_till(tmp_path_factory.mktemp("reviewed") / "till.sqlite"))


def command(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``python -m`` with *arguments* as a person at a terminal does, with such *settings* beside the home."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("COUNTERFOIL_", "PREFECT_"))}
    own = {f"COUNTERFOIL_{name.upper()}": text for name, text in settings.items()}
    environment = kept | QUICK | {"COUNTERFOIL_HOME": str(home)} | own
    return subprocess.run(
        [sys.executable, "-m", *arguments], env=environment, cwd=CODE, capture_output=True, text=True, check=False
    )


def left_running(folder: Path) -> list[str]:
    """List the processes that were started for a home in *folder*."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.environ().get("COUNTERFOIL_HOME", "")]
        except psutil.Error:
            continue
        if any(str(folder) in word for word in words):
            found.append(" ".join(words))
    return found

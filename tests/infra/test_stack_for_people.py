"""Everything that ``make up`` starts, once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.settings import Settings
from infra.stack import ensure_services, exported_environment
from infra.stack.client import CODE
from infra.stack.leases import lease, release_lease
from infra.stack.state import end_processes, last_state, read_state

HELLO = """
from prefect import flow

@flow
def hello():
    pass
"""
PREFECT_YAML = """
name: tiny
pull:
  - prefect.deployments.steps.set_working_directory: {{directory: {folder}}}
deployments:
  - name: hello
    entrypoint: hello.py:hello
    work_pool: {{name: counterfoil}}
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home whose services are ended with the test."""
    for name in [name for name in os.environ if name.startswith(("COUNTERFOIL_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    yield tmp_path / "home"
    for name in ("storage", "server"):
        release_lease(lease(tmp_path / "home", name))
    state = last_state(tmp_path / "home")
    if state:
        end_processes(state)


def command(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COUNTERFOIL_HOME": str(home), "PYTHONPATH": str(CODE), **more}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=home.parent,
    )


@pytest.mark.server
@pytest.mark.slow
def test_everything_for_people_comes_up_works_and_goes_down(home: Path, tmp_path: Path) -> None:
    (tmp_path / "hello.py").write_text(HELLO)
    (tmp_path / "prefect.yaml").write_text(PREFECT_YAML.format(folder=tmp_path))

    said = command(home, "infra.stack", "up")
    assert said.returncode == 0, said
    state = read_state(home)
    assert state and {"storage", "server", "worker"} <= set(state.ready)
    again = command(home, "infra.stack", "up")
    assert again.stdout.startswith("It runs already.") and read_state(home) == state

    services = ensure_services("server", Settings(home=home))
    ran = command(home, "prefect", "deployment", "run", "hello/hello", "--watch", **exported_environment(services))
    assert ran.returncode == 0, ran
    assert command(home, "infra.stack", "down").stdout.endswith(f"none is left. The data stays in {home}.\n")
    assert state.processes == []

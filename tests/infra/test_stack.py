"""The self-starting services, each test in a home of its own."""

import http.client
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from infra.settings import Settings
from infra.stack import Services, ensure_services, exported_environment
from infra.stack.client import CODE
from infra.stack.leases import lease, release_lease
from infra.stack.seaweedfs import weed_program
from infra.stack.state import PASSAGE, StackState, end_processes, identify, last_state, protect, read_state
from infra.storage import connect_storage
from schemas.problems import Unavailable


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home whose services are ended with the test."""
    for name in [name for name in os.environ if name.startswith(("COUNTERFOIL_", "PREFECT_"))]:
        monkeypatch.delenv(name)
    yield tmp_path / "home"
    end(tmp_path / "home")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services that some tests share."""
    home = tmp_path_factory.mktemp("stack") / "home"
    yield ensure_services("storage", Settings(home=home))
    end(home)


def end(home: Path) -> None:
    for name in ("storage", "server"):
        release_lease(lease(home, name))
    state = last_state(home)
    if state:
        end_processes(state)


def command(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "COUNTERFOIL_HOME": str(home), "PYTHONPATH": str(CODE), **more}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False, cwd=home.parent
    )


def ask_for_storage(home: Path) -> subprocess.CompletedProcess[str]:
    """Be a command that asks for storage and ends."""
    imports = "from infra.settings import Settings; from infra.stack import ensure_services"
    return command(home, "-c", f"{imports}; print(ensure_services('storage', Settings()).s3_endpoint_url)")


def keeper(home: Path, *, idle_seconds: float) -> subprocess.Popen[bytes]:
    home.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "infra.stack", "keep", "embedded", "--idle-seconds", str(idle_seconds)],
        env={**os.environ, "COUNTERFOIL_HOME": str(home)},
        cwd=CODE,
    )


CARELESS_PARENT = """
import subprocess, time
child = subprocess.Popen(["sleep", "600"])
print(child.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def unattended_process() -> Iterator[int]:
    """A process whose parent runs on and never asks how it ended."""
    with subprocess.Popen([sys.executable, "-c", CARELESS_PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        yield int(parent.stdout.readline())
        parent.kill()


def eventually(is_so: Callable[[], bool], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not is_so() and time.monotonic() < until:
        time.sleep(0.05)
    return is_so()


def test_services_start_when_asked_for_and_only_once(running: Services) -> None:
    before = read_state(running.home)

    again = ensure_services("storage", Settings(home=running.home))

    assert again == running
    assert read_state(running.home) == before
    assert before and list(before.children) == ["storage"]


def test_the_exported_environment_reaches_the_store(running: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in exported_environment(running).items():
        monkeypatch.setenv(name, text)
    connect_storage(Settings()).put_once("a", b"a")

    assert connect_storage(as_settings(running)).get("a") == b"a"
    assert ensure_services("storage", Settings()).s3_endpoint_url == running.s3_endpoint_url


def test_no_port_of_the_store_answers_anyone_without_its_keys(running: Services) -> None:
    connect_storage(as_settings(running)).put("inbox/gift-cards/cards.csv", b"card,balance")
    state = read_state(running.home)
    assert state
    store = psutil.Process(state.children["storage"].pid)
    ports = {found.laddr.port for found in store.net_connections("inet") if found.status == psutil.CONN_LISTEN}
    places = ("", "status", "dir/status", "counterfoil/inbox/gift-cards/cards.csv", "buckets/counterfoil/inbox/")

    answers = [found for port in ports for place in places if (found := asked_from_another_page(port, place))]
    assert {found.status for found in answers} <= {200, 400, 403}
    assert [found for found in answers if found.status == 200 and found.body] == [], "only that it is there"
    assert [found for found in answers if found.allows and found.status != 403 and found.body] == []


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_nobody_writes_or_deletes_a_file_without_the_keys(running: Services, method: str) -> None:
    store = connect_storage(as_settings(running))
    store.put("inbox/gift-cards/kept.csv", b"kept")
    ports = [int(port) for port in json.loads((running.home / "ports.json").read_text()).values()]

    for port in ports:
        for place in ("counterfoil/inbox/gift-cards/kept.csv", "buckets/counterfoil/inbox/gift-cards/kept.csv"):
            asked_from_another_page(port, place, method)
        asked_from_another_page(port, "col/delete?collection=counterfoil", method)
    assert store.get("inbox/gift-cards/kept.csv") == b"kept"


@pytest.mark.thorough
def test_the_housekeeping_of_the_store_speaks_to_its_own_parts_only(running: Services) -> None:
    ports = json.loads((running.home / "ports.json").read_text())
    parts = [f"-{part}=127.0.0.1:{ports[part]}.{ports[part + '.grpc']}" for part in ("master", "filer")]
    connect_storage(as_settings(running)).put("inbox/kept.csv", b"kept")

    with pytest.raises(subprocess.TimeoutExpired) as raised:
        subprocess.run(
            [weed_program(), "shell", *parts],
            check=False,
            input=b"fs.ls /buckets/counterfoil/inbox\n",
            capture_output=True,
            timeout=5,
        )
    assert b"kept.csv" not in (raised.value.stdout or b"")


def test_everything_listens_on_this_machine_only_and_what_lies_in_the_home_is_private(running: Services) -> None:
    state = read_state(running.home)
    assert state
    store = psutil.Process(state.children["storage"].pid)

    listening = {found.laddr.ip for found in store.net_connections("inet") if found.status == psutil.CONN_LISTEN}
    assert listening == {"127.0.0.1"}
    inside = [running.home, *running.home.iterdir(), *(running.home / "logs").iterdir()]
    assert [found for found in inside if stat.S_IMODE(found.stat().st_mode) & 0o077] == []


@pytest.mark.thorough
def test_a_home_that_everybody_could_read_is_closed_with_the_next_command(home: Path) -> None:
    home.mkdir()
    home.chmod(0o755)
    for name in ("ledger.sqlite", "target.sqlite"):
        (home / name).write_bytes(b"")
        (home / name).chmod(0o644)
    ensure_services("storage", Settings(home=home))

    modes = {found: stat.S_IMODE(found.stat().st_mode) for found in (home, *home.iterdir())}
    assert {found.name: mode for found, mode in modes.items() if mode & 0o077} == {}


def test_a_home_through_which_a_server_passes_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(PASSAGE)
    protect(tmp_path)

    assert stat.S_IMODE(tmp_path.stat().st_mode) == PASSAGE


@pytest.mark.thorough
def test_the_bucket_of_the_settings_is_made(home: Path) -> None:
    services = ensure_services("storage", Settings(home=home, s3_bucket="other-bucket"))
    store = connect_storage(as_settings(services))
    store.put_once("inbox/a.csv", b"a")

    assert (store.bucket, [found.key for found in store.list("")]) == ("other-bucket", ["inbox/a.csv"])


@pytest.mark.thorough
def test_six_first_commands_at_once_share_one_start(home: Path) -> None:
    home.parent.mkdir(exist_ok=True)
    with ThreadPoolExecutor(6) as pool:
        said = list(pool.map(lambda _: ask_for_storage(home), range(6)))

    assert len({one.stdout for one in said}) == 1 and said[0].stdout.startswith("http://127.0.0.1:"), said
    waited = [one.stderr for one in said if one.stderr]  # on a busy machine some come when the others have started it
    assert waited, "somebody waited"
    assert all(text.startswith("Starting the local services ...\n") for text in waited), "and says what for"
    assert (home / "logs" / "keeper.log").read_text() == "", "and no second keeper was tried"
    weeds = [found for found in psutil.process_iter() if str(home / "s3") in " ".join(cmdline(found))]
    assert len(weeds) == 1


@pytest.mark.slow
def test_two_homes_live_side_by_side(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    try:
        here, there = (
            connect_storage(as_settings(ensure_services("storage", Settings(home=h)))) for h in (home, other)
        )
        here.put("a", b"here")

        assert there.head("a") is None
    finally:
        end(other)


@pytest.mark.slow
def test_idle_services_end_and_the_data_is_there_next_time(home: Path) -> None:
    first = keeper(home, idle_seconds=2)
    assert eventually(lambda: read_state(home) is not None)
    services = ensure_services("storage", Settings(home=home))
    connect_storage(as_settings(services)).put("kept", b"kept")
    time.sleep(2.5)
    assert first.poll() is None, "a command that lives keeps its services"
    release_lease(lease(home, "storage"))

    assert first.wait(15) == 0
    assert last_state(home) is None
    again = ensure_services("storage", Settings(home=home))
    assert again == services, "at the same address, so that links go on working"
    assert connect_storage(as_settings(again)).get("kept") == b"kept"


@pytest.mark.slow
def test_a_killed_store_is_started_again(home: Path) -> None:
    services = ensure_services("storage", Settings(home=home))
    state = read_state(home)
    assert state
    killed = state.children["storage"]
    os.kill(killed.pid, signal.SIGKILL)

    def is_back() -> bool:
        state = read_state(home)
        return bool(state and state.children.get("storage") not in (None, killed) and "storage" in state.ready)

    assert eventually(is_back)
    connect_storage(as_settings(services)).put("a", b"a")


@pytest.mark.thorough
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of their parent's death")
def test_a_killed_keeper_leaves_nothing_behind_and_the_next_one_starts(home: Path) -> None:
    services = ensure_services("storage", Settings(home=home))
    connect_storage(as_settings(services)).put("kept", b"kept")
    state = read_state(home)
    assert state
    os.kill(state.keeper.pid, signal.SIGKILL)

    assert eventually(lambda: state.processes == [])
    assert read_state(home) is None
    assert connect_storage(as_settings(ensure_services("storage", Settings(home=home)))).get("kept") == b"kept"


@pytest.mark.thorough
def test_a_state_file_of_another_process_under_the_same_number_is_not_believed(home: Path) -> None:
    home.mkdir()
    me = identify(os.getpid())
    reused = {"pid": me.pid, "created": me.created - 60}
    state = {"mode": "people", "keeper": reused, "children": {"storage": reused}, "ready": ["storage"]}
    (home / "stack.json").write_text(json.dumps({**state, "addresses": {}, "notes": []}))

    assert read_state(home) is None
    said = command(home, "-m", "infra.stack", "down")
    assert (said.returncode, said.stdout) == (0, f"Nothing runs for {home}.\n")


@pytest.mark.thorough
def test_down_stops_everything_and_says_so(home: Path) -> None:
    ask_for_storage(home)
    state = read_state(home)
    assert state

    assert command(home, "-m", "infra.stack", "status").returncode == 0
    said = command(home, "-m", "infra.stack", "down")
    assert said.stdout == f"Stopped 2 processes; none is left. The data stays in {home}.\n"
    assert state.processes == []
    assert command(home, "-m", "infra.stack", "status").returncode == 1


@pytest.mark.thorough
def test_up_in_the_wrong_folder_says_where_to_go(home: Path) -> None:
    said = command(home, "-m", "infra.stack", "up")

    assert said.returncode == 2
    assert said.stderr == f"There is no prefect.yaml in {home.parent}. Go to the folder of Counterfoil and try again.\n"


@pytest.mark.thorough
def test_services_that_cannot_start_say_why(home: Path) -> None:
    home.mkdir()
    (home / "s3").touch()

    with pytest.raises(Unavailable, match=r"did not start\. .*keeper\.log"):
        ensure_services("storage", Settings(home=home))


@pytest.mark.thorough
def test_external_services_are_used_and_nothing_is_started(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.example/api")
    chosen = Settings(
        home=home, s3_endpoint_url="https://s3.example", s3_access_key_id="a", s3_secret_access_key="secret"
    )
    services = ensure_services("server", chosen)

    assert services == Services(
        s3_endpoint_url="https://s3.example",
        s3_access_key_id="a",
        s3_secret_access_key="secret",
        s3_bucket="counterfoil",
        home=home,
        prefect_api_url="https://prefect.example/api",
        prefect_ui_url="https://prefect.example",
    )
    assert not home.exists()
    assert "secret" not in repr(services).replace("s3_secret", "")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a server says to a page of another origin; ``allows`` is whom it lets read that."""

    status: int
    body: bytes
    allows: str


def asked_from_another_page(port: int, place: str, method: str = "GET") -> Answered | None:
    """Ask as a page of another origin does, without any login; None where nobody answers."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request(method, f"/{place}", headers={"Origin": "http://elsewhere.example"})
        answer = asked.getresponse()
        allows = answer.headers.get("Access-Control-Allow-Origin", "")
        return Answered(status=answer.status, body=answer.read(), allows=allows)
    except (OSError, http.client.HTTPException):
        return None
    finally:
        asked.close()


def as_settings(services: Services) -> Settings:
    return Settings(
        home=services.home,
        s3_endpoint_url=services.s3_endpoint_url,
        s3_bucket=services.s3_bucket,
        s3_access_key_id=services.s3_access_key_id,
        s3_secret_access_key=services.s3_secret_access_key,
    )


def cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


@pytest.mark.timeout(50)  # of patience with processes that do not end there is a minute
def test_a_stack_has_ended_although_nobody_asked_how_its_processes_ended(unattended_process: int) -> None:
    ended = identify(unattended_process)
    state = StackState(mode="embedded", keeper=ended, children={}, ready=(), addresses={})

    end_processes(state)

    assert psutil.Process(unattended_process).status() == psutil.STATUS_ZOMBIE
    assert ended.process is None

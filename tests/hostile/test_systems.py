"""Systems that are down, full, locked, read-only or the wrong ones: one plain line, and the next run goes through."""

import json
import os
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import prefect
import pytest
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, temporary_settings

from infra.databases.database import writing
from infra.migrations.migrate import migrate
from infra.stack.client import CODE
from infra.stack.ports import free_port
from schemas.problems import Refused
from tests.children import Ended
from tests.databases import open_database
from tests.desk import Desk, command, command_with_engine
from tests.hostile.expectations import expect_turned_away
from tests.parts import temporary_postgres

FILE = "Number,Balance\nGC1,10.00\nGC2,20.00\nGC-3,30.00\n"
RUN = ("run", "gift-cards", "cards.csv", "--mode", "apply")
SMALL_BYTES = 400_000


@pytest.fixture(scope="module")
def read_only_server() -> Iterator[str]:
    """A PostgreSQL server that takes no writes any more, as a standby would not."""
    try:
        with temporary_postgres() as url:
            engine = open_database(url)
            migrate(engine, "target")
            with writing(engine) as connection:
                connection.exec_driver_sql("ALTER DATABASE postgres SET default_transaction_read_only = on")
            engine.dispose()
            yield url
    except Refused as problem:
        pytest.skip(f"No PostgreSQL to test with: {problem}")


class Failing(BaseHTTPRequestHandler):
    """A server that knows its version, and answers everything else as one does whose database takes no writes."""

    def do_GET(self) -> None:
        self._answer(HTTPStatus.OK if self.path.endswith("/admin/version") else HTTPStatus.INTERNAL_SERVER_ERROR)

    def do_POST(self) -> None:
        self._answer(HTTPStatus.INTERNAL_SERVER_ERROR)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, status: HTTPStatus) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        body = json.dumps(prefect.__version__).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def failing_server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Failing) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


@pytest.fixture
def till(desk: Desk) -> Desk:
    """A desk with a file to import."""
    desk.write("cards.csv", FILE)
    return desk


def nowhere() -> str:
    return f"127.0.0.1:{free_port(set())}"


def expect_recovery(desk: Desk, ended: Ended, *, code: int, says: str) -> None:
    """See the run rejected, and the same command go through once the system is well."""
    expect_turned_away(desk, ended, code=code, says=says)
    assert desk.run("cards.csv", "--mode", "apply", code=4)["outcome"] == "applied_with_rejects"
    assert desk.till() == {"GC1": 1000, "GC2": 2000}


def test_a_store_that_is_down(till):
    expect_recovery(till, till.type(*RUN, s3_endpoint_url=f"http://{nowhere()}"), code=5, says="did not answer")


@pytest.mark.thorough
def test_a_bucket_that_is_missing(till):
    expect_recovery(till, till.type(*RUN, s3_bucket="nobody-made-it"), code=4, says="has no bucket nobody-made-it")


@pytest.mark.thorough
def test_a_secret_that_is_wrong(till):
    ended = till.type(*RUN, s3_secret_access_key="wrong")
    assert "wrong" not in ended.err
    expect_recovery(till, ended, code=4, says="does not accept our keys")


def test_a_store_that_is_no_url(till):
    expect_recovery(till, till.type(*RUN, s3_endpoint_url="store"), code=4, says="COUNTERFOIL_S3_ENDPOINT_URL is not")


@pytest.mark.thorough
def test_settings_that_are_wrong_are_named_together(till):
    ended = till.type(*RUN, batch_rows="many", currency="euro")
    expect_recovery(till, ended, code=2, says="The settings need fixing: COUNTERFOIL_")
    assert "COUNTERFOIL_BATCH_ROWS" in ended.err
    assert "COUNTERFOIL_CURRENCY" in ended.err


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("url", "code", "says"),
    [
        ("mysql://till", 2, "The database URL is not one that can be used."),
        ("sqlite:////dev/null/ledger.sqlite", 5, "The database ledger.sqlite cannot be opened."),
        ("sqlite:///cards.csv", 5, "The database cards.csv is no SQLite database."),
        (f"postgresql://someone:secret@{nowhere()}/ledger", 5, "The database ledger on 127.0.0.1 did not answer"),
    ],
    ids=["another kind", "no folder", "no database", "no server"],
)
@pytest.mark.parametrize("which", ["ledger", "target"])
def test_a_database_that_is_none(till, which, url, code, says):
    ended = till.type(*RUN, **{f"{which}_url": url})
    assert "secret" not in ended.err
    expect_recovery(till, ended, code=code, says=says)


@pytest.mark.thorough
def test_a_disk_that_is_full_under_the_ledger(till):
    till.write("cards.csv", FILE + "GC-4,1\n" * 20_000)
    ended = till.type(*RUN, be=with_a_small_disk)
    expect_turned_away(till, ended, code=5, says="The database ledger.sqlite cannot")
    assert till.run("cards.csv", "--mode", "apply", code=4)["rows"]["rejected"] == 20_001


def with_a_small_disk(folder: str, arguments: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_BYTES, SMALL_BYTES))
    command(folder, arguments)


@pytest.mark.thorough
def test_a_target_that_is_read_only(till):
    ended = till.type(*RUN, target_url=f"sqlite:///file:{till.folder}/target.sqlite?mode=ro&uri=true")
    expect_recovery(till, ended, code=5, says="is read-only for this user")


@pytest.mark.thorough
def test_a_server_that_is_read_only(till, read_only_server):
    expect_recovery(till, till.type(*RUN, target_url=read_only_server), code=5, says="the server is read-only")


def test_how_a_run_ended_stands_in_the_ledger_in_the_same_words(till):
    says = till.type(*RUN, target_url=f"postgresql://someone:secret@{nowhere()}/till").err.strip()
    [run] = till.ask("runs")["runs"]
    assert (run["outcome"], run["says"], run["plan_id"]) == ("unavailable", says, "")
    assert till.ask("show", run["run_id"])["says"] == says


@pytest.mark.thorough
def test_a_prefect_server_that_is_down(till):
    ended = subprocess.run(
        [sys.executable, "-m", "cli", *RUN],
        cwd=till.folder,
        env={**os.environ, **till.environment, "PREFECT_API_URL": f"http://{nowhere()}/api", "PYTHONPATH": str(CODE)},
        capture_output=True,
        text=True,
        check=False,
    )
    met = Ended(code=ended.returncode, out=ended.stdout, err=ended.stderr)
    expect_recovery(till, met, code=5, says="Prefect server")


@pytest.mark.thorough
def test_a_prefect_server_whose_database_is_full_is_one_sentence(till, failing_server):
    says = f"The Prefect server at {failing_server} cannot do its work (500)."
    elsewhere = replace(till, environment={**till.environment, "PREFECT_API_URL": failing_server})
    expect_recovery(till, elsewhere.type(*RUN, be=command_at_another_server), code=5, says=says)


def command_at_another_server(folder: str, arguments: list[str]) -> None:
    """Be the command line as if Prefect were imported only now: it keeps the server that it saw first."""
    named = {PREFECT_API_URL: os.environ["PREFECT_API_URL"]}
    login = {PREFECT_API_AUTH_STRING: os.environ.get("PREFECT_API_AUTH_STRING", "")}
    with temporary_settings(named | login):
        command_with_engine(folder, arguments)


def test_a_prefect_server_of_others_that_wants_another_login(till, tmp_path):
    other = {"COUNTERFOIL_HOME": str(tmp_path / "other"), "PREFECT_API_AUTH_STRING": "counterfoil:wrong"}
    ended = replace(till, environment={**till.environment, **other}).type(*RUN, be=command_at_another_server)
    assert (ended.code, "does not accept our login. Set PREFECT_API_AUTH_STRING" in ended.err) == (4, True), ended
    assert "wrong" not in ended.err


@pytest.mark.slow
def test_a_target_that_someone_else_keeps_locked(till):
    other = sqlite3.connect(till.folder / "target.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ended = till.type(*RUN)
    other.close()
    expect_recovery(till, ended, code=5, says="is locked by another program that writes to it")


@pytest.mark.slow
def test_a_target_that_is_down_is_tried_again_before_anyone_is_told(till):
    ended = till.type(*RUN, be=command_with_engine, target_url=f"postgresql://someone:secret@{nowhere()}/till")
    expect_recovery(till, ended, code=5, says="The database till on 127.0.0.1 did not answer (connection refused)")

"""One embedded stack (an S3 store and a Prefect server) for all tests that ask for it, whichever worker runs them."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import certifi
import pytest

from infra.settings import Settings
from infra.stack import ensure_services, exported_environment
from infra.stack.leases import in_use, lease, release_lease
from infra.stack.state import end_processes, last_state
from tests.children import warm_up
from tests.desk import storage_of

GIVEN = "STACK_OF_TESTS"
"""A variable that names, as JSON, the services of the tests that these were started by."""
QUIET = {
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_API_TLS_INSECURE_SKIP_VERIFY": "true",  # its client loads every root certificate, also for http
}
"""With ``SSL_CERT_FILE``, which names one root certificate: Prefect loads all there are for every call."""


def one_root_certificate(folder: Path) -> Path:
    """Write one of the root certificates that there are."""
    file, end = folder / f"root-{os.getpid()}.pem", "-----END CERTIFICATE-----\n"
    file.write_text(certifi.contents().partition(end)[0] + end)
    return file


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Mapping[str, str]]:
    """The variables that point a command to the services of this session; each worker has a bucket of its own."""
    if GIVEN in os.environ:
        given = json.loads(os.environ[GIVEN])
        warm_up(given)
        yield given
        return
    folder = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    home = folder / "stack" / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("COUNTERFOIL_", "PREFECT_"))]:
            patch.delenv(name)
        services = ensure_services("server", Settings(home=home, s3_bucket=f"tests-{worker_id}"))
        environment = exported_environment(services) | QUIET | {"SSL_CERT_FILE": str(one_root_certificate(folder))}
        store = storage_of(environment)
        if store.bucket not in [each["Name"] for each in store.client.list_buckets()["Buckets"]]:
            store.client.create_bucket(Bucket=store.bucket)
        warm_up(environment)
        yield environment
    leases = [lease(home, name) for name in ("storage", "server")]
    for each in leases:
        release_lease(each)
    state = None if any(map(in_use, leases)) else last_state(home)  # another worker may be at work still
    if state:
        end_processes(state)

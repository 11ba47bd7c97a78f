"""One embedded stack (an S3 store and a Prefect server) for all tests that ask for it, in a home of its own."""

import json
import os
from collections.abc import Iterator, Mapping

import pytest

from infra.settings import Settings
from infra.stack import ensure_services, exported_environment
from infra.stack.leases import lease, release_lease
from infra.stack.state import end_processes, last_state
from tests.children import warm_up

GIVEN = "STACK_OF_TESTS"
"""A variable that names, as JSON, the services of the tests that these were started by."""
QUIET = {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL", "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false"}


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, str]]:
    """The variables that point a command to the services of this session."""
    if GIVEN in os.environ:
        given = json.loads(os.environ[GIVEN])
        warm_up(given)
        yield given
        return
    home = tmp_path_factory.mktemp("stack") / "home"
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(("COUNTERFOIL_", "PREFECT_"))]:
            patch.delenv(name)
        services = ensure_services("server", Settings(home=home))
        environment = exported_environment(services) | QUIET
        warm_up(environment)
        yield environment
    for name in ("storage", "server"):
        release_lease(lease(home, name))
    state = last_state(home)
    if state:
        end_processes(state)

"""What a run opens is closed when it ends."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from infra.connectors import ReadsExports
from infra.context import Systems, opened
from infra.settings import Settings
from infra.systems import systems_of
from schemas.customers import CUSTOMERS
from schemas.problems import Problem

ANSWER = b"HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


class Listener:
    """A site that keeps every connection open, and sees whether the other side hangs up."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.answered, self.hung_up = threading.Event(), threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        connection, _ = self._socket.accept()
        with connection:
            while connection.recv(65_536):
                connection.sendall(ANSWER)
                self.answered.set()
            self.hung_up.set()


@contextmanager
def site() -> Iterator[Listener]:
    listener = Listener()
    try:
        yield listener
    finally:
        listener._socket.close()


def ask_tixly(systems: Systems) -> None:
    tixly = systems.target("tixly")
    assert isinstance(tixly, ReadsExports)
    tixly.ask(datetime(2026, 3, 1, tzinfo=UTC), CUSTOMERS.resource)


def ask_web_shop(systems: Systems) -> None:
    systems.web_shop().time()


@pytest.mark.parametrize("ask", [ask_tixly, ask_web_shop])
def test_connections_to_a_site_are_hung_up_when_the_systems_are_closed(
    ask: Callable[[Systems], None], tmp_path: Path
) -> None:
    with site() as listener:
        settings = Settings(
            home=tmp_path,
            woo_url=listener.url,
            woo_key="ck_1",
            woo_secret="cs_1",
            tixly_api_url=listener.url,
            tixly_api_token="t",
        )
        with opened(systems_of(settings)) as systems:
            with suppress(Problem):
                ask(systems)
            assert listener.answered.wait(5)
            assert not listener.hung_up.is_set()
        assert listener.hung_up.wait(5)

"""What the self-starting services are made of: leases, ports, PostgreSQL."""

import socket
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from infra.stack.leases import claim, hold, in_use, lease, release_lease
from infra.stack.ports import remembered_ports
from tests.parts import temporary_postgres


def test_a_lease_lasts_as_long_as_its_holder(tmp_path: Path) -> None:
    ours = lease(tmp_path, "storage")
    assert not in_use(ours)
    hold(ours)
    assert in_use(ours) and claim(ours) is None
    release_lease(ours)
    assert not in_use(ours)


def test_a_port_is_remembered_until_something_else_has_it(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    first = remembered_ports(file, ("a", "b"))
    assert remembered_ports(file, ("a", "b")) == first

    with socket.socket() as other:
        with suppress(OSError):  # a connection of some other test's may have it just now, which is as good
            other.bind(("127.0.0.1", first["a"]))
            other.listen()
        moved = remembered_ports(file, ("a", "b"))
    assert moved["a"] != first["a"] and moved["b"] == first["b"]


def test_a_temporary_postgresql_asks_for_its_password() -> None:
    with temporary_postgres() as url:
        reached = url.replace("+psycopg", "")
        with psycopg.connect(reached) as connection:
            assert connection.execute("select lower('Ä'), current_setting('fsync')").fetchone() == ("ä", "off")
        user, place = reached.split("@")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(f"{user[:-1]}x@{place}")

"""A real MariaDB server for tests, from the programs of Debian's packages."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql

from infra.stack.ports import HOST, free_port
from infra.stack.services import Account, Service, await_ready, start, stop
from schemas.problems import Refused

SYSTEM_PATH = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/sbin:/bin"
PASSWORD = "only-for-tests"
FAST = ("--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--skip-log-bin")


@contextmanager
def temporary_mariadb() -> Iterator[str]:
    """Run a server and yield the SQLAlchemy URL of its empty database ``shop``.

    Raises:
        Refused: There is no MariaDB here.
    """
    server, installer = (shutil.which(name, path=SYSTEM_PATH) for name in ("mariadbd", "mariadb-install-db"))
    if not server or not installer:
        raise Refused("There is no MariaDB here: apt-get install mariadb-server-core mariadb-client-core")
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-mariadb-"))
    try:
        with _running(folder, server, installer) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _running(folder: Path, server: str, installer: str) -> Iterator[str]:
    entry = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    account = Account(uid=entry.pw_uid, gid=entry.pw_gid) if entry else None
    if account:
        os.chown(folder, account.uid, account.gid)
    places = [f"--datadir={folder / 'data'}", f"--tmpdir={folder}"]
    quiet = ["--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"]
    who = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    made = subprocess.run(
        [installer, "--no-defaults", *places, *quiet], cwd=folder, capture_output=True, text=True, check=False, **who
    )
    if made.returncode:
        raise Refused(f"MariaDB could not make its data folder: {made.stdout[-2000:]} {made.stderr[-2000:]}")
    port = free_port(set())
    own = [f"--socket={folder / 'mariadb.sock'}", f"--pid-file={folder / 'mariadb.pid'}"]
    service = Service(
        name="MariaDB",
        command=(server, "--no-defaults", *places, *own, f"--bind-address={HOST}", f"--port={port}", *FAST),
        environment={"PATH": SYSTEM_PATH, "TZ": "Europe/Paris"},
        folder=folder,
        log=Path(tempfile.mkdtemp(prefix="counterfoil-mariadb-log-")) / "mariadb.log",
        is_ready=lambda: _answers(port),
        stop_signal=signal.SIGTERM,
        account=account,
    )
    child = start(service)
    try:
        await_ready(service, child)
        _prepare(port)
        yield f"mysql://shop:{PASSWORD}@{HOST}:{port}/shop"
    finally:
        stop(service, child)
        shutil.rmtree(service.log.parent, ignore_errors=True)


def _answers(port: int) -> bool:
    try:
        pymysql.connect(host=HOST, port=port, user="root", connect_timeout=2).close()
    except pymysql.Error:
        return False
    return True


def _prepare(port: int) -> None:
    """Make a database of the usual collation, which knows no letter case, and a user who may do anything in it."""
    with pymysql.connect(host=HOST, port=port, user="root") as connection, connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE shop CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
        cursor.execute(f"CREATE USER shop@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'")
        cursor.execute("GRANT ALL ON *.* TO shop@'127.0.0.1' WITH GRANT OPTION")

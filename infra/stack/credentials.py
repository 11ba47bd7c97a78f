"""The keys of the embedded S3 store, made once and kept where only their owner reads them."""

import json
import secrets
from pathlib import Path

ACTIONS = ["Admin", "Read", "Write", "List", "Tagging"]


def credentials_file(home: Path) -> Path:
    """Return the file that SeaweedFS itself reads its keys from."""
    return home / "s3.json"


def credentials(home: Path) -> tuple[str, str]:
    """Return access key and secret key, made on first use."""
    file = credentials_file(home)
    if not file.exists():
        _make(file)
    keys = json.loads(file.read_text())["identities"][0]["credentials"][0]
    return keys["accessKey"], keys["secretKey"]


def _make(file: Path) -> None:
    keys = {"accessKey": secrets.token_hex(10), "secretKey": secrets.token_urlsafe(30)}
    identity = {"name": "counterfoil", "credentials": [keys], "actions": ACTIONS}
    written = file.with_name(f"{file.name}.new")
    written.touch(mode=0o600)
    written.write_text(json.dumps({"identities": [identity]}, indent=1))
    written.replace(file)

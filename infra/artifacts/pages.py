"""The pages of a web shop as they came, in the bucket: ``runs/<run>/pages/<kind>-<number>-<hash>.json``.

What is stored is how far a run has come; each page is written once. The ledger knows only their index, which
holds the hash of each.
"""

import hashlib
import json
import re
from dataclasses import asdict

from infra.artifacts.run_files import view_key
from infra.context import storage
from schemas.file_names import page_file
from schemas.orders.pages import Sweep
from schemas.records import Artifact

_NAME = re.compile(r"(?P<kind>[a-z]+)-(?P<number>\d+)-(?P<sha256>[0-9a-f]{64})\.json")


def save_page(run_id: str, kind: str, number: int, content: bytes) -> Artifact:
    """Store a page, once."""
    sha256 = hashlib.sha256(content).hexdigest()
    page = Artifact(
        name=page_file(kind, number),
        key=_place(run_id, f"{kind}-{number:06d}-{sha256}.json"),
        sha256=sha256,
        size_bytes=len(content),
    )
    storage().put_once(page.key, content)
    return page


def stored_pages(run_id: str, kind: str) -> dict[int, list[Artifact]]:
    """Return the pages that are there, by number. Two attempts that met may have left a number twice."""
    pages: dict[int, list[Artifact]] = {}
    for found in storage().list(_place(run_id, f"{kind}-")):
        name = _NAME.fullmatch(found.key.rpartition("/")[2])
        if name:
            number = int(name["number"])
            page = Artifact(
                name=page_file(kind, number), key=found.key, sha256=name["sha256"], size_bytes=found.size_bytes
            )
            pages.setdefault(number, []).append(page)
    return pages


def begun_sweep(run_id: str) -> Sweep | None:
    """Return the walk that an earlier attempt began."""
    key = _place(run_id, "sweep.json")
    return Sweep(**json.loads(storage().get(key))) if storage().head(key) else None


def begin_sweep(run_id: str, sweep: Sweep) -> None:
    """Fix what is walked for every later attempt."""
    storage().put_once(_place(run_id, "sweep.json"), json.dumps(asdict(sweep), sort_keys=True).encode())


def _place(run_id: str, name: str) -> str:
    return view_key(run_id, f"pages/{name}")

"""The files of a run, as they lie in the bucket.

Layout: ``inbox/<domain>/<file>`` is where people drop files, ``inbox/by-hand/`` where the command
line puts those it is given, ``runs/<run>/<name>-<hash>.<ending>``
holds evidence under content-hashed keys that are written once, ``runs/<run>/<name>`` the few
views (report, manifest) that are written anew when a later run closes their rejects.
"""

import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import polars as pl

from infra.context import ledger, storage, systems
from schemas.domain import Domain
from schemas.exhibits import Exhibit
from schemas.file_names import FileName, exhibit_file, file_about
from schemas.records import Artifact, Run

INBOX = "inbox"

_PACKING: Any = {"compression": "zstd", "compression_level": 1}
_PARTS = "counterfoil_parts"
"""In a file that was made part by part: how many rows each has."""
_ROWS_A_GROUP = 131_072


def artifact_key(run_id: str, name: FileName, sha256: str) -> str:
    """Place a file of a run; its content hash is part of the key, so no two contents share one."""
    stem, dot, ending = name.partition(".")
    return f"runs/{run_id}/{stem}-{sha256[:12]}{dot}{ending}"


def view_key(run_id: str, name: str) -> str:
    """Place a replaceable view of a run, always under the same key."""
    return f"runs/{run_id}/{name}"


def by_hand_key(domain: str, file_name: str) -> str:
    """Place the file of a person at a command line, whatever its name holds; the nightly import leaves it alone."""
    cleaned = re.sub(r"[^\w.\- ()]+", "_", file_name).strip(" .") or "file"
    return f"{INBOX}/by-hand/{domain}/{cleaned}"


def file_of(run: Run, domain: Domain, name: FileName) -> FileName:
    """Name a file of a run that is about the records of *domain*: plainly, where that is the run's own."""
    return name if domain.name == run.domain else file_about(domain.name, name)


def save_bytes(run_id: str, name: FileName, content: bytes) -> Artifact:
    """Store evidence of a run, once."""
    sha256 = hashlib.sha256(content).hexdigest()
    artifact = Artifact(name=name, key=artifact_key(run_id, name, sha256), sha256=sha256, size_bytes=len(content))
    storage().put_once(artifact.key, content)
    ledger().record_artifact(run_id, artifact)
    systems().recent_files.keep(sha256, content)
    return artifact


def cache_for_next_step(artifact: Artifact, content: bytes) -> None:
    """Cache the *content* of a file, however large, until the next ``load_bytes`` of it."""
    systems().recent_files.keep_for_next_step(artifact.sha256, content)


def save_view(run_id: str, name: FileName, content: bytes) -> Artifact:
    """Store a view of a run, replacing an earlier one."""
    sha256 = hashlib.sha256(content).hexdigest()
    artifact = Artifact(name=name, key=view_key(run_id, name), sha256=sha256, size_bytes=len(content))
    storage().put(artifact.key, content)
    ledger().record_artifact(run_id, artifact)
    return artifact


def save_frame(run_id: str, name: FileName, frame: pl.DataFrame) -> Artifact:
    """Store rows as Parquet."""
    return save_bytes(run_id, name, _packed(frame))


def save_parts(run_id: str, name: FileName, parts: Iterable[pl.DataFrame]) -> Artifact:
    """Store rows as Parquet, made part by part: of all but one, memory holds no more than what is packed.

    There is at least one part, and all have the same columns.
    """
    packed, sizes = [], []
    for part in parts:
        packed.append(_packed(part))
        sizes.append(part.height)
    content = _sunk(pl.scan_parquet(packed), row_group_size=max(*sizes, 1), metadata={_PARTS: json.dumps(sizes)})
    return save_bytes(run_id, name, content)


def save_rows(run_id: str, name: FileName, rows: pl.LazyFrame) -> Artifact:
    """Store rows as Parquet that are more than should be in memory at once: some at a time."""
    return save_bytes(run_id, name, _sunk(rows, row_group_size=_ROWS_A_GROUP))


def load_parts(artifact: Artifact) -> Iterator[pl.DataFrame]:
    """Return stored rows part by part, as they were stored."""
    content = load_bytes(artifact)
    rows, start = pl.scan_parquet(content), 0
    for size in json.loads(pl.read_parquet_metadata(io.BytesIO(content))[_PARTS]):
        yield rows.slice(start, size).collect()
        start += size


def _packed(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, **_PACKING)
    return buffer.getvalue()


def _sunk(rows: pl.LazyFrame, **options: Any) -> bytes:
    buffer = io.BytesIO()
    rows.sink_parquet(buffer, **_PACKING, **options)
    return buffer.getvalue()


def save_exhibit(run_id: str, exhibit: Exhibit, rows: pl.DataFrame) -> Exhibit:
    """Store the rows of an exhibit, to be shown when the run is reported."""
    save_frame(run_id, exhibit_file(exhibit.name), rows)
    return exhibit


def save_json(run_id: str, name: FileName, document: Mapping[str, Any]) -> Artifact:
    """Store a document, written the same way for the same content."""
    return save_bytes(run_id, name, json.dumps(document, indent=1, sort_keys=True, default=str).encode())


def load_bytes(artifact: Artifact) -> bytes:
    """Return a stored file.

    Raises:
        Refused: It is not what was stored: its SHA-256 differs.
    """
    kept = systems().recent_files.find(artifact.sha256)
    if kept is not None:
        return kept
    return storage().get(artifact.key, artifact.sha256)


def load_frame(artifact: Artifact) -> pl.DataFrame:
    """Return stored rows: by their hash those that were stored, so what was checked then needs no check again."""
    return pl.read_parquet(load_bytes(artifact))


def scan_frame(artifact: Artifact) -> pl.LazyFrame:
    """Return stored rows to be read a column or a few rows at a time: a register as a whole takes much memory."""
    return pl.scan_parquet(load_bytes(artifact))

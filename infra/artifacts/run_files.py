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
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from infra.context import ledger, storage, systems, uploads
from infra.storage import ObjectInfo
from schemas.domain import Domain
from schemas.file_names import FileName, file_about, report_table_file
from schemas.frames import FRAMES
from schemas.problems import Refused, Unavailable
from schemas.records import Artifact, BatchName, Run
from schemas.report_tables import ReportTable
from tasks.core.writing.parquet import pack_frame, pack_parts, sizes_of

INBOX = "inbox"
BY_HAND = f"{INBOX}/by-hand/"
"""What people hand in themselves; the nightly import leaves it alone."""

_LARGE_BYTES = 2**20
"""A smaller file has travelled before the store is asked to copy it, and before a thread has begun to send it."""
PARTITIONS = "counterfoil_partitions"
"""In a file that only lists others (``infra.artifacts.partitions``): which."""


def artifact_key(run_id: str, name: FileName, sha256: str) -> str:
    """Place a file of a run; its content hash is part of the key, so no two contents share one."""
    stem, dot, ending = name.partition(".")
    return f"runs/{run_id}/{stem}-{sha256[:12]}{dot}{ending}"


def view_key(run_id: str, name: str) -> str:
    """Place a replaceable view of a run, always under the same key."""
    return f"runs/{run_id}/{name}"


def batch_key(batch: BatchName, ending: str) -> str:
    """Place what is kept of a batch of a run."""
    return view_key(batch.run_id, f"batches/{batch.plan_id}-{batch.number:06d}.{ending}")


def by_hand_key(domain: str, file_name: str) -> str:
    """Place the file of a person at a command line, whatever its name holds; the nightly import leaves it alone."""
    cleaned = re.sub(r"[^\w.\- ()]+", "_", file_name).strip(" .") or "file"
    return f"{BY_HAND}{domain}/{cleaned}"


def uploaded_key(domain: str, upload: str, file_name: str) -> str:
    """Place a file that somebody uploaded: under the name of the *upload*, so that no two people share one."""
    return by_hand_key(f"{domain}/{upload}", file_name)


def file_of(run: Run, domain: Domain, name: FileName) -> FileName:
    """Name a file of a run that is about the records of *domain*: plainly, where that is the run's own."""
    return name if domain.name == run.domain else file_about(domain.name, name)


def save_bytes(run_id: str, name: FileName, content: bytes) -> Artifact:
    """Store evidence of a run, once, and enter it at once: a later step may ask the ledger for it."""
    artifact = name_artifact(run_id, name, content)
    storage().put_once(artifact.key, content)
    ledger().record_artifact(run_id, artifact)
    systems().recent_files.keep(artifact.sha256, content)
    return artifact


def save_beside(run_id: str, name: FileName, content: bytes) -> Artifact:
    """Store evidence of a run, once; a large file while the run goes on (``infra.uploads``)."""
    artifact = name_artifact(run_id, name, content)
    upload(artifact, content)
    _record_once_stored(run_id, artifact, content)
    return artifact


def save_copy(run_id: str, name: FileName, found: ObjectInfo, content: bytes) -> Artifact:
    """Store as evidence of a run, once, what was *found* in the store and read from there: large files are copied.

    Where the store does not copy it, or has another version by now, *content* is sent: it is what the run goes by.
    """
    artifact, store = name_artifact(run_id, name, content), storage()

    def copy() -> None:
        try:
            store.copy_once(artifact.key, found, artifact.sha256)
        except (Refused, Unavailable):  # if it is not about copies, this fails of it too
            store.put_once(artifact.key, content)

    if len(content) < _LARGE_BYTES:
        upload(artifact, content)
    else:
        uploads().begin(copy)
    _record_once_stored(run_id, artifact, content)
    return artifact


def upload(artifact: Artifact, content: bytes) -> None:
    """Store a file under its name: a large one while the run goes on."""
    put = partial(storage().put_once, artifact.key, content)
    if len(content) < _LARGE_BYTES:
        put()
    else:
        uploads().begin(put)


def name_artifact(run_id: str, name: FileName, content: bytes) -> Artifact:
    """Name evidence by what it holds, before it is stored."""
    sha256 = hashlib.sha256(content).hexdigest()
    return Artifact(name=name, key=artifact_key(run_id, name, sha256), sha256=sha256, size_bytes=len(content))


def _record_once_stored(run_id: str, artifact: Artifact, content: bytes) -> None:
    """Enter a file in the ledger, once it is stored, and keep what it holds for the next steps."""
    systems().recent_files.keep(artifact.sha256, content)
    uploads().then(partial(ledger().record_artifact, run_id, artifact))


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
    """Store rows as Parquet.

    Raises:
        RuntimeError: They have other columns than ``schemas.frames`` declares for this file. That is a defect of ours.
    """
    _expect_declared(name, frame)
    return save_bytes(run_id, name, pack_frame(frame))


def save_parts(run_id: str, name: FileName, parts: Iterable[pl.DataFrame]) -> Artifact:
    """Store rows as Parquet, made part by part: of all but one, memory holds no more than what is packed.

    There is at least one part, and all have the same columns.

    Raises:
        RuntimeError: They have other columns than ``schemas.frames`` declares for this file. That is a defect of ours.
    """
    return save_bytes(run_id, name, pack_parts(_declared(name, parts)))


def load_parts(artifact: Artifact) -> Iterator[pl.DataFrame]:
    """Return stored rows part by part, as they were stored."""
    content = load_bytes(artifact)
    rows, start = pl.scan_parquet(content), 0
    for size in sizes_of(content):
        yield rows.slice(start, size).collect()
        start += size


def _declared(name: FileName, parts: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    for part in parts:
        _expect_declared(name, part)
        yield part


def _expect_declared(name: FileName, frame: pl.DataFrame) -> None:
    declared = FRAMES.get(name)
    if declared is not None and dict(frame.schema) != dict(declared):
        odd = sorted({column for column, _ in set(frame.schema.items()) ^ set(declared.items())})
        raise RuntimeError(f"{name} would have other columns than it is declared with: {', '.join(odd)}")


def save_report_table(run_id: str, report_table: ReportTable, rows: pl.DataFrame) -> ReportTable:
    """Store the rows of a report table, to be shown when the run is reported."""
    save_frame(run_id, report_table_file(report_table.name), rows)
    return report_table


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
    uploads().join()
    return storage().get(artifact.key, artifact.sha256)


def load_frame(artifact: Artifact) -> pl.DataFrame:
    """Return stored rows: by their hash those that were stored, so what was checked then needs no check again."""
    content = load_bytes(artifact)
    listed = list_partitions(content)
    if listed is None:
        return pl.read_parquet(content)
    return pl.concat([load_frame(each) for each in listed.partitions]).sort(listed.by)


def scan_frame(artifact: Artifact) -> pl.LazyFrame:
    """Return stored rows to be read a column or a few rows at a time: a register as a whole takes much memory."""
    content = load_bytes(artifact)
    listed = list_partitions(content)
    if listed is None:
        return pl.scan_parquet(content)
    return pl.concat([scan_frame(each) for each in listed.partitions])


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The files of partitions, and the column by which their rows are in order together."""

    by: str
    partitions: tuple[Artifact, ...]


def list_partitions(content: bytes) -> Listed | None:
    """Return what a file lists that only lists others; None where it holds its rows itself."""
    found = pl.read_parquet_metadata(io.BytesIO(content)).get(PARTITIONS)
    if found is None:
        return None
    listed = json.loads(found)
    return Listed(by=listed["by"], partitions=tuple(Artifact(**each) for each in listed["partitions"]))

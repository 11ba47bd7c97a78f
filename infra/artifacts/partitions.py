"""Rows of a run that are stored in several files: one for each partition, and an empty one that lists them.

The empty one bears the usual name, and ``load_frame`` and ``scan_frame`` read what it lists. Where there is one
partition, its file bears the usual name itself, and nothing tells it from any other.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

import polars as pl

from infra.artifacts.run_files import PARTITIONS, list_partitions, load_bytes, name_artifact, save_beside, upload
from infra.context import ledger, systems, uploads
from schemas.file_names import FileName, one_of_several
from schemas.records import Artifact
from tasks.core.planning.buckets import divided
from tasks.core.writing.parquet import pack_rows


def store_partition(run_id: str, name: FileName, number: int, partitions: int, content: bytes) -> Artifact:
    """Store one partition, from 0, of so many, in Parquet. Nobody knows of it until ``save_partitions``."""
    own = name if partitions == 1 else one_of_several(name, f"{number + 1}-of-{partitions}")
    artifact = name_artifact(run_id, own, content)
    upload(artifact, content)
    systems().recent_files.keep(artifact.sha256, content)
    return artifact


def save_partitions(run_id: str, name: FileName, stored: Sequence[Artifact], *, by: str) -> Artifact:
    """Enter stored partitions in the ledger as one file of a run; loaded as a whole, its rows are ordered by *by*."""
    for artifact in stored:
        uploads().then(partial(ledger().record_artifact, run_id, artifact))
    if len(stored) == 1:
        return stored[0]
    listed = json.dumps({"by": by, "partitions": [asdict(artifact) for artifact in stored]})
    buffer = io.BytesIO()
    pl.scan_parquet(load_bytes(stored[0])).head(0).collect().write_parquet(buffer, metadata={PARTITIONS: listed})
    return save_beside(run_id, name, buffer.getvalue())  # entered after what it lists


def save_divided(run_id: str, name: FileName, rows: pl.DataFrame, *, key: str, by: str, partitions: int) -> Artifact:
    """Store rows that are in memory, divided into so many partitions by the column *key*."""
    packed = (pack_rows(part.lazy()) for part in divided(rows, rows[key], partitions))
    stored = [store_partition(run_id, name, number, partitions, content) for number, content in enumerate(packed)]
    return save_partitions(run_id, name, stored, by=by)


def partitions_of(artifact: Artifact) -> list[Artifact]:
    """Return the files of the partitions of a stored file: itself, where there is one."""
    listed = list_partitions(load_bytes(artifact))
    return list(listed.partitions) if listed else [artifact]

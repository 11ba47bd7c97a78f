"""The list of a run's files with their SHA-256, so that anyone can check them without us."""

import json
from dataclasses import asdict

from pydantic import TypeAdapter

from infra.artifacts import MANIFEST, save_view, view_key
from infra.opening import ledger, storage
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact

_ARTIFACTS = TypeAdapter(list[Artifact])


def write_manifest(run_id: str) -> Artifact:
    """List every file of the run, earlier attempts' too; the manifest does not list itself."""
    files = [artifact for artifact in ledger().list_artifacts(run_id) if artifact.name != MANIFEST]
    document = {"run_id": run_id, "files": [asdict(artifact) for artifact in files]}
    return save_view(run_id, MANIFEST, json.dumps(document, indent=1, sort_keys=True).encode())


def read_manifest(run_id: str) -> list[Artifact]:
    """Return the files of a run as its manifest lists them; the ledger is not asked.

    Raises:
        FileNeedsFixing: There is no manifest: the run never got as far as a report.
    """
    key = view_key(run_id, MANIFEST)
    if storage().head(key) is None:
        raise FileNeedsFixing(
            f"Run {run_id} has no manifest: it ended before its report. See counterfoil show {run_id}."
        )
    return _ARTIFACTS.validate_python(json.loads(storage().get(key))["files"])

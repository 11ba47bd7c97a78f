"""The list of a run's files with their SHA-256, so that anyone can check them without us."""

import json
from dataclasses import asdict

from infra.artifacts.run_files import save_view
from infra.context import ledger
from schemas import file_names
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact


def write_manifest(run_id: str) -> Artifact:
    """List every file of the run, earlier attempts' too; the manifest does not list itself."""
    files = [artifact for artifact in ledger().list_artifacts(run_id) if artifact.name != file_names.MANIFEST]
    document = {"run_id": run_id, "files": [asdict(artifact) for artifact in files]}
    return save_view(run_id, file_names.MANIFEST, json.dumps(document, indent=1, sort_keys=True).encode())


def list_stored(run_id: str) -> list[Artifact]:
    """Return the files of a run as the ledger has them, the manifest too: who can write to the store could rewrite it.

    Raises:
        FileNeedsFixing: There is no manifest: the run never got as far as a report.
    """
    files = ledger().list_artifacts(run_id)
    if not any(artifact.name == file_names.MANIFEST for artifact in files):
        raise FileNeedsFixing(
            f"Run {run_id} has no manifest: it ended before its report. See counterfoil show {run_id}."
        )
    return list(files)

"""The export that tells what became of an upload: one that is later than it, and not that which it was made from.

What stands in it is for the connector to say.
"""

import hashlib

from infra.artifacts.register_exports import newest_export
from schemas import file_names
from schemas.problems import FileNeedsFixing, Refused
from schemas.records import RunReport
from schemas.register_exports import Export, folder_of


def later_export(uploaded: RunReport, dialect: str) -> Export | None:
    """Return the newest export in *dialect* if it is newer than the run that wrote the upload, else None."""
    export, ended = newest_export(dialect), uploaded.finished_at
    if export is None or ended is None or export.stored_at < ended.replace(microsecond=0):
        return None
    # the store tells whole seconds: of the second in which the run ended, only the content tells what was there before
    return None if export.stored_at <= ended and _is_source(uploaded, export) else export


def expect_another(uploaded: RunReport, export: Export) -> None:
    """Turn away the export from which the upload was made: it would say of every change that it was refused."""
    if _is_source(uploaded, export):
        raise FileNeedsFixing(
            f"{export.name} is the export from which the upload of run {uploaded.run_id} was made. "
            "Upload the file, export everything again, and give that export."
        )


def _is_source(uploaded: RunReport, export: Export) -> bool:
    used = [
        uploaded.artifacts[name].sha256
        for name in (file_names.REGISTER_CSV, file_names.REGISTER_XLSX)
        if name in uploaded.artifacts
    ]
    return hashlib.sha256(export.content).hexdigest() in used


def expect_known(uploaded: RunReport | None, run_id: str, dialect: str, *, undone: bool) -> None:
    """Turn away an undo of an upload as long as nobody knows what became of it, or what is there since.

    Where it was *undone* before, an export may well be again what the upload was made from.

    Raises:
        Refused: The run has not ended.
        FileNeedsFixing: Nobody said how the upload went, or no export is later than it.
    """
    if uploaded is None:
        raise Refused(f"Run {run_id} has not ended: there is no upload of it that could be put back.")
    if uploaded.changes.unknown:
        raise FileNeedsFixing(
            f"Nobody has said yet what became of the upload of run {uploaded.run_id} ({uploaded.changes.unknown:,} "
            "changes are unknown). Was it never uploaded? Then there is nothing to put back. Else export everything "
            f"again, drop the export in {folder_of(dialect)}, run counterfoil confirm {uploaded.run_id}, then this "
            "again."
        )
    export = later_export(uploaded, dialect)
    if export is None:
        raise FileNeedsFixing(
            f"No export in {folder_of(dialect)} is newer than run {uploaded.run_id}, so it cannot be seen what is "
            "there now. Export everything again, drop the export there, and run again."
        )
    if not undone:
        expect_another(uploaded, export)

"""Settle the unknown changes of an upload by the next export of the system that took it."""

import hashlib
from pathlib import PurePosixPath

import polars as pl

from infra.artifacts import load_frame, save_bytes, save_frame
from infra.clock import now
from infra.connectors import ReadsExports
from infra.opening import ledger, storage
from infra.registers import Export, folder_of, keep_export
from schemas.domain import Domain
from schemas.problems import FileNeedsFixing
from schemas.records import RunReport
from tasks.core.next_export import settle_by_export
from tasks.core.writing.files import write_escaped
from tasks.extract import inbox_path
from tasks.recognise import dialect_of
from tasks.spot_check import save_spot_check
from tasks.validate_customers import register


def settle_by_next_export(told: RunReport, domain: Domain, connector: ReadsExports, inbox_key: str) -> pl.DataFrame:
    """Store what became of each change, the records as they are now, and every cell that is not as wanted.

    Raises:
        FileNeedsFixing: There is no export that is later than the upload.
    """
    export = _named(inbox_key) if inbox_key else _newest(told, connector)
    _expect_another(told, export)
    records = connector.read_export(export, domain.resource)
    settled = settle_by_export(load_frame(told.artifacts["outcomes.parquet"]), records, domain.resource, register())
    touched = settled.outcomes[domain.resource.key].implode()
    save_bytes(told.run_id, f"next-export{PurePosixPath(export.name).suffix.lower() or '.bin'}", export.content)
    save_frame(told.run_id, "outcomes.parquet", settled.outcomes)
    save_frame(told.run_id, "read-back.parquet", records.filter(pl.col(domain.resource.key).is_in(touched)))
    _spot_check(told, domain, settled.outcomes, records)
    if settled.mismatches.height:
        save_bytes(told.run_id, "mismatches.csv", write_escaped(settled.mismatches))
    if inbox_key:
        keep_export(connector.dialect.name, export)
    return settled.outcomes


def _spot_check(told: RunReport, domain: Domain, outcomes: pl.DataFrame, records: pl.DataFrame) -> None:
    """Draw the sheet that could not be drawn while nobody knew what became of the upload."""
    options = ledger().get_run(told.run_id).run.options
    source = next(artifact for name, artifact in told.artifacts.items() if name.startswith("source."))
    dialect = dialect_of(source, told.source, options["dialect"], options["headings"])
    save_spot_check(told.run_id, domain, dialect, source, outcomes, records)


def _named(inbox_key: str) -> Export:
    key = inbox_path(inbox_key)
    return Export(name=key, content=storage().get(key), stored_at=now())


def _newest(told: RunReport, connector: ReadsExports) -> Export:
    export = connector.newest_export()
    # the store tells whole seconds; the export the upload was made from is turned away by its content
    if export is None or told.finished_at is None or export.stored_at < told.finished_at.replace(microsecond=0):
        raise FileNeedsFixing(
            f"No export in {folder_of(connector.dialect.name)} is newer than run {told.run_id}. Upload its file, "
            "export all customers again, drop the export there (or name it), and run again."
        )
    return export


def _expect_another(told: RunReport, export: Export) -> None:
    """Turn away the export from which the upload was made: it would say of every change that it was refused."""
    used = [told.artifacts[name].sha256 for name in ("register.csv", "register.xlsx") if name in told.artifacts]
    if hashlib.sha256(export.content).hexdigest() in used:
        raise FileNeedsFixing(
            f"{export.name} is the export from which the upload of run {told.run_id} was made. "
            "Upload the file, export all customers again, and give that export."
        )

"""Settle the unknown changes of an upload by what the system that took it shows: its next export, or its interface."""

from pathlib import PurePosixPath

import polars as pl

from infra.artifacts.register_exports import keep_export
from infra.artifacts.run_files import load_frame, save_bytes, save_frame
from infra.clock import now
from infra.connectors import ReadsExports
from infra.context import ledger, storage, target
from schemas import file_names
from schemas.domain import Dialect, Domain
from schemas.domains import DOMAINS
from schemas.problems import Bug, FileNeedsFixing
from schemas.records import RunReport, Total
from schemas.register_exports import Export, Shown, folder_of
from tasks.chain.extract import inbox_path
from tasks.chain.later_exports import expect_another, later_export
from tasks.chain.step import step
from tasks.chain.upload_answers import Settlement
from tasks.core.customers.next_export import Settled, settle_by_export
from tasks.core.wording.words import counted, were
from tasks.core.writing.files import write_escaped
from tasks.customers.dialect import dialect_of
from tasks.customers.spot_check import save_spot_check
from tasks.customers.validate import register


@step
def settle_by_next_export(uploaded: RunReport, inbox_key: str) -> Settlement:
    """Store what became of each change, the records as they are now, and every cell that is not as wanted.

    An export tells more than the system's own interface, so that is only asked where there is none.

    Raises:
        FileNeedsFixing: There is no export that is later than the upload, and nothing else to ask.
    """
    domain, connector = DOMAINS[uploaded.domain], target(uploaded.target)
    if not isinstance(connector, ReadsExports):
        raise Bug(f"{uploaded.target} has no exports.")
    source, shown = _exported(uploaded, domain, connector, inbox_key) or _asked(uploaded, domain, connector)
    outcomes = load_frame(uploaded.artifacts[file_names.OUTCOMES])
    settled = settle_by_export(outcomes, shown, domain.resource, register())
    _save(uploaded, domain, source, shown, settled)
    if inbox_key:
        keep_export(connector.dialect.name, source)
    return Settlement(
        outcomes=settled.outcomes,
        after=(Total(currency="", count=shown.records.height, sum_cents=0),) if shown.whole else (),
        says=_unseen_says(settled.unseen, domain, connector.dialect),
    )


def _save(uploaded: RunReport, domain: Domain, source: Export, shown: Shown, settled: Settled) -> None:
    now_there = shown.records.with_columns(
        pl.lit(None, pl.String).alias(c) for c in domain.resource.columns if c not in shown.records.columns
    ).select(domain.resource.key, *domain.resource.columns)
    touched = settled.outcomes[domain.resource.key].implode()
    save_bytes(
        uploaded.run_id, file_names.ending_in(file_names.NEXT_EXPORT, PurePosixPath(source.name).suffix), source.content
    )
    save_frame(uploaded.run_id, file_names.OUTCOMES, settled.outcomes)
    save_frame(uploaded.run_id, file_names.READ_BACK, now_there.filter(pl.col(domain.resource.key).is_in(touched)))
    _spot_check(uploaded, domain, settled.outcomes, shown.records)
    for name, cells in ((file_names.MISMATCHES, settled.mismatches), (file_names.NOT_SHOWN, settled.unseen)):
        if cells.height:
            save_bytes(uploaded.run_id, name, write_escaped(cells))


def _unseen_says(unseen: pl.DataFrame, domain: Domain, dialect: Dialect) -> tuple[str, ...]:
    """Say what was confirmed without having been seen; a heading of the system's own says more than our name."""
    if unseen.is_empty():
        return ()
    headings = {column.name: column.heading for column in dialect.columns}
    own = [headings.get(name, name) for name in domain.resource.columns if name in set(unseen["column"])]
    others = sorted(set(unseen["column"]) - set(domain.resource.columns))
    return (
        f"{counted(unseen.height, 'cell')} {were(unseen.height)} not verified, because the interface does not "
        f"show this ({', '.join([*own, *others])}; see not-shown.csv). After the next export import the file again: "
        "whatever did not arrive is planned again.",
    )


def _exported(
    uploaded: RunReport, domain: Domain, connector: ReadsExports, inbox_key: str
) -> tuple[Export, Shown] | None:
    """Return the export that is later than the upload, None where nobody has made one."""
    export = _named(inbox_key) if inbox_key else later_export(uploaded, connector.dialect.name)
    if export is None:
        return None
    expect_another(uploaded, export)
    return export, Shown(records=connector.read_export(export, domain.resource))


def _asked(uploaded: RunReport, domain: Domain, connector: ReadsExports) -> tuple[Export, Shown]:
    answer = connector.ask(uploaded.started_at, domain.resource) if uploaded.started_at else None
    if answer is None:
        raise FileNeedsFixing(
            f"No export in {folder_of(connector.dialect.name)} is newer than run {uploaded.run_id}. Upload its file, "
            "export all customers again, drop the export there (or name it), and run again."
        )
    return answer


def _spot_check(uploaded: RunReport, domain: Domain, outcomes: pl.DataFrame, records: pl.DataFrame) -> None:
    """Draw the sheet that could not be drawn while nobody knew what became of the upload; an undo has no file."""
    source = next((each for name, each in uploaded.artifacts.items() if name.startswith("source.")), None)
    if source is None:
        return
    options = ledger().get_run(uploaded.run_id).run.options
    dialect = dialect_of(source, uploaded.source, options["dialect"], options["headings"])
    save_spot_check(uploaded.run_id, domain, dialect, source, outcomes.lazy(), records.lazy())


def _named(inbox_key: str) -> Export:
    key = inbox_path(inbox_key)
    return Export(name=key, content=storage().get(key), stored_at=now())

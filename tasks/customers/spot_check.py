"""A sheet of some customers, file and target side by side, for a person to tick."""

import polars as pl

from infra.artifacts.run_files import load_bytes, save_bytes, scan_frame
from infra.context import settings
from schemas import file_names
from schemas.domain import Dialect, Domain
from schemas.records import Artifact, Batch, Receipt, Run, Verification
from tasks.chain.step import step
from tasks.chain.validate import sizes
from tasks.core.customers.spot_check import confidence_says, draw, spot_check_sheet
from tasks.core.planning.changes import OURS
from tasks.core.reading.row_lookup import read_rows_on


@step
def spot_check(
    run: Run, domain: Domain, dialect: Dialect, batch: Batch, receipt: Receipt, verification: Verification
) -> None:
    """Store ``spot-check.xlsx``, if anything was written; the same run draws the same customers."""
    outcomes, now = scan_frame(receipt.outcomes), scan_frame(verification.read_back)
    save_spot_check(run.run_id, domain, dialect, batch.source, outcomes, now)


def save_spot_check(
    run_id: str, domain: Domain, dialect: Dialect, source: Artifact, outcomes: pl.LazyFrame, now: pl.LazyFrame
) -> None:
    """Draw from the written changes, read the rows of the file that they came from, and store the sheet.

    Beside the file, which takes much memory, only what is drawn is held.
    """
    key, ours = domain.resource.key, pl.col("outcome").is_in(OURS) & pl.col("line").is_not_null()
    written = outcomes.filter(ours).select("line", key).collect()
    if written.is_empty():
        return
    drawn = draw(written, key, seed=run_id, count=settings().spot_check_rows)
    says = confidence_says(drawn.height, written.height)
    table = read_rows_on(
        load_bytes(source),
        drawn["line"].to_list(),
        name=source.name,
        dialect=dialect,
        code_page=settings().code_page,
        sizes=sizes(),
    )
    held = now.filter(pl.col(key).is_in(drawn[key].implode())).collect()
    save_bytes(run_id, file_names.SPOT_CHECK, spot_check_sheet(drawn, held, table, key, says=says))

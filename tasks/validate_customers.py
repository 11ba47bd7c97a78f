"""Read a file of customers and check every row; rejects go back to the person who can correct them."""

from zoneinfo import ZoneInfo

from infra.artifacts import load_bytes, save_frame
from infra.clock import now
from infra.settings import settings
from schemas.domain import Dialect, Domain
from schemas.records import Batch, Run, Total, Validated
from tasks.core.checking.customer_values import Register
from tasks.core.checking.customers import BlankCells, check_customers
from tasks.core.lineage import followed_run, read_references, reading_lines
from tasks.step import step
from tasks.validate import read_as, save_rejects


@step
def validate_customers(
    run: Run, batch: Batch, domain: Domain, dialect: Dialect, *, blank_cells: BlankCells
) -> Validated:
    """Read the batch and check it as customers, every row.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    table = read_as(dialect, load_bytes(batch.source), run.source)
    references = read_references(table.references)
    checked = check_customers(table, dialect, register(), blank_cells=blank_cells)
    accepted, findings, rows = (
        save_frame(run.run_id, "accepted.parquet", checked.accepted),
        checked.findings,
        checked.rows,
    )
    del checked  # what is stored makes room for the rejects
    return Validated(
        rows=rows,
        accepted=accepted,
        findings=save_frame(run.run_id, "findings.parquet", findings),
        rejects=save_rejects(run, table, findings, domain, dialect),
        totals=(Total(currency="", count=rows.accepted, sum_cents=0),),
        concerns=table.concerns,
        reading=reading_lines(table),
        references=save_frame(run.run_id, "references.parquet", references),
        follows=followed_run(references),
        reference="",
    )


def register() -> Register:
    """Return what this shop's register takes for granted."""
    ours = settings()
    return Register(
        default_country=ours.country,
        today=now().astimezone(ZoneInfo(ours.time_zone)).date(),
        ignore_dots="dots" in ours.one_email_ignores,
        ignore_plus="plus" in ours.one_email_ignores,
    )

"""Read a file of customers and check every row; rejects go back to the person who can correct them."""

from zoneinfo import ZoneInfo

from infra.artifacts.pieces import passing_pieces
from infra.artifacts.run_files import load_bytes, save_frame
from infra.clock import now
from infra.context import settings
from schemas import file_names
from schemas.domain import Dialect, Domain
from schemas.records import Artifact, Batch, RowCounts, Run, Total, Validated
from tasks.chain.partitions import save_scattered
from tasks.chain.step import step
from tasks.chain.validate import read_returned_in_parts, references_of, save_rejects
from tasks.core.checking.findings import add_up_rows
from tasks.core.customers.checks import BlankCells, FoundInAll, judge_all
from tasks.core.customers.values import Register
from tasks.core.planning.buckets import partitions_for
from tasks.core.reading.parts import Parts
from tasks.core.reading.row_numbers import with_rows
from tasks.core.rejects.lineage import followed_run, key_columns, keys_of, reading_lines
from tasks.customers.check_parts import check_parts, found_in


@step
def validate_customers(
    run: Run, batch: Batch, domain: Domain, dialect: Dialect, *, blank_cells: BlankCells
) -> Validated:
    """Read the batch and check it as customers, every row.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    parts = read_returned_in_parts(dialect, load_bytes(batch.source), run.source)
    accepted, rows, checked = _check(run, parts, blank_cells)
    references = references_of(checked.file)
    rejected = parts.cells_on(checked.findings["line"], key_columns(domain.resource))
    return Validated(
        rows=rows,
        accepted=accepted,
        findings=save_frame(run.run_id, file_names.FINDINGS, with_rows(checked.findings, checked.file.originals)),
        rejects=save_rejects(run, checked.file, checked.findings, keys_of(rejected, domain.resource), dialect),
        totals=(Total(currency="", count=rows.accepted, sum_cents=0),),
        concerns=checked.file.concerns,
        reading=reading_lines(checked.file),
        references=save_frame(run.run_id, file_names.REFERENCES, references),
        follows=followed_run(references),
        reference="",
    )


def _check(run: Run, parts: Parts, blank_cells: BlankCells) -> tuple[Artifact, RowCounts, FoundInAll]:
    """Store the accepted rows, count them, and return what was found in all."""
    partitions = partitions_for(parts.raw.height, settings().rows_a_partition)
    with passing_pieces(run.run_id):
        checked, scattered = check_parts(run, parts, register(), blank_cells, partitions)
        found = judge_all(parts, [found_in(parts, part) for part in checked])
        repeated = found.repeated["line"]
        accepted, kept = save_scattered(run.run_id, file_names.ACCEPTED, scattered, by="line", without=repeated)
    return accepted, add_up_rows(found.file, kept, found.findings), found


def register() -> Register:
    """Return what this shop's register takes for granted."""
    ours = settings()
    return Register(
        default_country=ours.country,
        today=now().astimezone(ZoneInfo(ours.time_zone)).date(),
        ignore_dots="dots" in ours.one_email_ignores,
        ignore_plus="plus" in ours.one_email_ignores,
    )

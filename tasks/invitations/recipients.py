"""Find out whom to invite: the customers that a run created, or the people of a file."""

import polars as pl

from infra.artifacts.run_files import load_bytes, load_frame, save_frame
from infra.context import ledger, settings
from schemas import file_names
from schemas.invitations import PEOPLE, Invited
from schemas.problems import FileNeedsFixing
from schemas.records import RowCounts, Run
from tasks.chain.extract import inbox_path, take_in
from tasks.chain.step import step
from tasks.chain.validate import read_returned, references_of, save_rejects
from tasks.core.invitations.recipients import created_customers, listed_people
from tasks.core.reading.row_numbers import with_rows
from tasks.core.rejects.lineage import reading_lines


def source_of(run_id: str, inbox_key: str) -> str:
    """Return what people are invited from.

    Raises:
        FileNeedsFixing: Neither a run nor a file was named, or both, or there is no such run.
    """
    if bool(run_id) == bool(inbox_key):
        raise FileNeedsFixing("Name either a run (run_id) or a file in the inbox (inbox_key), then run again.")
    return ledger().get_run(run_id).run.run_id if run_id else inbox_key


@step
def gather_created(run: Run) -> Invited:
    """Take the customers that the run named by ``run.source`` created.

    Raises:
        FileNeedsFixing: It created none, or changed something else.
    """
    stored = ledger().list_latest_artifacts(run.source).get(file_names.OUTCOMES)
    if stored is None:
        raise FileNeedsFixing(f"Run {run.source} has written nothing yet. Run it with mode apply, then invite.")
    people = created_customers(load_frame(stored), run_id=run.source, usual=settings().mail_language)
    return Invited(
        rows=RowCounts(rows_in=people.height, accepted=people.height, rejected=0),
        invitees=save_frame(run.run_id, file_names.INVITEES, people),
    )


@step
def gather_listed(run: Run) -> Invited:
    """Read the people of an inbox file; rows without a usable address come back as a rejects file.

    Raises:
        FileNeedsFixing: There is no such file, or it cannot be read as a whole.
    """
    batch = take_in(run, inbox_path(run.source))
    table = read_returned(PEOPLE, load_bytes(batch.source), run.source)
    people, findings, rows = listed_people(table, usual=settings().mail_language)
    if findings.height:  # who has no address is known by none: only what comes back says whom it is about
        nobody = pl.DataFrame(schema={"line": pl.UInt32, "key": pl.String})
        save_rejects(run, table, findings, nobody, PEOPLE)
    return Invited(
        rows=rows,
        invitees=save_frame(run.run_id, file_names.INVITEES, people),
        findings=save_frame(run.run_id, file_names.FINDINGS, with_rows(findings, table.originals)),
        references=save_frame(run.run_id, file_names.REFERENCES, references_of(table)),
        reading=reading_lines(table),
        concerns=table.concerns,
    )

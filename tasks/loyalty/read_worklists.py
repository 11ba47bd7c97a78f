"""Take in worklists that people filled in, and find the failures that they decide about."""

from collections.abc import Sequence
from pathlib import PurePosixPath

import polars as pl

from infra.artifacts.run_files import save_bytes, save_parts
from infra.context import ledger, storage
from schemas import file_names
from schemas.inbox import Taken
from schemas.loyalty.actions import LOYALTY_DECISIONS
from schemas.loyalty.reports import WORKLIST
from schemas.loyalty.steps import Filled
from schemas.problems import FileNeedsFixing
from schemas.records import Run
from tasks.chain.extract import inbox_path
from tasks.chain.inbox_files import files_to_take
from tasks.chain.step import step
from tasks.chain.validate import read_as


@step
def read_worklists(run: Run, keys: Sequence[str]) -> Filled:
    """Store the named worklists, or every new one, as they arrived.

    Raises:
        FileNeedsFixing: One is not there, or cannot be read as a whole.
    """
    for key in keys:
        _see_it_is_there(key)
    files = files_to_take(LOYALTY_DECISIONS, keys)
    contents = [(PurePosixPath(info.key).name, storage().get(info.key)) for info in files]
    tables = [read_as(WORKLIST, content, name) for name, content in contents]
    named = [table.cells.filter(pl.col("decision") != "")["failure_key"] for table in tables]
    asked = pl.concat([pl.Series([], dtype=pl.String), *named]).str.to_lowercase()
    decided = ledger().failures.load(asked).states
    return Filled(
        names=tuple(name for name, _ in contents),
        sources=tuple(
            save_bytes(
                run.run_id,
                file_names.ending_in(file_names.one_of_several(file_names.SOURCE, number), PurePosixPath(name).suffix),
                content,
            )
            for number, (name, content) in enumerate(contents, 1)
        ),
        failures=save_parts(run.run_id, file_names.DECIDED_ABOUT, [decided]),
        taken=tuple(Taken(key=info.key, etag=info.etag) for info in files),
    )


def _see_it_is_there(key: str) -> None:
    if storage().head(inbox_path(key)) is None:
        sweep = ledger().find_last_run("sweep-loyalty-failures", with_artifact=file_names.WORKLIST_XLSX)
        run_id = sweep.run.run_id if sweep else "RUN"
        raise FileNeedsFixing(
            f"{key}: there is no such worklist, neither in the folder where the command was given nor in the inbox. "
            f"A worklist lies with the sweep that wrote it: counterfoil get {run_id} worklist.xlsx. Fill in decision "
            f"and note, then: counterfoil resolve FILE, or drop it in the inbox under {LOYALTY_DECISIONS}."
        )

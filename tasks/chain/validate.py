"""Read a file and check every row; rows that cannot be right go back to the person who can correct them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import polars as pl

from infra.artifacts.partitions import save_divided
from infra.artifacts.run_files import load_bytes, save_beside, save_json
from infra.context import ledger, settings
from schemas import file_names
from schemas.domain import Dialect, NumberFormat
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact, Run
from schemas.tables import Table
from tasks.chain.returned_rejects import compare_with_rejects
from tasks.core.checking.number_formats import Concluded, NumberFormatName
from tasks.core.checking.spreadsheet_codes import without_damage
from tasks.core.planning.buckets import partitions_for
from tasks.core.reading.parts import ROWS_AT_ONCE, Parts, in_parts
from tasks.core.reading.raw_rows import RawRows
from tasks.core.reading.table import Sizes, find_rows, read_table, refuse_no_rows, to_table
from tasks.core.rejects.file import write_rejects
from tasks.core.rejects.lineage import hash_keys, references_and_drops
from tasks.core.rejects.returned_rows import Answered

_BY_FORMAT = frozenset({"AMOUNT_AMBIGUOUS", "AMOUNT_THOUSANDS", "AMOUNT_DECIMAL_COMMA"})
"""Rejects that are put right by naming the number format."""


def read_as(dialect: Dialect, content: bytes, name: str) -> Table:
    """Read a file into a table of text.

    Raises:
        FileNeedsFixing: It cannot be read as a whole.
    """
    with _to_be_replaced():
        table = read_table(content, name=name, dialect=dialect, code_page=settings().code_page, sizes=sizes())
    return without_damage(table, dialect)


def read_returned(
    dialect: Dialect, content: bytes, name: str, *, answered: Answered | None = None, together: str = ""
) -> Table:
    """Read a file that may be a rejects file which comes back: nothing in it goes in that nobody has corrected.

    Raises:
        FileNeedsFixing: It cannot be read as a whole.
    """
    with _to_be_replaced():
        table = to_table(_find_returned(dialect, content, name, answered, together), dialect)
        refuse_no_rows(table, name)
    return without_damage(table, dialect)


def read_returned_in_parts(dialect: Dialect, content: bytes, name: str) -> Parts:
    """Read such a file some rows at a time.

    Raises:
        FileNeedsFixing: It cannot be read as a whole.
    """
    with _to_be_replaced():
        raw, size = _find_returned(dialect, content, name, None, ""), min(ROWS_AT_ONCE, settings().rows_a_partition)
        return in_parts(raw, dialect, name=name, rows_at_once=size)


def _find_returned(dialect: Dialect, content: bytes, name: str, answered: Answered | None, together: str) -> RawRows:
    def find(stored: bytes, called: str) -> RawRows:
        return find_rows(stored, name=called, dialect=dialect, code_page=settings().code_page, sizes=sizes())

    return compare_with_rejects(find(content, name), find, answered=answered, together=together)


def answered_by(number_format: NumberFormatName, *, rows: frozenset[str] = frozenset()) -> Answered:
    """Say which rejects the options of this run answer, as their messages offer; *rows*: codes of whole rows."""
    return Answered(
        rows=rows,
        cells=_BY_FORMAT if number_format != "auto" else frozenset(),
    )


def references_of(table: Table) -> pl.DataFrame:
    """Return which rejects of which run the rows of a file are, those too that it drops."""
    return references_and_drops(table.references, table.dropped)


@contextmanager
def _to_be_replaced() -> Iterator[None]:
    try:
        yield
    except FileNeedsFixing as problem:
        says = f"{problem.says} Replace the file under the same name and press Retry."
        raise FileNeedsFixing(says, code=problem.code) from None


def format_of_first(follows: str) -> NumberFormat | None:
    """Return the format in which the first file of a lineage was read: a few corrected rows are no column."""
    stored = ledger().list_latest_artifacts(follows).get(file_names.NUMBER_FORMAT) if follows else None
    return NumberFormat(**json.loads(load_bytes(stored))) if stored else None


def save_format(run: Run, concluded: Concluded, table: Table) -> None:
    """Store how the amounts of a file were read, if that holds for other rows of the same people too.

    People named it, or cells of text show it; numbers of a workbook show nothing.
    """
    if concluded.how == "chosen" or (concluded.how == "concluded" and table.form.kind == "csv"):
        save_json(run.run_id, file_names.NUMBER_FORMAT, asdict(concluded.format))


def sizes() -> Sizes:
    """Return how large this installation lets a file be."""
    limits = settings()
    return Sizes(
        max_file_bytes=limits.max_file_bytes, max_cell_chars=limits.max_cell_chars, max_columns=limits.max_columns
    )


def save_accepted(run: Run, rows: pl.DataFrame, key: str) -> Artifact:
    """Store the accepted rows, in as many partitions by *key* as their number asks for."""
    partitions = partitions_for(rows.height, settings().rows_a_partition)
    return save_divided(run.run_id, file_names.ACCEPTED, rows, key=key, by="line", partitions=partitions)


def save_rejects(
    run: Run, table: Table, findings: pl.DataFrame, keys: pl.DataFrame, dialect: Dialect
) -> Artifact | None:
    """Store the rejected rows as a file to correct, and enter them in the ledger; None where there are none.

    *keys* says by what the rows are known (``line, key``).
    """
    if findings.is_empty():
        return None
    ledger().record_rejects(run.run_id, hash_keys(findings, keys))
    return save_rejects_file(run, table, findings, dialect)


def save_rejects_file(run: Run, table: Table, findings: pl.DataFrame, dialect: Dialect) -> Artifact:
    """Store the rejected rows as a file to correct, in the form of the file that came."""
    content = write_rejects(table, findings, run_id=run.run_id, dialect=dialect)
    return save_beside(run.run_id, file_names.rejects_file(table.form.kind), content)

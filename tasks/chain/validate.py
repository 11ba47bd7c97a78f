"""Read a file and check every row; rows that cannot be right go back to the person who can correct them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict

import polars as pl

from infra.artifacts.run_files import load_bytes, save_bytes, save_frame, save_json
from infra.settings import settings
from infra.systems import ledger
from schemas.currencies import minor_digits
from schemas.domain import Dialect, Domain, NumberFormat
from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact, Batch, Run, Validated
from schemas.tables import Table
from tasks.chain.returned_rejects import hold_against_rejects
from tasks.chain.run_day import shop_day
from tasks.chain.step import step
from tasks.core.checking.number_formats import NumberFormatName, named_format
from tasks.core.checking.spreadsheet_codes import without_damage
from tasks.core.gift_cards.checks import ZeroBalances, check_gift_cards
from tasks.core.reading.parts import Parts, in_parts
from tasks.core.reading.raw_rows import RawRows
from tasks.core.reading.row_numbers import with_rows
from tasks.core.reading.table import Sizes, find_rows, read_table, refuse_no_rows, to_table
from tasks.core.rejects.file import write_rejects
from tasks.core.rejects.lineage import followed_run, hash_keys, keys_of, reading_lines, references_and_drops
from tasks.core.rejects.returned_rows import Answered

_FORMAT = "number-format.json"
_BY_FORMAT = frozenset({"AMOUNT_AMBIGUOUS", "AMOUNT_THOUSANDS", "AMOUNT_DECIMAL_COMMA"})
"""Rejects that are put right by naming the number format."""


@step
def validate_gift_cards(
    run: Run, batch: Batch, domain: Domain, *, number_format: NumberFormatName, zero_balances: ZeroBalances
) -> Validated:
    """Read the batch and check it as gift cards, every row.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    answered = answered_by(number_format, zero_balances)
    table = read_returned(LIGHTSPEED_X, load_bytes(batch.source), run.source, answered=answered)
    references = references_of(table)
    follows = followed_run(references)
    checked = check_gift_cards(
        table,
        currency=settings().currency,
        exponent=minor_digits(settings().currency),
        format_choice=named_format(number_format) or _format_of(follows),
        zero_balances=zero_balances,
        today=shop_day(),
    )
    if checked.format_is_settled:
        save_json(run.run_id, _FORMAT, asdict(checked.number_format))
    return Validated(
        rows=checked.rows,
        accepted=save_frame(run.run_id, "accepted.parquet", checked.accepted),
        findings=save_frame(run.run_id, "findings.parquet", with_rows(checked.findings, table.originals)),
        rejects=save_rejects(run, table, checked.findings, keys_of(table.cells, domain.resource), LIGHTSPEED_X),
        totals=checked.file_totals,
        concerns=checked.concerns,
        reading=reading_lines(checked.file, checked.format_says, *checked.notes),
        references=save_frame(run.run_id, "references.parquet", references),
        follows=follows,
        reference=run.options.get("reference") or _first_of_lineage(follows) or batch.source.sha256[:16],
    )


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
        return in_parts(_find_returned(dialect, content, name, None, ""), dialect, name=name)


def _find_returned(dialect: Dialect, content: bytes, name: str, answered: Answered | None, together: str) -> RawRows:
    def find(stored: bytes, called: str) -> RawRows:
        return find_rows(stored, name=called, dialect=dialect, code_page=settings().code_page, sizes=sizes())

    return hold_against_rejects(find(content, name), find, answered=answered, together=together)


def answered_by(number_format: NumberFormatName, zero_balances: ZeroBalances = "reject") -> Answered:
    """Say which rejects the options of this run answer, as their messages offer."""
    return Answered(
        rows=frozenset({"AMOUNT_ZERO"}) if zero_balances == "keep" else frozenset(),
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


def sizes() -> Sizes:
    """Return how large this installation lets a file be."""
    limits = settings()
    return Sizes(
        max_file_bytes=limits.max_file_bytes, max_cell_chars=limits.max_cell_chars, max_columns=limits.max_columns
    )


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
    ending = "csv" if table.form.kind == "csv" else "xlsx"
    content = write_rejects(table, findings, run_id=run.run_id, dialect=dialect)
    return save_bytes(run.run_id, f"rejects.{ending}", content)


def _format_of(follows: str) -> NumberFormat | None:
    """Return the format in which the first file of this lineage was read: a few corrected rows are no column."""
    stored = ledger().list_latest_artifacts(follows).get(_FORMAT) if follows else None
    return NumberFormat(**json.loads(load_bytes(stored))) if stored else None


def _first_of_lineage(follows: str) -> str:
    """Return the top-up reference of the run whose rejects this file corrects: no card is topped up in both."""
    if not follows:
        return ""
    with suppress(FileNeedsFixing):  # a reference to a run we do not know, or that never had a plan
        return ledger().get_plan_of(follows).options.get("reference", "")
    return ""

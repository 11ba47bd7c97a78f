"""Read a file of gift cards and check every row; rejects go back to the person who can correct them."""

from contextlib import suppress

import polars as pl

from infra.artifacts.pieces import passing_pieces
from infra.artifacts.run_files import load_bytes, load_frame, save_frame, scan_frame
from infra.context import ledger, settings
from schemas import file_names
from schemas.domain import Domain
from schemas.gift_cards import EXPIRES_ON, EXPIRING_CARDS, GIFT_CARDS, LIGHTSPEED_X, TAKE_EXPIRY
from schemas.problems import FileNeedsFixing
from schemas.records import Artifact, Batch, Run, Total, Validated
from tasks.chain.partitions import save_scattered
from tasks.chain.run_day import shop_day
from tasks.chain.step import step
from tasks.chain.validate import (
    answered_by,
    format_of_first,
    read_returned,
    references_of,
    save_format,
    save_rejects,
)
from tasks.core.checking.findings import add_up_rows
from tasks.core.checking.number_formats import NumberFormatName, named_format
from tasks.core.checking.total_checks import sum_amounts
from tasks.core.gift_cards.checks import FoundInAll, Prepared, ZeroBalances, conclude_columns, judge_all, total_of
from tasks.core.reading.currencies import minor_digits
from tasks.core.reading.row_numbers import with_rows
from tasks.core.rejects.lineage import followed_run, keys_of, reading_lines
from tasks.gift_cards.check_parts import check_parts, found_in


@step
def validate_gift_cards(
    run: Run, batch: Batch, domain: Domain, *, number_format: NumberFormatName, zero_balances: ZeroBalances
) -> Validated:
    """Read the batch and check it as gift cards, every row.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    kept = frozenset({"AMOUNT_ZERO"}) if zero_balances == "keep" else frozenset[str]()
    answered = answered_by(number_format, rows=kept)
    table = read_returned(LIGHTSPEED_X, load_bytes(batch.source), run.source, answered=answered)
    references = references_of(table)
    follows = followed_run(references)
    prepared = conclude_columns(
        table,
        currency=settings().currency,
        exponent=minor_digits(settings().currency),
        format_choice=named_format(number_format) or format_of_first(follows),
        zero_balances=zero_balances,
        today=shop_day(),
        expiry="written" if run.target in TAKE_EXPIRY else "looked at",
    )
    accepted, total, found = _check(run, prepared)
    rejected = table.cells.filter(pl.col("line").is_in(found.findings["line"].implode()))
    concluded = prepared.conventions.concluded
    save_format(run, concluded, table)
    return Validated(
        rows=add_up_rows(table, total.count, found.findings),
        accepted=accepted,
        findings=save_frame(run.run_id, file_names.FINDINGS, with_rows(found.findings, table.originals)),
        rejects=save_rejects(run, table, found.findings, keys_of(rejected, domain.resource), LIGHTSPEED_X),
        totals=(total,),
        concerns=found.concerns,
        reading=reading_lines(found.file, concluded.says, *found.notes),
        references=save_frame(run.run_id, file_names.REFERENCES, references),
        follows=follows,
        reference=run.options.get("reference") or _first_of_lineage(follows) or batch.source.sha256[:16],
    )


def _check(run: Run, prepared: Prepared) -> tuple[Artifact, Total, FoundInAll]:
    """Store the accepted rows, add them up, and return what was found in all."""
    with passing_pieces(run.run_id):
        checked, scattered = check_parts(run, prepared)
        found = judge_all(prepared, [found_in(part) for part in checked])
        accepted, _ = save_scattered(
            run.run_id,
            file_names.ACCEPTED,
            scattered,
            by="line",
            without=found.besides,
            beside=found.last_days,
        )
    cents = scan_frame(accepted).select("balance_cents").collect().to_series()
    return accepted, total_of(sum_amounts(cents), prepared.conventions.currency), found


def cards_as_told(validated: Validated) -> Domain:
    """Return what is planned: cards with until when they count, where the rows say so, else without."""
    return EXPIRING_CARDS if EXPIRES_ON in load_frame(validated.accepted).columns else GIFT_CARDS


def _first_of_lineage(follows: str) -> str:
    """Return the top-up reference of the run whose rejects this file corrects: no card is topped up in both."""
    if not follows:
        return ""
    with suppress(FileNeedsFixing):  # a reference to a run we do not know, or that never had a plan
        return ledger().get_plan_of(follows).options.get("reference", "")
    return ""

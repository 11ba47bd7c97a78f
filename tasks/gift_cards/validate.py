"""Read a file of gift cards and check every row; rejects go back to the person who can correct them."""

from contextlib import suppress

from infra.artifacts.run_files import load_bytes, save_frame
from infra.context import ledger, settings
from schemas import file_names
from schemas.currencies import minor_digits
from schemas.domain import Domain
from schemas.gift_cards import LIGHTSPEED_X
from schemas.problems import FileNeedsFixing
from schemas.records import Batch, Run, Validated
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
from tasks.core.checking.number_formats import NumberFormatName, named_format
from tasks.core.gift_cards.checks import ZeroBalances, check_gift_cards
from tasks.core.reading.row_numbers import with_rows
from tasks.core.rejects.lineage import followed_run, keys_of, reading_lines


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
    checked = check_gift_cards(
        table,
        currency=settings().currency,
        exponent=minor_digits(settings().currency),
        format_choice=named_format(number_format) or format_of_first(follows),
        zero_balances=zero_balances,
        today=shop_day(),
    )
    save_format(run, checked.concluded, table)
    return Validated(
        rows=checked.rows,
        accepted=save_frame(run.run_id, file_names.ACCEPTED, checked.accepted),
        findings=save_frame(run.run_id, file_names.FINDINGS, with_rows(checked.findings, table.originals)),
        rejects=save_rejects(run, table, checked.findings, keys_of(table.cells, domain.resource), LIGHTSPEED_X),
        totals=checked.file_totals,
        concerns=checked.concerns,
        reading=reading_lines(checked.file, checked.concluded.says, *checked.notes),
        references=save_frame(run.run_id, file_names.REFERENCES, references),
        follows=follows,
        reference=run.options.get("reference") or _first_of_lineage(follows) or batch.source.sha256[:16],
    )


def _first_of_lineage(follows: str) -> str:
    """Return the top-up reference of the run whose rejects this file corrects: no card is topped up in both."""
    if not follows:
        return ""
    with suppress(FileNeedsFixing):  # a reference to a run we do not know, or that never had a plan
        return ledger().get_plan_of(follows).options.get("reference", "")
    return ""

"""Read a file and check every row by the row model of its domain, where no step of its own does more."""

from infra.artifacts.run_files import load_bytes, save_frame
from infra.context import settings
from schemas import file_names
from schemas.domain import Domain
from schemas.records import Batch, Run, Total, Validated
from tasks.chain.run_day import shop_day
from tasks.chain.step import step
from tasks.chain.validate import (
    answered_by,
    format_of_first,
    read_returned,
    references_of,
    save_accepted,
    save_format,
    save_rejects,
)
from tasks.core.checking.number_formats import NumberFormatName, named_format
from tasks.core.checking.rows import CheckedRows, Shop, check_rows
from tasks.core.reading.currencies import minor_digits
from tasks.core.reading.row_numbers import with_rows
from tasks.core.rejects.lineage import followed_run, reading_lines


@step
def validate_rows(run: Run, batch: Batch, domain: Domain, *, number_format: NumberFormatName) -> Validated:
    """Read the batch and check every row as one of the domain.

    Raises:
        FileNeedsFixing: The file cannot be read as a whole.
    """
    dialect = domain.dialects[0]
    table = read_returned(dialect, load_bytes(batch.source), run.source, answered=answered_by(number_format))
    references = references_of(table)
    follows = followed_run(references)
    checked = check_rows(table, domain, _shop(), named_format(number_format) or format_of_first(follows))
    for concluded in list(checked.formats.values())[:1]:
        save_format(run, concluded, table)
    return Validated(
        rows=checked.rows,
        accepted=save_accepted(run, checked.accepted, domain.resource.key),
        findings=save_frame(run.run_id, file_names.FINDINGS, with_rows(checked.findings, table.originals)),
        rejects=save_rejects(run, table, checked.findings, checked.keys, dialect),
        totals=(_total(checked, domain),),
        concerns=checked.file.concerns,
        reading=reading_lines(checked.file, *dict.fromkeys(each.says for each in checked.formats.values())),
        references=save_frame(run.run_id, file_names.REFERENCES, references),
        follows=follows,
        reference=batch.source.sha256[:16],
    )


def _shop() -> Shop:
    ours = settings()
    digits = minor_digits(ours.currency)
    return Shop(currency=ours.currency, exponent=digits, country=ours.country, today=shop_day())


def _total(checked: CheckedRows, domain: Domain) -> Total:
    amount = domain.resource.amount
    cents = int(checked.accepted[amount].sum()) if amount else 0
    return Total(currency=settings().currency if amount else "", count=checked.accepted.height, sum_cents=cents)

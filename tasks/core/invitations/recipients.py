"""Who is to be told: the customers that a run created, or the rows of a file."""

from collections.abc import Callable, Mapping

import polars as pl

from schemas.columns import Reading, columns_in_files, shape_of
from schemas.invitations import CREATED_COLUMNS, MAIL_LANGUAGES, PEOPLE, Invitees, MailLanguage
from schemas.problems import FileNeedsFixing
from schemas.records import RowCounts
from schemas.tables import Table
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, no_rejects, pick
from tasks.core.checking.emails import mail_address
from tasks.core.checking.findings import column_findings, count_rows, without_rejects
from tasks.core.checking.readers import filled_in, whole_cells
from tasks.core.invitations.addresses import with_hash
from tasks.core.planning.changes import OURS

_UNSEEN = r"[\s\p{Cc}\p{Cf}]+"


def created_customers(outcomes: pl.DataFrame, *, run_id: str, usual: MailLanguage) -> pl.DataFrame:
    """Return the customers that a run created, as Invitees. *usual* is the language of those who have none.

    Raises:
        FileNeedsFixing: The run changed something else than customers.
    """
    if not {"kind", "outcome", *CREATED_COLUMNS} <= set(outcomes.columns):
        raise FileNeedsFixing(
            f"Run {run_id} changed no customers. Name a run that imported customers: counterfoil runs."
        )
    created = outcomes.filter(pl.col("kind") == "create", pl.col("outcome").is_in(OURS))
    people = created.select(
        pl.col(name).cast(pl.String).fill_null("").alias(name.removesuffix("_after")) for name in CREATED_COLUMNS
    )
    cells = people.with_row_index("line", offset=1)
    return _as_invitees(cells, _read(cells, usual))


def listed_people(table: Table, *, usual: MailLanguage) -> tuple[pl.DataFrame, pl.DataFrame, RowCounts]:
    """Return the people of a file as Invitees, the findings about all other rows, and the count of both."""
    cells = whole_cells(table, Invitees).with_columns(customer_id=pl.lit(""))
    read = _read(cells, usual)
    required = [column.name for column in PEOPLE.columns if column.required]
    unread = [column_findings(table, name, filled_in(cells[name], read[name])) for name in required]
    findings = pl.concat([table.findings, *unread]).sort("line", maintain_order=True)
    accepted = without_rejects(_as_invitees(cells, read), findings)
    return accepted, findings, count_rows(table, accepted, findings)


def _read(cells: pl.DataFrame, usual: MailLanguage) -> dict[str, ReadColumn]:
    declared = columns_in_files(Invitees).items()
    return {name: READERS[each.reads](cells[name], usual) for name, each in declared if each.reads}


def _as_invitees(cells: pl.DataFrame, read: Mapping[str, ReadColumn]) -> pl.DataFrame:
    people = cells.with_columns(pl.col("line").cast(pl.UInt32), *(read[name].values.alias(name) for name in read))
    return Invitees.validate(with_hash(people).select([*shape_of(Invitees)]))


def _addresses(cells: pl.Series, _: MailLanguage) -> ReadColumn:
    addresses = cells.map_elements(mail_address, pl.String)
    odd = pick(cells, (addresses == "") & (cells != ""))
    rejects = odd.select("index", code=pl.lit("MAIL_ADDRESS"), detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)
    return ReadColumn(values=addresses, rejects=rejects)


def _names(cells: pl.Series, _: MailLanguage) -> ReadColumn:
    """Make each name one line, for it stands in the head of a mail."""
    return ReadColumn(values=cells.str.replace_all(_UNSEEN, " ").str.strip_chars(), rejects=no_rejects())


def _languages(cells: pl.Series, usual: MailLanguage) -> ReadColumn:
    """Take ``fr``, ``fr-BE`` and ``Français`` for the same; what we have no mail in for the usual language."""
    codes = cells.str.strip_chars().str.to_lowercase().str.head(2)
    return ReadColumn(values=codes.set(~codes.is_in(MAIL_LANGUAGES), usual), rejects=no_rejects())


READERS: Mapping[Reading, Callable[[pl.Series, MailLanguage], ReadColumn]] = {
    "mail_address": _addresses,
    "mail_name": _names,
    "mail_language": _languages,
}

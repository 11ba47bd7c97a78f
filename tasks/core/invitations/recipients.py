"""Who is to be told: the customers that a run created, or the rows of a file."""

import polars as pl

from schemas.invitations import CREATED_COLUMNS, MAIL_LANGUAGES, Invitees, MailLanguage
from schemas.problems import FileNeedsFixing
from schemas.records import RowCounts
from schemas.tables import FINDINGS_SCHEMA, Table
from tasks.core.checking.emails import mail_address
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
    return _as_invitees(people.with_row_index("line", offset=1), usual)


def listed_people(table: Table, *, usual: MailLanguage) -> tuple[pl.DataFrame, pl.DataFrame, RowCounts]:
    """Return the people of a file as Invitees, the findings about all other rows, and the count of both."""
    absent = [pl.lit("").alias(name) for name in Invitees.to_schema().columns if name not in table.cells.columns]
    people = _as_invitees(table.cells.with_columns(absent), usual)
    findings = pl.concat([table.findings, _without_address(table, people)]).sort("line", maintain_order=True)
    accepted = people.filter(~pl.col("line").is_in(findings["line"].implode()))
    rejected = findings["line"].n_unique()
    return accepted, findings, RowCounts(rows_in=table.rows_in, accepted=accepted.height, rejected=rejected)


def _without_address(table: Table, people: pl.DataFrame) -> pl.DataFrame:
    unusable = table.cells.filter(people["email"] == "")
    code = pl.when(pl.col("email") == "").then(pl.lit("CELL_EMPTY")).otherwise(pl.lit("MAIL_ADDRESS"))
    return unusable.select(
        "line", heading=pl.lit(table.headings["email"]), value="email", code=code, detail=pl.lit("")
    ).cast(FINDINGS_SCHEMA)


def _as_invitees(people: pl.DataFrame, usual: MailLanguage) -> pl.DataFrame:
    """Read addresses and languages, and make each name one line, for it stands in the head of a mail."""
    names = [pl.col(name).str.replace_all(_UNSEEN, " ").str.strip_chars() for name in ("first_name", "last_name")]
    read = people.with_columns(
        *names,
        pl.col("line").cast(pl.UInt32),
        email=pl.col("email").map_elements(mail_address, pl.String),
        language=_language(usual),
    )
    return Invitees.validate(with_hash(read).select(list(Invitees.to_schema().columns)))


def _language(usual: MailLanguage) -> pl.Expr:
    """Take ``fr``, ``fr-BE`` and ``Français`` for the same; what we have no mail in for the usual language."""
    code = pl.col("language").str.strip_chars().str.to_lowercase().str.head(2)
    return pl.when(code.is_in(MAIL_LANGUAGES)).then(code).otherwise(pl.lit(usual))

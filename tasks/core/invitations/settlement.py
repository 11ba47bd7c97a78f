"""What became of each person, by what the ledger says of the campaign; and who is mailed now."""

from collections.abc import Collection

import polars as pl

from schemas.invitations import InvitationOutcome
from schemas.records import InvitationCounts

_PUT_OFF = pl.col("code").str.starts_with("4")
"""A 4xx answer: the server says "not now", so the mail did not go and may be tried again."""


def plan_people(
    invitees: pl.DataFrame, entries: pl.DataFrame, suppressed: Collection[str], run_id: str
) -> pl.DataFrame:
    """Add ``suppressed``, ``outcome`` and ``code`` to the invitees, before anybody is mailed.

    *entries* as in ``schemas.invitations.ENTRIES_SCHEMA``; *suppressed* are hashes.
    """
    people = invitees.with_columns(suppressed=pl.col("email_sha256").is_in(list(suppressed)))
    settled = settle_people(people, entries, run_id)
    again = (pl.col("outcome") == "refused") & _PUT_OFF & ~pl.col("suppressed")
    return settled.with_columns(outcome=pl.when(again).then(pl.lit("due")).otherwise("outcome"))


def settle_people(people: pl.DataFrame, entries: pl.DataFrame, run_id: str) -> pl.DataFrame:
    """Say anew what became of everyone, now that the ledger knows more.

    A mail that was started and never settled may have gone: it is unknown, and stays so.
    """
    known = people.select(pl.exclude("outcome", "code")).join(
        entries, on="email_sha256", how="left", maintain_order="left", validate="m:1"
    )
    settled = known.with_columns(outcome=_outcome(run_id), code=pl.col("code").fill_null(""))
    return settled.drop("state", "run_id")


def _outcome(run_id: str) -> pl.Expr:
    state = pl.col("state").fill_null("")
    return (
        pl.when(pl.col("email_sha256") == "")
        .then(pl.lit("no_address"))
        .when(~pl.col("email_sha256").is_first_distinct())
        .then(pl.lit("already"))
        .when(state.is_in(["started", "unknown"]))
        .then(pl.lit("unknown"))
        .when((state == "sent") & (pl.col("run_id") != run_id))
        .then(pl.lit("already"))
        .when(state != "")
        .then(state)
        .when("suppressed")
        .then(pl.lit("suppressed"))
        .otherwise(pl.lit("due"))
    )


def with_outcome(people: pl.DataFrame, *outcomes: InvitationOutcome) -> pl.DataFrame:
    """Return the people of whom one of these became."""
    return people.filter(pl.col("outcome").is_in(outcomes))


def count_people(people: pl.DataFrame) -> InvitationCounts:
    """Count what became of everyone."""
    return InvitationCounts(**dict(people["outcome"].value_counts().iter_rows()))

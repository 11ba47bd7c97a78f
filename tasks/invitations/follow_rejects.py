"""Rejected rows of a list of people are open until whoever they are about is invited, or somebody leaves them out."""

import polars as pl

from infra.artifacts.run_files import load_frame
from infra.context import settings
from infra.mail import is_practice
from schemas.invitations import Invited
from schemas.records import Run
from tasks.chain.close_rejects import close_referenced, drop_referenced, renew_report
from tasks.core.invitations.settlement import with_outcome


def close_invited(run: Run, invited: Invited, people: pl.DataFrame) -> None:
    """Close the rejects whose *people* were invited by now, or want no mails; and those that the file leaves out."""
    if invited.references is None or (run.target == "mail" and is_practice(settings())):
        return
    references = load_frame(invited.references)
    settled = with_outcome(people, "sent", "already", "suppressed").select("line")
    named = references.join(settled, on="line", how="semi")
    for run_id in sorted(close_referenced(named, run.run_id) | drop_referenced(references, run)):
        renew_report(run_id)

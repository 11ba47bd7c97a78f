"""The first mail of a way that nobody has tried, sent alone: a person looks whether it arrived before the rest go."""

from dataclasses import replace

from infra.context import ledger
from schemas.invitations import Mailing
from schemas.records import Run
from tasks.invitations.send import post

LOOK = (
    "Lightspeed eCom was asked for one mail alone (invitations.csv says whose). Ask that person whether it arrived, "
    "just one, and whether its link sets a password. If so, run again with canary_arrived; nobody is mailed twice."
)
NOBODY = "The one mail that goes before all others did not go: see invitations.csv, then run again."


def post_canary(run: Run, mailing: Mailing, *, arrived: bool) -> str:
    """Send the first mail, unless it went before; say what a person has to look at, nothing where that *arrived*."""
    if not mailing.due:
        return ""
    if _went(run, mailing):
        return "" if arrived else LOOK
    post(run, replace(mailing, due=1), 0, 0)
    return LOOK if _went(run, mailing) else NOBODY


def _went(run: Run, mailing: Mailing) -> bool:
    """Say whether a mail of this campaign went this way, in any run."""
    entries = ledger().list_invitations(mailing.campaign)
    runs = entries.filter(state="sent").get_column("run_id").unique()
    return any(run_id == run.run_id or ledger().get_run(run_id).run.target == run.target for run_id in runs)

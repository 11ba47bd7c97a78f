"""Send the mails that are due, batch by batch; whoever is in the ledger already is passed over."""

from collections.abc import Mapping

from infra.artifacts.run_files import load_frame, save_bytes
from infra.clock import now
from infra.context import ledger, settings
from infra.http.pace import Pace
from infra.mail import Mailer, is_practice, open_mailer
from schemas.invitations import Mailing, Sender
from schemas.mail import Delivery, Invitation, Letter
from schemas.problems import Problem
from schemas.records import Run
from tasks.chain.progress import show_progress
from tasks.chain.step import step
from tasks.core.invitations.letters import write_letter
from tasks.core.invitations.settlement import with_outcome
from tasks.invitations.plan import sender_of_shop

BATCH = 200
"""Mails of one task: at a mail a second some three minutes between two signs of progress."""

MOST_IN_A_ROW = 10
"""Mails that a server may turn down, or lose, one after another, before it is taken to be about us and not them."""

GIVEN_UP = (
    f"The mail server took none of {MOST_IN_A_ROW} mails in a row, so it was given up: see its answers in "
    "invitations.csv, and whether it lets this sender mail at all. Then run again."
)


def post_all(run: Run, mailing: Mailing) -> str:
    """Send everything that is due; say why, where the mail server was given up before the end."""
    moved = show_progress(run.run_id, mailing.due, "Mails sent")
    in_a_row = 0
    for start in range(0, mailing.due, BATCH):
        in_a_row = post(run, mailing, start, in_a_row)
        moved(min(start + BATCH, mailing.due))
        if in_a_row >= MOST_IN_A_ROW:
            return GIVEN_UP
    return ""


@step
def post(run: Run, mailing: Mailing, start: int, in_a_row: int) -> int:
    """Send one batch; return how many mails in a row the server turned down or lost, up to its end.

    Safe to repeat: the ledger knows every mail before it is sent, and lets none go twice.

    Raises:
        Unavailable: The mail server did not answer; the mail at hand did not go.
        Refused: Authentication failed.
    """
    due = with_outcome(load_frame(mailing.people), "due").head(mailing.due)
    sender = sender_of_shop()
    pace = None if is_practice(settings()) else Pace(settings().mails_per_minute)
    with open_mailer(settings(), run.run_id, save_bytes) as mailer:
        for person in due.slice(start, BATCH).iter_rows(named=True):
            if pace:
                pace.wait()
            delivery = _invite(run, mailing.campaign, person, sender, mailer)
            in_a_row = in_a_row + 1 if delivery and delivery.outcome != "sent" else 0
            if in_a_row >= MOST_IN_A_ROW:
                break
    return in_a_row


def _invite(run: Run, campaign: str, person: Mapping[str, str], sender: Sender, mailer: Mailer) -> Delivery | None:
    """Mail one person between two entries in the ledger; None where somebody may have been mailed already."""
    letter = write_letter(person, sender, campaign=campaign, at=now())
    invitation = Invitation(campaign=campaign, email_sha256=letter.email_sha256, run_id=run.run_id, at=now())
    if not ledger().claim_invitation(invitation):
        return None
    delivery = _send(mailer, letter, invitation)
    ledger().settle_invitation(invitation, delivery, now())
    return delivery


def _send(mailer: Mailer, letter: Letter, invitation: Invitation) -> Delivery:
    try:
        return mailer.send(letter)
    except Problem:  # nothing went, so the person may be mailed when the server is back
        ledger().withdraw_invitation(invitation)
        raise

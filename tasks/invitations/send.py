"""Send the mails that are due, batch by batch; whoever is in the ledger already is passed over."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

from infra.artifacts.run_files import load_frame, save_bytes
from infra.clock import now
from infra.connectors.lightspeed_ecom.api import open_ecom
from infra.connectors.lightspeed_ecom.passwords import EcomPasswords
from infra.context import ledger, settings
from infra.http.pace import Pace
from infra.mail import is_practice, open_mailer
from schemas.invitations import Mailing
from schemas.mail import Delivery, Invitation
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

Send = Callable[[], Delivery]
"""Hands over one mail that is ready."""

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
    pace = Pace(settings().mails_per_minute) if run.target == "mail" and not is_practice(settings()) else None
    with _way_to_mail(run, mailing.campaign) as ready:
        for person in due.slice(start, BATCH).iter_rows(named=True):
            if pace:
                pace.wait()
            delivery = _invite(run, mailing.campaign, person["email_sha256"], ready(person))
            in_a_row = in_a_row + 1 if delivery and delivery.outcome != "sent" else 0
            if in_a_row >= MOST_IN_A_ROW:
                break
    return in_a_row


@contextmanager
def _way_to_mail(run: Run, campaign: str) -> Iterator[Callable[[Mapping[str, str]], Send]]:
    """Give what makes a person's mail ready: a letter of ours, or eCom's own mail, which it is asked for."""
    if run.target == "ecom_password":
        ecom = EcomPasswords(open_ecom(settings()))
        yield lambda person: partial(ecom.ask, person["email"])
        return
    with open_mailer(settings(), run.run_id, save_bytes) as mailer:
        yield lambda person: partial(mailer.send, write_letter(person, sender_of_shop(), campaign=campaign, at=now()))


def _invite(run: Run, campaign: str, email_sha256: str, send: Send) -> Delivery | None:
    """Mail one person between two entries in the ledger; None where somebody may have been mailed already."""
    invitation = Invitation(campaign=campaign, email_sha256=email_sha256, run_id=run.run_id, at=now())
    if not ledger().claim_invitation(invitation):
        return None
    delivery = _send(send, invitation)
    ledger().settle_invitation(invitation, delivery, now())
    return delivery


def _send(send: Send, invitation: Invitation) -> Delivery:
    try:
        return send()
    except Problem:  # nothing went, so the person may be mailed when the server is back
        ledger().withdraw_invitation(invitation)
        raise

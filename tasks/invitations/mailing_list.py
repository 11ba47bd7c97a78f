"""Write the people who are due into a list for an outside mail tool, and remember them as invited."""

from infra.artifacts.run_files import load_frame, save_bytes
from infra.clock import now
from infra.context import ledger
from schemas import file_names
from schemas.invitations import Mailing
from schemas.mail import Invitation
from schemas.records import Run
from tasks.chain.step import step
from tasks.core.invitations.lists import write_mailing_list
from tasks.core.invitations.settlement import with_outcome


@step
def hand_over(run: Run, mailing: Mailing) -> None:
    """Store ``mailing-list.csv``. Safe to repeat: an attempt of the same run lists the same people again."""
    people = with_outcome(load_frame(mailing.people), "due", "sent")
    listed = people.head(mailing.due + with_outcome(people, "sent").height)
    save_bytes(run.run_id, file_names.MAILING_LIST, write_mailing_list(listed))
    at = now()  # after the list is stored: people of a list that was lost are not invited
    ledger().enter_listed(
        [
            Invitation(campaign=mailing.campaign, email_sha256=email_sha256, run_id=run.run_id, at=at)
            for email_sha256 in listed["email_sha256"]
        ]
    )

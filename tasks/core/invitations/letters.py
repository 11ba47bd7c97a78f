"""The mail itself: text and HTML in one message, with the head of a good sender."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from schemas.invitations import Sender
from schemas.mail import Letter
from tasks.core.invitations.texts import write_text
from tasks.core.reporting.notices import read_address

_POLICY = SMTP.clone(cte_type="7bit")  # every server passes it on as it is


def write_letter(person: Mapping[str, str], sender: Sender, *, campaign: str, at: datetime) -> Letter:
    """Write the mail to one person (a row of Invitees).

    The Message-ID follows from campaign and person, so that a receiver could tell a double. RFC 2369 asks
    for a way to get no more mails (List-Unsubscribe), RFC 3834 to say that no machine need answer
    (Auto-Submitted).
    """
    text = write_text(person, sender)
    own = read_address(sender.address)
    message = EmailMessage(policy=_POLICY)
    message["From"] = own
    message["To"] = Address(
        display_name=f"{person['first_name']} {person['last_name']}".strip(), addr_spec=person["email"]
    )
    message["Reply-To"] = read_address(sender.reply_to)
    message["Subject"] = text.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{_name_of(campaign, person['email_sha256'])}@{own.domain}>"
    message["Content-Language"] = person["language"]
    message["List-Unsubscribe"] = f"<mailto:{read_address(sender.reply_to).addr_spec}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.plain)
    message.add_alternative(text.html, subtype="html")
    return Letter(
        sender=own.addr_spec,
        recipient=person["email"],
        email_sha256=person["email_sha256"],
        content=message.as_bytes(),
    )


def _name_of(campaign: str, email_sha256: str) -> str:
    return hashlib.sha256(f"{campaign}\n{email_sha256}".encode()).hexdigest()[:32]

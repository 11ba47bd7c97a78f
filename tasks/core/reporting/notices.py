"""The mail that tells people of news: plain text, and nothing in it of anyone."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from schemas.mail import Letter, News
from schemas.problems import SettingsNeedFixing
from tasks.core.checking.emails import mail_address

_POLICY = SMTP.clone(cte_type="7bit")


def notice_text(news: News, *, run_id: str, links: Sequence[str]) -> str:
    """Write what is told, the same for every channel; *links* lead to the run."""
    where = [f"Run {run_id}: counterfoil get {run_id} report", *filter(None, links)]
    return "\n".join([*(f"{line}." for line in news.lines), "", *where]) + "\n"


def write_notice(news: News, text: str, *, recipient: str, sender: str, at: datetime) -> Letter:
    """Write the mail to one of us. Its Message-ID follows from the news, so that a double can be told."""
    own = read_address(sender)
    to = read_address(recipient)
    message = EmailMessage(policy=_POLICY)
    message["From"], message["To"] = own, to
    message["Subject"] = news.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{recipient_hash(news.name + to.addr_spec)[:32]}@{own.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return Letter(
        sender=own.addr_spec,
        recipient=to.addr_spec,
        email_sha256=recipient_hash(to.addr_spec),
        content=message.as_bytes(),
    )


def recipient_hash(name: str) -> str:
    """Hash an address, or the name of a block: what the ledger knows a recipient by."""
    return hashlib.sha256(name.strip().lower().encode()).hexdigest()


def read_address(text: str) -> Address:
    """Read ``My Shop <hello@example.com>`` or a bare address.

    Raises:
        SettingsNeedFixing: It is none.
    """
    name, spec = parseaddr(text)
    found = mail_address(spec)
    if not found:
        raise SettingsNeedFixing(
            "COUNTERFOIL_MAIL_SENDER or COUNTERFOIL_MAIL_REPLY_TO is no address. "
            "Write it like My Shop <hello@example.com>, then run again."
        )
    return Address(display_name=name, addr_spec=found)

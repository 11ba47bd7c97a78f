"""The mail itself: a template in the person's language, as text and as HTML, in one message.

The templates hold ``[[reset_link]]`` as the shop's own mail template must (contracts/lightspeed-ecom.md,
"Account password"); in a mail of ours the shop's page for forgotten passwords stands there.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import escape

from schemas.invitations import Letter, Sender
from schemas.problems import FileNeedsFixing
from tasks.core.inviting.addresses import mail_address

RESET_LINK = "[[reset_link]]"

_POLICY = SMTP.clone(cte_type="7bit")  # every server passes it on as it is

_TEMPLATES = Environment(
    loader=PackageLoader("tasks.core.inviting"),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True)
class Text:
    """What a mail says, in one language."""

    subject: str
    plain: str
    html: str


def write_text(person: Mapping[str, str], sender: Sender) -> Text:
    """Fill in the template of the person's language; without a name where none is known.

    The first line of the text template is the subject.
    """
    words = {"shop_name": sender.shop_name, "first_name": person["first_name"]}
    plain, html = (
        _TEMPLATES.get_template(f"{person['language']}.{ending}.j2").render(words) for ending in ("txt", "html")
    )
    subject, _, body = plain.partition("\n")
    return Text(
        subject=subject,
        plain=body.lstrip("\n").replace(RESET_LINK, sender.reset_link) + "\n",
        html=html.replace(RESET_LINK, str(escape(sender.reset_link))),
    )


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


def read_address(text: str) -> Address:
    """Read ``My Shop <hello@example.com>`` or a bare address.

    Raises:
        FileNeedsFixing: It is none.
    """
    name, spec = parseaddr(text)
    found = mail_address(spec)
    if not found:
        raise FileNeedsFixing(
            "COUNTERFOIL_MAIL_SENDER or COUNTERFOIL_MAIL_REPLY_TO is no address. "
            "Write it like My Shop <hello@example.com>, then run again."
        )
    return Address(display_name=name, addr_spec=found)


def _name_of(campaign: str, email_sha256: str) -> str:
    return hashlib.sha256(f"{campaign}\n{email_sha256}".encode()).hexdigest()[:32]

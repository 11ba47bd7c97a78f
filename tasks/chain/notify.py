"""Tell people of news: by mail, and through notification blocks that someone set up in Prefect (Slack and others).

Each recipient is told the same news once, whatever becomes of the run: the ledger knows it before it goes.
"""

from collections.abc import Callable
from functools import partial

from prefect.utilities.urls import url_for

from infra.artifacts.run_files import save_bytes
from infra.clock import now
from infra.context import ledger, settings
from infra.desk_address import page_of_run
from infra.mail import Mailer, open_mailer
from schemas.mail import Delivery, Invitation, News
from schemas.problems import Problem, SettingsNeedFixing
from schemas.records import Run
from tasks.chain.begin import current_flow_run_id
from tasks.chain.notification_blocks import through_block
from tasks.chain.step import long_retrying_step
from tasks.core.notifications.recipients import listed
from tasks.core.reporting.notices import notice_text, recipient_hash, write_notice


@long_retrying_step
def notify(run: Run, news: News) -> int:
    """Tell everyone whom the settings name; return how many were told now.

    Raises:
        Unavailable: A mail server or a block did not answer; who was told already is not told again.
        SettingsNeedFixing: There is no such block, or a sender is missing.
    """
    text = notice_text(news, run_id=run.run_id, links=(page_of_run(settings(), run.run_id), _link()))
    notified = _notify_by_mail(run, news, text) + _notify_by_blocks(run, news, text)
    return sum(notified)


def _notify_by_mail(run: Run, news: News, text: str) -> list[bool]:
    addresses = listed(settings().notify_addresses)
    if not addresses:
        return []
    sender = settings().mail_sender
    if not sender:
        raise SettingsNeedFixing("COUNTERFOIL_NOTIFY_ADDRESSES needs COUNTERFOIL_MAIL_SENDER. Set it, then run again.")
    with open_mailer(settings(), run.run_id, save_bytes) as mailer:
        return [_mail(run, news, text, sender, address, mailer) for address in addresses]


def _mail(run: Run, news: News, text: str, sender: str, address: str, mailer: Mailer) -> bool:
    letter = write_notice(news, text, recipient=address, sender=sender, at=now())
    return _once(run, news, letter.email_sha256, lambda: mailer.send(letter))


def _notify_by_blocks(run: Run, news: News, text: str) -> list[bool]:
    return [
        _once(run, news, recipient_hash(name), partial(through_block, name, news.subject, text))
        for name in listed(settings().notify_blocks)
    ]


def _once(run: Run, news: News, recipient: str, send: Callable[[], Delivery]) -> bool:
    """Tell one recipient between two entries in the ledger; False where they were told before."""
    entry = Invitation(campaign=news.name, email_sha256=recipient, run_id=run.run_id, at=now())
    if not ledger().claim_invitation(entry):
        return False
    try:
        delivery = send()
    except Problem:
        ledger().withdraw_invitation(entry)
        raise
    ledger().settle_invitation(entry, delivery, now())
    return True


def _link() -> str:
    return url_for("flow-run", obj_id=current_flow_run_id()) or ""

"""Send what people are told, each in their language: by mail, or through a notification block.

A mail server or a block that does not answer is asked again by whoever comes next, for a day.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from pydantic import TypeAdapter

from infra.artifacts.run_files import save_bytes
from infra.catalogues import speech_in
from infra.clock import now
from infra.context import ledger, settings, shared_ledger
from infra.desk_address import page_of_open_things, page_of_people, page_of_run
from infra.ledger import RunEntry
from infra.ledger.notifications import NotificationBook
from infra.ledger.people import PeopleBook
from infra.mail import Mailer, is_practice, open_mailer
from schemas.mail import Delivery, News
from schemas.notifications import Happened, Notification, Rights
from schemas.problems import FileNeedsFixing, Problem, SettingsNeedFixing, Unavailable
from schemas.tables import Language
from tasks.chain.morning import what_is_open
from tasks.chain.notification_blocks import through_block
from tasks.core.notifications.letters import Place, message_about, message_of_morning, message_of_rights
from tasks.core.notifications.recipients import address_hash, listed
from tasks.core.reporting.notices import write_notice

RIGHTS = TypeAdapter(Rights)
"""How whose rights changed is kept in the ledger: as JSON."""
NEWS_FOR = timedelta(days=1)
BLOCK = "block:"


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Who is mailed, and in which language."""

    address: str
    language: Language


def send_notifications() -> None:
    """Send all that waits to be sent.

    Raises:
        Unavailable: Some of it could not be; the ledger knows what, and why.
    """
    waiting = NotificationBook(ledger().engine).list_waiting(since=now() - NEWS_FOR)
    mails = [each for each in waiting if not each.recipient.startswith(BLOCK)]
    why_not = list(_send(_through_block, [each for each in waiting if each.recipient.startswith(BLOCK)]))
    if mails:
        recipients = _recipients()
        with open_mailer(settings(), "", save_bytes) as mailer:
            why_not += _send(lambda notification: _mail(notification, recipients, mailer), mails)
    if why_not:
        raise Unavailable(" ".join(dict.fromkeys(why_not)))


def _send(deliver: Callable[[Notification], Delivery], notifications: Iterable[Notification]) -> Iterator[str]:
    """Send one after the other, and say why not; what did not answer is not asked again now."""
    book = NotificationBook(ledger().engine)
    for notification in notifications:
        if not book.claim(notification.number):
            continue
        try:
            delivery, says = deliver(notification), ""
        except Unavailable as unavailable:
            book.put_back(notification.number, unavailable.says)
            yield unavailable.says
            return
        except Problem as problem:
            delivery, says = Delivery(outcome="refused"), problem.says
        says = says or ("" if delivery.outcome == "sent" else delivery.code)
        book.settle(notification.number, delivery, says, now=now())
        if says:
            yield says


def has_mail() -> bool:
    """Say whether this shop can mail anybody."""
    return not is_practice(settings()) and bool(settings().mail_sender)


def _through_block(notification: Notification) -> Delivery:
    message = _message(notification.happened, settings().language)
    return through_block(notification.recipient.removeprefix(BLOCK), message.subject, _text(message))


def _mail(notification: Notification, recipients: Mapping[str, Recipient], mailer: Mailer) -> Delivery:
    """Mail somebody.

    Raises:
        SettingsNeedFixing: No mail server or no sender is set.
        FileNeedsFixing: They have no address any more.
    """
    if not has_mail():
        raise SettingsNeedFixing("COUNTERFOIL_SMTP_HOST and COUNTERFOIL_MAIL_SENDER are not set, so nobody is mailed.")
    if notification.recipient not in recipients:
        raise FileNeedsFixing("There is no address any more.")
    to = recipients[notification.recipient]
    news = _message(notification.happened, to.language)
    # a run may fail twice, and two shops have a morning: only what is sent again for one notification is a double
    message = replace(news, name=f"{settings().shop}:{notification.number}:{news.name}")
    sender = settings().mail_sender
    return mailer.send(write_notice(message, _text(message), recipient=to.address, sender=sender, at=now()))


def _recipients() -> Mapping[str, Recipient]:
    ours = settings().language
    people = PeopleBook(shared_ledger().engine).list_all()
    own = {
        f"person:{each.person_id}": Recipient(address=each.email, language=each.language or ours)
        for each in people
        if each.email
    }
    addresses = listed(settings().notify_addresses)
    return own | {f"address:{address_hash(each)}": Recipient(address=each, language=ours) for each in addresses}


def _message(happened: Happened, language: Language) -> News:
    speech = speech_in(language)
    if happened.kind == "rights":
        rights = RIGHTS.validate_json(happened.about)
        return message_of_rights(rights, place_of(page_of_people(settings())), speech)
    if happened.kind == "summary":
        place = place_of(page_of_open_things(settings()))
        return message_of_morning(happened, what_is_open(), place, speech)
    entry = _find(happened.run_id)
    place = place_of(page_of_run(settings(), happened.run_id if entry else ""))
    return message_about(happened, entry.report if entry else None, place, speech)


def place_of(link: str) -> Place:
    """Return where it happened, with the address of a page to look at."""
    return Place(shop=settings().shop_name or settings().shop, link=link)


def _find(run_id: str) -> RunEntry | None:
    """Return a run, if it got as far as the ledger."""
    with suppress(FileNeedsFixing):
        return ledger().get_run(run_id) if run_id else None
    return None


def _text(message: News) -> str:
    return "\n".join(message.lines) + "\n"

"""Tell whoever shares the rights of a shop that somebody's changed, and mail links by which people sign in."""

from infra.artifacts.run_files import save_bytes
from infra.catalogues import speech_in
from infra.clock import now
from infra.context import ledger, settings, shared_ledger
from infra.desk_address import page_of_people
from infra.ledger.notifications import NotificationBook
from infra.ledger.people import PeopleBook
from infra.mail import open_mailer
from schemas.notifications import Happened, Rights
from schemas.people import Person
from schemas.tables import Language
from tasks.chain.send_notifications import RIGHTS, has_mail, place_of, send_notifications
from tasks.chain.tell import at_no_cost
from tasks.core.notifications.letters import message_with_link
from tasks.core.notifications.recipients import named_recipients, people_beside
from tasks.core.reporting.notices import write_notice


def others_told(giver: Person, receiver: str) -> tuple[str, ...]:
    """Name who is told that *giver* changed the rights of the account *receiver*, beside these two."""
    ours, mails = settings(), has_mail()
    everybody = PeopleBook(shared_ledger().engine).list_all() if mails else ()
    people = people_beside(everybody, shop=ours.shop, but=(giver.person_id, receiver))
    return named_recipients(people, ours.notify_addresses if mails else "", ours.notify_blocks)


@at_no_cost
def tell_of_rights(giver: Person, receiver: Person, rights: Rights) -> None:
    """Tell the others, and whom it is about where they have an address, whatever they chose to be told."""
    recipients = others_told(giver, receiver.person_id)
    if receiver.email and has_mail():
        recipients += named_recipients((receiver,), "", "")
    happened = Happened(kind="rights", run_id="", flow="", about=RIGHTS.dump_json(rights).decode())
    NotificationBook(ledger().engine).queue(dict.fromkeys(recipients, happened), now=now())
    send_notifications()


def mail_link(address: str, link: str, *, hours: int, language: Language) -> bool:
    """Mail somebody a link by which they sign in; say whether the server took it.

    Raises:
        Unavailable: The server does not answer.
        Refused: It takes no mails of ours.
    """
    news = message_with_link(link, hours, place_of(page_of_people(settings())), speech_in(language))
    text = "\n".join(news.lines) + "\n"
    letter = write_notice(news, text, recipient=address, sender=settings().mail_sender, at=now())
    with open_mailer(settings(), "", save_bytes) as mailer:
        return mailer.send(letter).outcome == "sent"

"""Who was told of a run: each person, address or block, of what, and whether it reached them."""

from collections.abc import Mapping
from dataclasses import dataclass

from desk.texts import _, gettext, later
from infra.context import ledger, shared_ledger
from infra.ledger.notifications import NotificationBook
from infra.ledger.people import PeopleBook
from schemas.notifications import Notification, NotificationState
from tasks.core.notifications.letters import subject_of

STATES: Mapping[NotificationState, str] = {
    "waiting": later("not yet"),
    "started": later("cut off while it was sent; it may have arrived"),
    "sent": later("sent"),
    "refused": later("not sent"),
    "unknown": later("sent, and the server has not said whether it took it"),
}


@dataclass(frozen=True, kw_only=True)
class ShownNotification:
    """One line of the page: of what, whom, how that went, and why it did not where it did not."""

    of_what: str
    whom: str
    state: str
    is_well: bool
    says: str


def notifications_of(run_id: str) -> tuple[ShownNotification, ...]:
    """Return who was told of a run."""
    notifications = NotificationBook(ledger().engine).list_of_run(run_id)
    if not notifications:
        return ()
    names = {f"person:{each.person_id}": each.name for each in PeopleBook(shared_ledger().engine).list_all()}
    return tuple(_told(each, names) for each in notifications)


def _told(notification: Notification, names: Mapping[str, str]) -> ShownNotification:
    kind, _colon, name = notification.recipient.partition(":")
    whom = {"person": names.get(notification.recipient, ""), "block": name}.get(kind, "")
    return ShownNotification(
        of_what=gettext(subject_of(notification.happened.kind)),
        whom=whom or _("an address of the settings"),
        state=gettext(STATES[notification.state]),
        is_well=notification.state == "sent",
        says=notification.says,
    )

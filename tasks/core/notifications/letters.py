"""What the messages about runs say: which flow, what changed, counts, and where to look. Nothing of anybody's rows.

Not even the name of a file is in them, for some files are named after a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.mail import News
from schemas.notifications import Happened, NewsKind, NotificationKind, Rights
from schemas.records import RunOutcome, RunReport
from tasks.core.reporting.run_outcome import counts_by_name
from tasks.core.wording.speech import Speech
from tasks.core.wording.words import TITLES, counting, flow_title

SUBJECTS: Mapping[NotificationKind, str] = {
    "needs_approval": "A plan waits for a decision",
    "failed": "A run failed",
    "crashed": "A run was cut off",
    "rejects": "Many rows were rejected",
    "recovered": "It works again",
    "summary": "What is open this morning",
}
SAYS: Mapping[NewsKind, str] = {
    "needs_approval": "Nothing was changed yet. Look at the plan, then confirm or cancel it.",
    "failed": "It did not get through.",
    "crashed": "Its process was killed, or its machine went away. Nothing is done twice when it runs again.",
    "rejects": "Correct them in the page, or in the rejects file: only those rows go in again.",
    "recovered": "It had failed before, and got through now.",
    "summary": "What waits for somebody:",
    "rights": "You are told because it concerns who may approve. If it should not be so, say so at once.",
}
LEFT_HEADINGS: Mapping[str, str] = {
    "approval": "Plans that wait for a decision",
    "upload": "Uploads: what became of them is not known yet",
    "rejects": "Rejects that are still open",
    "rest": "Rows that were not chosen yet: go on with them, or drop them",
    "held": "Held: right, but the record says something else",
    "conflict": "Conflicts: somebody else changed the record",
    "unknown": "Unknown: the system has not said",
    "failed": "Runs that failed",
}
"""What is left to do about runs, as lists of it are headed."""
RIGHTS_SUBJECT = "Rights at the desk changed"
RIGHTS_NOW = "%(by)s changed what %(of)s may do in this shop. It is now: %(may)s."
RIGHTS_NONE = "%(by)s took all rights in this shop from %(of)s."
LINK_SUBJECT = "Your account at the desk"
LINK_SAYS = "This link signs you in once, within %(hours)s hours; then set a password under your name: %(link)s"
ABOUT_RIGHTS = (RIGHTS_SUBJECT, RIGHTS_NOW, RIGHTS_NONE, LINK_SUBJECT, LINK_SAYS)
LOOK = "Look at it: %s"
CHOOSE = "What you are told, and where to, you choose on the page Account."
SHOP = "Shop: %s"
DID = "Since yesterday:"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where it happened and where to look: the shop as people call it, and the address of a page."""

    shop: str
    link: str


@dataclass(frozen=True, kw_only=True)
class Morning:
    """What is open in a shop, and how runs ended since yesterday: how much, by what and how."""

    open_things: Mapping[str, int]
    ended: Mapping[RunOutcome, int]

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.open_things or self.ended)


def message_about(happened: Happened, report: RunReport | None, place: Place, speech: Speech) -> News:
    """Write what one recipient is told of a run."""
    said = speech.gettext
    outcome = [f"{said(title)}."] if (title := TITLES.get(happened.about)) else []  # type: ignore[call-overload]  # older outcomes too
    counts = [_counts(report, speech)] if report and counts_by_name(report.rows, report.changes) else []
    lines = (said(SAYS[happened.kind]), *outcome, *counts)
    return _news(happened, said(flow_title(happened.flow)), lines, place, speech)


def message_of_morning(happened: Happened, morning: Morning, place: Place, speech: Speech) -> News:
    """Write what one recipient is told in the morning."""
    said = speech.gettext
    open_things = [
        (text, morning.open_things[left]) for left, text in LEFT_HEADINGS.items() if left in morning.open_things
    ]
    ended = [(title, morning.ended[outcome]) for outcome, title in TITLES.items() if outcome in morning.ended]
    waits = [said(SAYS["summary"]), *_listed(open_things, speech)] if morning.open_things else []
    did = [said(DID), *_listed(ended, speech)] if morning.ended else []
    nothing = [] if waits else [said("Nothing waits for anybody.")]
    return _news(happened, "", (*waits, *nothing, *did), place, speech)


def subject_of(kind: NewsKind) -> str:
    """Say in a few words what people are told."""
    return RIGHTS_SUBJECT if kind == "rights" else SUBJECTS[kind]


def message_of_rights(rights: Rights, place: Place, speech: Speech) -> News:
    """Write what others are told when somebody's rights at the desk changed."""
    said = speech.gettext
    may = ", ".join(said(role) for role in rights.may)
    changed = said(RIGHTS_NOW if may else RIGHTS_NONE) % {"by": rights.by, "of": rights.of, "may": may}
    shop = [said(SHOP) % place.shop] if place.shop else []
    lines = (changed, said(SAYS["rights"]), "", *shop, said(LOOK) % place.link)
    return News(subject=_joined(place.shop, said(RIGHTS_SUBJECT)), lines=lines, name="rights")


def message_with_link(link: str, hours: int, place: Place, speech: Speech) -> News:
    """Write the mail that lets somebody sign in."""
    said = speech.gettext
    lines = (said(LINK_SAYS) % {"hours": hours, "link": link},)
    return News(subject=_joined(place.shop, said(LINK_SUBJECT)), lines=lines, name=f"link:{link}")


def _news(happened: Happened, about: str, lines: Sequence[str], place: Place, speech: Speech) -> News:
    said = speech.gettext
    subject = _joined(place.shop, about, said(subject_of(happened.kind)))
    shop = [said(SHOP) % place.shop] if place.shop else []
    look = [said(LOOK) % place.link] if place.link else []
    name = ":".join((happened.kind, happened.run_id, happened.flow, happened.about))
    return News(subject=subject, lines=(*lines, "", *shop, *look, said(CHOOSE)), name=name)


def _joined(*parts: str) -> str:
    return ": ".join(filter(None, parts))


def _listed(counted: Sequence[tuple[str, int]], speech: Speech) -> list[str]:
    return [f"- {speech.gettext(text)}: {speech.number(count)}" for text, count in counted]


def _counts(report: RunReport, speech: Speech) -> str:
    counts = counts_by_name(report.rows, report.changes)
    return ", ".join(speech.ngettext(counting(name), counting(name), count) for name, count in counts) + "."

"""The story of a run: what it came from, and what followed from it, each with the run whose page tells more."""

from dataclasses import dataclass
from typing import Literal

from desk.texts import _
from infra.ledger import RunEntry
from infra.ledger.open_things import FAILED
from schemas.people import Request
from tasks.core.planning.chosen_lines import LINES

Following = Literal["confirmed", "undo", "answer", "some", "rest", "corrected", "again"]
_MOST_CHARACTERS = 200


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing that happened to the file or plan of a run, perhaps with the run whose page tells more."""

    says: str
    run_id: str = ""


def story_of(
    entry: RunEntry, asked: Request | None, following: tuple[Request, ...], *, taken_back: bool = False
) -> tuple[Step, ...]:
    """Tell what a run came from and what followed; *asked* with what it was asked for, if at the desk.

    *taken_back*: whether an approval of its plan was.
    """
    run = entry.run
    began = Step(says=_("Started by %s") % (run.submitted_by or _("nobody by name")))
    lines = run.options.get(LINES, "")[:_MOST_CHARACTERS]
    only = (Step(says=_("Of the file, lines %s only") % lines),) if lines else ()
    off = (Step(says=_("An approval of it was taken back.")),) if taken_back else ()
    return (began, *_origin(entry, asked), *only, *(_followed(each, entry) for each in following), *off)


def _origin(entry: RunEntry, asked: Request | None) -> tuple[Step, ...]:
    about = {"restore": _("It undoes a run"), "confirm-upload": _("It says what became of the upload of a run")}
    origin = (Step(says=about[entry.run.flow], run_id=entry.run.source),) if entry.run.flow in about else ()
    if asked and asked.parameters.get("approved"):
        return (*origin, _confirmed(asked))
    if origin or not asked or not asked.follows:
        return origin
    return (Step(says=_("It follows from a run"), run_id=asked.follows),)


def _confirmed(asked: Request) -> Step:
    says = _("It writes what %(who)s confirmed: %(why)s") % {
        "who": asked.parameters.get("approved_by", ""),
        "why": asked.parameters.get("approval_reason", ""),
    }
    return Step(says=says, run_id=asked.follows)


def kind_of(request: Request, entry: RunEntry) -> Following:
    """Say what a run that follows from another is to it."""
    if request.parameters.get("approved") or request.parameters.get("mode") == "apply":
        return "confirmed"
    if request.deployment.startswith("restore/"):
        return "undo"
    if request.deployment.startswith("confirm-upload/"):
        return "answer"
    if request.parameters.get(LINES):
        return "some"
    if entry.outcome in FAILED:
        return "again"
    return "rest" if request.parameters.get("inbox_key") == entry.run.source else "corrected"


def _followed(request: Request, entry: RunEntry) -> Step:
    says = {
        "confirmed": _("Confirmed by %s"),
        "undo": _("Undo previewed by %s"),
        "answer": _("What became of the upload was said by %s"),
        "some": _("Some rows previewed by %s"),
        "rest": _("The rest previewed by %s"),
        "corrected": _("Rejects corrected by %s"),
        "again": _("Tried again by %s"),
    }[kind_of(request, entry)]
    return Step(says=says % request.person, run_id=request.run_id)

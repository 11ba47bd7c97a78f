"""Tell people of what changed with a run: each once a change, and never at the cost of the run.

What changed and who is told is entered in the ledger first, in one step. It is sent by whoever entered it, or else by
whoever comes next.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import ParamSpec
from zoneinfo import ZoneInfo

from prefect import get_run_logger
from prefect.exceptions import MissingContextError

from infra.approval_policy import demands_of
from infra.clock import now
from infra.context import ledger, settings, shared_ledger
from infra.ledger import RunEntry
from infra.ledger.notifications import NotificationBook
from infra.ledger.open_notes import NoteBook
from infra.ledger.people import PeopleBook
from schemas.notifications import WELL, Happened, NotificationKind, Standing
from schemas.people import Person
from schemas.problems import FileNeedsFixing, Problem
from tasks.chain.morning import what_is_open
from tasks.chain.send_notifications import send_notifications
from tasks.chain.step import without_row_values
from tasks.core.notifications.recipients import listed, named_recipients, people_to_tell
from tasks.core.notifications.standings import change_between, is_watched, standing_of, subject_of

P = ParamSpec("P")


def at_no_cost(tell: Callable[P, None]) -> Callable[P, None]:
    """Let *tell* fail without anybody's run failing with it: why, stands in the log, and on the page of the run."""

    @wraps(tell)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            without_row_values(tell)(*args, **kwargs)
        except Problem as problem:
            with suppress(MissingContextError):  # outside of Prefect's engine nobody reads a log
                get_run_logger().warning("Not everybody could be told: %s", problem)

    return guarded


@at_no_cost
def tell_of_run(run_id: str) -> None:
    """Tell of a run that ended, or asks, whatever is new about it."""
    _enter_end(run_id)
    send_notifications()


@at_no_cost
def note_end(run_id: str) -> None:
    """Enter what is new about a run that was ended from outside; whichever run ends next sends it."""
    _enter_end(run_id)


@at_no_cost
def tell_of_flow(flow: str) -> None:
    """Tell that a flow which no ledger knows of got through, where it had failed."""
    _enter(flow, WELL, flow=flow)
    send_notifications()


@at_no_cost
def tell_in_the_morning() -> None:
    """Tell those who want to know each morning what is open; nobody where nothing is, and nothing happened."""
    morning = what_is_open()
    if not morning.is_quiet:
        day = now().astimezone(ZoneInfo(settings().time_zone)).date().isoformat()
        happened = Happened(kind="summary", run_id="", flow="", about=day)
        standing = Standing(kind="well", about=day)
        tell = dict.fromkeys(_recipients("summary", None, ""), happened)
        NotificationBook(ledger().engine).change("summary", standing, "", tell, now=now())
    send_notifications()


@at_no_cost
def tell_of_loss(run_id: str, flow: str, standing: Standing) -> None:
    """Tell of a run that Prefect calls crashed or failed, where the run could not do so itself."""
    entry = _find(run_id)
    if entry is None:
        _enter(flow, standing, flow=flow, run_id=run_id)
    elif standing_of(entry.outcome, "", None, most_rejects=0) is None and not is_watched(entry.run):
        _enter(subject_of(entry.run), standing, flow=flow, entry=entry)
    send_notifications()


def _enter_end(run_id: str) -> None:
    """Enter what is new about a run that ended, and about its flow: that gets as far as a run again."""
    entry = _find(run_id)
    if entry is None or is_watched(entry.run):
        return
    most = settings().notify_rejects_above
    standing = standing_of(entry.outcome, entry.plan_id, entry.report, most_rejects=most)
    if standing is None:
        return
    subject = subject_of(entry.run)
    if subject != entry.run.flow:
        _enter(entry.run.flow, WELL, flow=entry.run.flow)
    _enter(subject, standing, flow=entry.run.flow, entry=entry)


def _find(run_id: str) -> RunEntry | None:
    with suppress(FileNeedsFixing):
        return ledger().get_run(run_id)
    return None


def _enter(subject: str, after: Standing, *, flow: str, entry: RunEntry | None = None, run_id: str = "") -> None:
    book = NotificationBook(ledger().engine)
    before, earlier = book.find(subject)
    if after == before:
        return
    run_id, tell = entry.run.run_id if entry else run_id, {}
    if kind := change_between(before, after):
        about = entry.outcome if entry and kind == "failed" else ""
        happened = Happened(kind=kind, run_id=run_id, flow=flow, about=about)
        tell = dict.fromkeys(_recipients(kind, entry, earlier), happened)
    book.change(subject, after, run_id, tell, now=now())


def _recipients(kind: NotificationKind, entry: RunEntry | None, earlier: str) -> tuple[str, ...]:
    submitted_by, flow = (entry.run.submitted_by, entry.run.flow) if entry else ("", "")
    concerns = entry.report.concerns if entry and entry.report else ()
    owner = _owner(entry.run.run_id if entry else "", earlier)
    people = people_to_tell(
        kind,
        PeopleBook(shared_ledger().engine).list_all(),
        shop=settings().shop,
        owner=owner,
        submitted_by=submitted_by,
        four_eyes=demands_of(concerns).four_eyes,
        confirmed_by="undo" if flow == "restore" else "approve",
    )
    return _everyone(kind, people)


def _everyone(kind: NotificationKind, people: tuple[Person, ...]) -> tuple[str, ...]:
    """Name these people, and what the settings name beside them where they are to be told of such a change."""
    ours = settings()
    named = (ours.notify_addresses, ours.notify_blocks) if kind in listed(ours.notify_of) else ("", "")
    return named_recipients(people, *named)


def _owner(*run_ids: str) -> str:
    """Return who takes care of what is left of these runs, if anybody does."""
    notes = NoteBook(ledger().engine).all()
    return next((note.owner for (run_id, _), note in notes.items() if note.owner and run_id in run_ids), "")

"""What the page of a run says and which buttons it has, as plain records made from what ledger and Prefect know.

Nothing is asked of any system here, so every case can be drawn as a table of a test.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from desk.decisions import DECIDABLE, role_to_confirm
from desk.localization import says_in_words, title_in_words
from desk.pages.notifications import ShownNotification
from desk.pages.run_story import Step, kind_of, story_of
from desk.prefect_runs import Progress, Standing
from desk.recognition import FILE_KINDS
from desk.rejects import to_correct
from desk.runs_started import INVITE, RESOLVE, SWEEP, file_parameter
from desk.texts import _, gettext
from infra.ledger import RunEntry
from infra.ledger.open_things import FAILED
from schemas.named_plans import NamedPlan
from schemas.people import Person, Request
from schemas.records import RunReport
from tasks.core.planning.chosen_lines import LINES
from tasks.core.wording.words import TITLES, TONES, Tone, flow_title, verdict
from tasks.invitations.canary import LOOK

Button = Literal[
    "confirm",
    "cancel",
    "take_back",
    "some",
    "rest",
    "correct",
    "answer",
    "undo",
    "enter",
    "remember",
    "send",
    "arrived",
    "again",
]
"""confirm, cancel: decide about the plan. take_back: an approval that no run goes by yet. some, rest: preview chosen
rows, or what was not chosen. correct: rejects. answer: say what a shop did with an upload. undo: preview a restore.
enter: remember the decisions about loyalty failures that a run previewed. remember: what a sweep of them found. send:
the mails that a run previewed. arrived: the one mail that went alone did, and the rest may go. again: look at the file
anew, or at a better one, where a run could not."""
_INBOX = "inbox"
"""By whom a run was submitted that the nightly import started (``flows.inbox``)."""

_UNDOABLE = {"applied", "applied_with_rejects", "partly_applied", "interrupted"}


@dataclass(frozen=True, kw_only=True)
class UnusedApproval:
    """An approval that no run goes by yet, on the page of the run that showed its plan or of one that waits for it."""

    plan_id: str
    approver: str


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run as its page shows it. ``report`` is missing until there is one; ``why_not`` says what a button lacks.

    ``has_file``: it was asked for with a file, at the desk or by the inbox. ``to_correct``: how many rows are.
    """

    run_id: str
    title: str
    source: str
    outcome: str
    tone: Tone
    says: str
    works: bool
    buttons: tuple[Button, ...] = ()
    why_not: str = ""
    report: RunReport | None = None
    has_file: bool = False
    to_correct: int = 0
    progress: Progress | None = None
    story: tuple[Step, ...] = ()
    notifications: tuple[ShownNotification, ...] = ()
    approval: UnusedApproval | None = None


def view_of_request(request: Request, standing: Standing, approval: UnusedApproval | None = None) -> RunView:
    """Say how a run stands of which the ledger knows nothing yet."""
    if standing.is_over:
        says = standing.says or _("It ended before it began.")
        early = _early(request, standing.name, "bad", says, works=False)
    else:
        waits = _("It begins as soon as the worker is free, in ten seconds or so.")
        early = _early(request, standing.name, "calm", waits, works=True)
    return replace(early, approval=approval, buttons=("take_back",)) if approval else early


def _early(request: Request, outcome: str, tone: Tone, says: str, *, works: bool) -> RunView:
    named = request.parameters.get(file_parameter(request.parameters)) or request.parameters.get("run_id", "")
    about = named if isinstance(named, str) else named[0]
    return RunView(
        run_id=request.run_id,
        title=gettext(flow_title(request.deployment.partition("/")[0])),
        source=about.rpartition("/")[2],
        outcome=gettext(outcome),
        tone=tone,
        says=says,
        works=works,
    )


def view_of_run(
    entry: RunEntry,
    person: Person,
    shop: str,
    *,
    asked: Request | None = None,
    following: tuple[Request, ...] = (),
    standing: Standing | None = None,
    approval: UnusedApproval | None = None,
    taken_back_at: datetime | None = None,
) -> RunView:
    """Say what is known of a run, and what this person can do with it; *asked* with what, if at the desk.

    Its plan may have an *approval* that no run goes by yet. What was asked for before one was taken back is off.
    """
    report = entry.report if entry.report and entry.report.outcome == entry.outcome else None
    lost = entry.outcome == "running" and standing is not None and standing.is_over
    outcome, tone = verdict(report) if report else (TITLES[entry.outcome], TONES[entry.outcome])
    carries_out = tuple(each for each in following if not taken_back_at or each.asked_at > taken_back_at)
    wanted = _wanted(entry, report, carries_out)
    if "confirm" not in wanted:
        wanted = (*_to_remember(entry, report, asked, following), *_to_go_on(entry, report, following), *wanted)
    wanted = wanted or _to_try_again(entry, asked, following)
    wanted = (*(("take_back",) if approval else ()), *wanted)
    lacking = [each for each in wanted if not _may(each, entry, person, shop)]
    return RunView(
        run_id=entry.run.run_id,
        title=title_in_words(report.title if report else flow_title(entry.run.flow)),
        source=entry.run.source.rpartition("/")[2],
        outcome=gettext(standing.name if lost and standing else outcome),
        tone="bad" if lost else tone,
        says=(standing.says if lost and standing else "")
        or says_in_words(report, report.says if report else entry.says),
        works=entry.outcome == "running" and not lost,
        buttons=tuple(each for each in wanted if each not in lacking),
        why_not=_why_not(lacking),
        report=report,
        has_file=bool(file_parameter(asked.parameters)) if asked else _came_by_inbox(entry),
        to_correct=to_correct(entry.run, report) if report else 0,
        story=story_of(entry, asked, following, taken_back=taken_back_at is not None),
        approval=approval,
    )


def _wanted(entry: RunEntry, report: RunReport | None, following: tuple[Request, ...]) -> tuple[Button, ...]:
    """List what there is to be done with a run, whoever does it."""
    if report is None:
        return ()
    correct: tuple[Button, ...] = ("correct",) if to_correct(entry.run, report) else ()
    answer: tuple[Button, ...] = ("answer",) if waits_for_answer(entry) else ()
    writes = report.changes.created + report.changes.updated + report.changes.removed
    if not (entry.plan_id and writes):
        return (*_rest(entry, following), *answer, *correct)
    named = (NamedPlan(plan_id=each.parameters.get("approved", "")) for each in following)
    carried_out = any(each.only_id == entry.plan_id for each in named)
    if entry.outcome in DECIDABLE and not carried_out:
        some: tuple[Button, ...] = ("some",) if entry.run.options.get(LINES) == "" and writes > 1 else ()
        return ("confirm", "cancel", *some, *correct)
    undone = any(each.deployment.startswith("restore/") for each in following)
    undo: tuple[Button, ...] = ("undo",) if entry.outcome in _UNDOABLE and not undone else ()
    return (*_rest(entry, following), *answer, *undo, *correct)


def _rest(entry: RunEntry, following: tuple[Request, ...]) -> tuple[Button, ...]:
    """Offer what was not chosen, once the chosen rows are carried out and nobody went on or back."""
    went_on = any(kind_of(each, entry) in ("rest", "undo") for each in following)
    return ("rest",) if entry.run.options.get(LINES) and entry.outcome in _UNDOABLE and not went_on else ()


def waits_for_answer(entry: RunEntry) -> bool:
    """Say whether a run wrote a file for a person to upload, and nobody said yet what became of it."""
    report = entry.report
    return report is not None and bool(report.changes.unknown) and report.has_upload


def _to_remember(
    entry: RunEntry, report: RunReport | None, asked: Request | None, following: tuple[Request, ...]
) -> tuple[Button, ...]:
    """Say whether a run previewed what can be remembered: at the desk alone is known with what it was asked."""
    if report is None or asked is None or entry.outcome != "previewed" or _is_confirmed(entry, following):
        return ()
    if entry.run.flow == SWEEP:
        return ("remember",)
    if entry.run.flow == INVITE:
        return ("send",) if report.invitations and report.invitations.due else ()
    return ("enter",) if entry.run.flow == RESOLVE and report.rows.accepted else ()


def _is_confirmed(entry: RunEntry, following: tuple[Request, ...]) -> bool:
    return any(kind_of(each, entry) == "confirmed" for each in following)


def _to_go_on(entry: RunEntry, report: RunReport | None, following: tuple[Request, ...]) -> tuple[Button, ...]:
    """Say whether a run sent one mail alone, and a person has to say whether it arrived before the rest go."""
    if report is None or entry.run.flow != INVITE or entry.outcome != "needs_approval":
        return ()
    if LOOK in report.next_steps:
        return () if _is_confirmed(entry, following) else ("arrived",)
    return () if following else ("again",)


def _to_try_again(entry: RunEntry, asked: Request | None, following: tuple[Request, ...]) -> tuple[Button, ...]:
    """Say whether a run of the desk or the inbox could not do it, can be previewed, and nobody tried again."""
    can = "mode" in asked.parameters if asked else _came_by_inbox(entry)
    return ("again",) if entry.outcome in FAILED and can and not following else ()


def _came_by_inbox(entry: RunEntry) -> bool:
    return entry.run.submitted_by == _INBOX and entry.run.flow in FILE_KINDS


def _may(button: Button, entry: RunEntry, person: Person, shop: str) -> bool:
    match button:
        case "confirm":
            return person.may(role_to_confirm(entry), shop)
        case "cancel" | "take_back":
            return person.may_act(shop)
        case "undo":
            return person.may("undo", shop)
        case _:
            return person.may("submit", shop)


def _why_not(lacking: list[Button]) -> str:
    if "confirm" in lacking:
        return _("Somebody who may approve plans has to confirm this one.")
    return _("Somebody who may undo runs has to undo this one.") if "undo" in lacking else ""

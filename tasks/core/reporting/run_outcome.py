"""How a run ended, in one word and one line, and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.problems import BudgetSpent, FileNeedsFixing, Problem, Refused, SettingsNeedFixing, Unavailable
from schemas.records import Answer, ChangeCounts, RowCounts, RunOutcome

_OF_PROBLEMS: dict[type[Problem], RunOutcome] = {
    FileNeedsFixing: "file_needs_fixing",
    SettingsNeedFixing: "settings_need_fixing",
    Refused: "refused",
    Unavailable: "unavailable",
    BudgetSpent: "waiting",
}


def outcome_of(problem: Problem) -> RunOutcome:
    """Name the outcome of a run that a problem ended; a kind of Refused is Refused."""
    return next((_OF_PROBLEMS[kind] for kind in type(problem).__mro__ if kind in _OF_PROBLEMS), "failed")


@dataclass(frozen=True, kw_only=True)
class Ending:
    """What people are told: ``says`` has counts, never values."""

    outcome: RunOutcome
    says: str
    next_steps: tuple[str, ...]


NOTHING_WRITTEN = ChangeCounts()


def conclude(
    *,
    rows: RowCounts,
    counts: ChangeCounts,
    answer: Answer,
    discrepancies: int,
    earlier: ChangeCounts = NOTHING_WRITTEN,
) -> Ending:
    """Name the outcome of a run that went as far as it may. *earlier*: what its attempts before this one wrote."""
    outcome = _outcome(rows, counts, answer, discrepancies, earlier)
    says = counts_in_words(rows, counts) + earlier_attempt_note(earlier)
    steps = _next_steps(outcome, rows, counts, discrepancies)
    return Ending(outcome=outcome, says=says, next_steps=(answer.says, *steps) if answer.says else steps)


def conclude_interrupted(*, rows: RowCounts, counts: ChangeCounts, begun: bool, left: int) -> Ending:
    """Say of a run that was killed what it wrote, and that *left* changes of the plan it *begun* were not reached."""
    parts = [
        (not begun, "Cut off before anything was to be written"),
        (begun and not written_of(counts), "Cut off before anything was written"),
        (begun and written_of(counts) > 0, "Cut off while it wrote"),
        (sum_of(counts) > 0, counts_in_words(RowCounts(rows_in=0, accepted=0, rejected=0), counts)),
        (left > 0, f"{left:,} {'change was' if left == 1 else 'changes were'} not reached"),
        (rows.rejected > 0, f"{rows.rejected:,} rejected"),
    ]
    steps = (
        "Its process was killed, or its machine went away. Press Retry in Prefect, or run the same again: what is left "
        "is planned again, and nothing is done twice.",
        *(_next_steps("interrupted", rows, counts, 0)),
    )
    return Ending(outcome="interrupted", says="; ".join(text for which, text in parts if which), next_steps=steps)


def check_accounts(rows: RowCounts, counts: ChangeCounts, *, accepted: int) -> None:
    """Fail loudly if a row was lost or counted twice on the way. *accepted*: rows of a file, or records to restore.

    Raises:
        ArithmeticError: A bug of ours; nothing that was counted can be trusted.
    """
    if rows.rows_in != rows.accepted + rows.rejected:
        raise ArithmeticError("rows in are not accepted + rejected")
    if accepted != sum_of(counts):
        raise ArithmeticError("accepted rows are not the sum of what became of them")


def sum_of(counts: ChangeCounts) -> int:
    """Add up everything that can become of an accepted row."""
    return (
        counts.created
        + counts.updated
        + counts.removed
        + counts.unchanged
        + counts.held
        + counts.conflict
        + counts.refused
        + counts.unknown
    )


def written_of(counts: ChangeCounts) -> int:
    """Add up what was written, or may have been."""
    return counts.created + counts.updated + counts.removed + counts.unknown


def _outcome(
    rows: RowCounts, counts: ChangeCounts, answer: Answer, discrepancies: int, earlier: ChangeCounts
) -> RunOutcome:
    match answer.verdict:
        case "turned_down":
            return "turned_down"
        case "preview":
            return "previewed"
        case "needs_approval" | "ask":
            return "needs_approval"
    if counts.conflict or counts.refused or counts.unknown or discrepancies:
        return "partly_applied"
    written = sum(each.created + each.updated + each.removed for each in (counts, earlier))
    if rows.rejected or counts.held:
        return "applied_with_rejects" if written else "nothing_to_do"
    return "applied" if written else "nothing_to_do"


def earlier_attempt_note(earlier: ChangeCounts) -> str:
    """Say what earlier attempts of a run wrote, for its last one finds that done, and counts it as unchanged."""
    nothing_read = RowCounts(rows_in=0, accepted=0, rejected=0)
    return (
        f"; an earlier attempt of this run wrote: {counts_in_words(nothing_read, earlier)}" if sum_of(earlier) else ""
    )


COUNTED = ("new", "changed", "removed", "unchanged", "held", "in conflict", "refused", "unknown", "rejected")
NO_ROWS = "no rows"


def counts_in_words(rows: RowCounts, counts: ChangeCounts) -> str:
    """Say what became of rows, and of how many."""
    return ", ".join(f"{count:,} {name}" for name, count in counts_by_name(rows, counts)) or NO_ROWS


def counts_by_name(rows: RowCounts, counts: ChangeCounts) -> tuple[tuple[str, int], ...]:
    """Return what became of rows, as COUNTED names it, and of how many; what became of none is left out."""
    found = (
        counts.created,
        counts.updated,
        counts.removed,
        counts.unchanged,
        counts.held,
        counts.conflict,
        counts.refused,
        counts.unknown,
        rows.rejected,
    )
    return tuple((name, count) for name, count in zip(COUNTED, found, strict=True) if count)


NEXT_STEPS: Mapping[str, str] = {
    "previewed": "Nothing was changed. Look at the changes; to carry them out, run with mode apply.",
    "nothing_previewed": "Nothing was changed, and with mode apply nothing would be.",
    "turned_down": "Nothing was changed: the plan was turned down.",
    "rejected": "Correct the rejects file and drop it in the inbox: only those rows go in again.",
    "held": "Look at the held rows, and at why each is held. Nothing was done to them.",
    "conflict": "Records in conflict were changed by someone else meanwhile and were left alone.",
    "refused": "The target refused some changes; see the report for each.",
    "unknown": "The target has not answered for some changes; they are never repeated blindly. If it takes a file: "
    "fetch upload.csv, upload it in the shop, then say how it went (counterfoil confirm, or confirm-upload).",
    "discrepancies": "The read-back found discrepancies: see the report before anything else is imported.",
}


def _next_steps(outcome: RunOutcome, rows: RowCounts, counts: ChangeCounts, discrepancies: int) -> tuple[str, ...]:
    asked = counts.created + counts.updated + counts.removed
    needed = {
        "previewed": outcome == "previewed" and asked > 0,
        "nothing_previewed": outcome == "previewed" and asked == 0,
        "turned_down": outcome == "turned_down",
        "rejected": rows.rejected > 0,
        "held": counts.held > 0,
        "conflict": counts.conflict > 0,
        "refused": counts.refused > 0,
        "unknown": counts.unknown > 0,
        "discrepancies": discrepancies > 0,
    }
    return tuple(text for name, text in NEXT_STEPS.items() if needed[name])

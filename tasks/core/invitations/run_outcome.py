"""How a run that invites people ended: in one word, one line, and what to do next."""

import polars as pl

from schemas.records import InvitationCounts, Mode, RowCounts, RunOutcome
from schemas.target_names import Channel, TargetName
from tasks.core.invitations.settlement import with_outcome
from tasks.core.reporting.run_outcome import Ending
from tasks.core.wording.words import INVITATION_LABELS


def conclude_invitations(
    *,
    mode: Mode,
    channel: TargetName | Channel,
    rows: RowCounts,
    people: pl.DataFrame,
    counts: InvitationCounts,
    remarks: tuple[str, ...] = (),
    asks: bool = False,
) -> Ending:
    """Name the outcome. *remarks* come before the other next steps; *asks*: the rest wait for a person's look.

    Raises:
        ArithmeticError: Somebody was lost or counted twice on the way: a bug of ours.
    """
    if rows.rows_in != rows.accepted + rows.rejected or rows.accepted != sum(vars(counts).values()):
        raise ArithmeticError("the people of the list are not the sum of what became of them")
    outcome = "previewed" if mode == "preview" else _outcome(rows, counts, asks=asks)
    steps = _next_steps(outcome, channel, rows, counts)
    return Ending(
        outcome=outcome,
        says=_in_words(rows, people, counts),
        next_steps=(*remarks, *steps),
    )


def _outcome(rows: RowCounts, counts: InvitationCounts, *, asks: bool) -> RunOutcome:
    if asks and counts.due:
        return "needs_approval"
    if counts.refused or counts.unknown or counts.due:
        return "partly_applied"
    if not counts.sent:
        return "nothing_to_do"
    return "applied_with_rejects" if rows.rejected or counts.no_address else "applied"


def _in_words(rows: RowCounts, people: pl.DataFrame, counts: InvitationCounts) -> str:
    named = [(INVITATION_LABELS[name].lower(), count) for name, count in vars(counts).items()] + [
        ("rejected", rows.rejected)
    ]
    parts = [f"{count:,} {label}" for label, count in named if count]
    mailed = with_outcome(people, "due", "sent")
    return (", ".join(parts) or "nobody to invite") + (f" ({_languages(mailed)})" if mailed.height else "")


def _languages(people: pl.DataFrame) -> str:
    """Count the people who get, or got, a mail in each language."""
    counted = people.group_by("language").len().sort("len", "language", descending=[True, False])
    return "mails in " + ", ".join(f"{language}: {count:,}" for language, count in counted.iter_rows())


def _next_steps(
    outcome: RunOutcome, channel: TargetName | Channel, rows: RowCounts, counts: InvitationCounts
) -> tuple[str, ...]:
    shown = "the sample mails" if channel == "mail" else "the templates"
    steps = [
        (outcome == "previewed", f"Nothing was sent. Look at {shown} and the list; to go ahead, run with mode apply."),
        (
            channel == "mailing_list" and counts.sent > 0,
            "Fetch mailing-list.csv into your mail tool, once: these people count as invited now.",
        ),
        (outcome == "partly_applied" and counts.due > 0, "Some are still due: run again. Nobody gets a second mail."),
        (
            counts.refused > 0,
            "Some were refused: see the answers in invitations.csv, correct the addresses.",
        ),
        (
            counts.unknown > 0,
            "Of some mails nobody knows whether they went, so they are never sent again by themselves. These people "
            "are in invitations.csv; ask the mail server's log, or eCom's, then invite who got nothing under another "
            "campaign.",
        ),
        (rows.rejected > 0, "Correct the rejects file and invite from it: only those rows go in again."),
        (counts.no_address > 0, "Some customers have no address that a mail can be sent to: tell them another way."),
    ]
    return tuple(text for needed, text in steps if needed)

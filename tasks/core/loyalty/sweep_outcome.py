"""How a sweep ended, in one word and one line of counts, and what to do next."""

import polars as pl

from schemas.records import Answer, ChangeCounts, RowCounts
from tasks.core.loyalty.worklist import MOST_ROWS
from tasks.core.reporting.run_outcome import NOTHING_WRITTEN, Ending, conclude, earlier_attempt_note
from tasks.core.wording.money import amount
from tasks.core.wording.words import counted


def conclude_sweep(
    *,
    rows: RowCounts,
    counts: ChangeCounts,
    answer: Answer,
    discrepancies: int,
    failures: int,
    new: int,
    at_risk: str,
    reported: bool,
    earlier: ChangeCounts = NOTHING_WRITTEN,
) -> Ending:
    """Name the outcome: a sweep that had nothing to do in Astro has looked, and that is what it is for.

    *failures* are open now, *new* of them since today, so much money is *at risk* with them, in words; *reported*: any
    source ever reported any. *earlier*: what earlier attempts of the run did in Astro.
    """
    ending = conclude(rows=rows, counts=counts, answer=answer, discrepancies=discrepancies, earlier=earlier)
    idle = ending.outcome in ("nothing_to_do", "applied_with_rejects") and not _acted(counts)
    acted = "done" if answer.verdict == "go" else "planned"
    actions = f"; actions in Astro: {_in_words(counts, acted)}" if any(vars_of(counts)) else ""
    money = f"; at risk: {at_risk}" if failures else ""
    says = f"{counted(failures, 'open failure')}, {new:,} new, {rows.rejected:,} rejected{money}{actions}"
    says += earlier_attempt_note(earlier)
    steps = _steps(answer, counts, rows, failures)
    return Ending(
        outcome="looked" if idle else ending.outcome,
        says=says if reported or rows.rows_in else "no report has arrived yet",
        next_steps=steps if reported or rows.rows_in else (*steps, _HOW_TO_BEGIN),
    )


_HOW_TO_BEGIN = (
    "To have failures watched, drop Astro's report in the inbox under loyalty. A shop without loyalty programmes can "
    "pause its schedule: in Prefect, under Deployments, sweep-loyalty-failures."
)


def in_words(tally: pl.DataFrame, currency: str) -> str:
    """Say how much is at risk by a tally (``failures, at_risk_cents, unknown``): what nobody knows is not nothing."""
    money, unknown = amount(int(tally["at_risk_cents"].sum()), currency), int(tally["unknown"].sum())
    if not unknown:
        return money
    return f"{money}, and nobody knows of {unknown:,}" if unknown < tally["failures"].sum() else "nobody knows"


def vars_of(counts: ChangeCounts) -> list[int]:
    return [getattr(counts, name) for name in ChangeCounts.__dataclass_fields__]


def _acted(counts: ChangeCounts) -> int:
    return counts.created + counts.updated + counts.removed


def _in_words(counts: ChangeCounts, acted: str) -> str:
    named = [(acted, _acted(counts)), ("not allowed yet", counts.held), ("in conflict", counts.conflict)]
    named += [("refused", counts.refused), ("unknown", counts.unknown), ("done before", counts.unchanged)]
    return ", ".join(f"{count:,} {name}" for name, count in named if count)


def _steps(answer: Answer, counts: ChangeCounts, rows: RowCounts, failures: int) -> tuple[str, ...]:
    steps = [
        (bool(answer.says), answer.says),
        (answer.verdict == "preview", "Nothing was remembered and nobody was told. To do so, run with mode apply."),
        (
            failures > 0,
            "Work through the worklist: at the desk under Loyalty, or worklist.xlsx from the top. Of the file, fill in "
            "decision and note, then drop it in the inbox under loyalty-decisions, or counterfoil resolve FILE.",
        ),
        (
            failures > MOST_ROWS,
            f"The worklist has the {MOST_ROWS:,} failures that press most; the next one has what follows.",
        ),
        (
            counts.held > 0,
            "Astro could be asked to put some right: name their classes with act, look at the plan, approve it.",
        ),
        (rows.rejected > 0, "Correct the rejects files and drop them in the inbox: they are read as more rows."),
        (counts.conflict > 0, "Records in conflict were changed in Astro meanwhile and were left alone."),
        (counts.refused > 0, "Astro refused some actions: do them by hand, by the worklist."),
        (counts.unknown > 0, "Astro has not answered for some actions; the next sweep looks before it asks again."),
    ]
    return tuple(text for needed, text in steps if needed)

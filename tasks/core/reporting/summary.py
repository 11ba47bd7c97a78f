"""The first sheet of the workbook: what happened, in counts and control totals."""

from collections.abc import Sequence

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.records import RunReport
from tasks.core.reporting.localization import facts_in_words, localized, sum_in_words
from tasks.core.reporting.rows import UNIT, currencies_in, grouped, value_columns
from tasks.core.reporting.totals import compare_totals
from tasks.core.wording.money import amount_text
from tasks.core.wording.speech import ENGLISH, Speech
from tasks.core.wording.sums import sums
from tasks.core.wording.words import GROUP_LABELS, GROUPS, TITLES, heading, tiles

SUMMARY_WORDS = (
    *("What to do next", "The read-back found", "Not in this workbook", "Counts", "Control totals", "Count", "Sum"),
    *("What the changes add up to", "Concerns", "How the file was read", "This run", "Summary"),
)
"""What the blocks of the sheet are called, and what stands in it."""
Lines = Sequence[Sequence[object]]
Block = tuple[str, Lines]
"""A title and its rows of cells; the first cell of a row is its label."""


def write_summary(
    workbook: Workbook,
    report: RunReport,
    changes: pl.DataFrame,
    *,
    zone: str,
    notes: Sequence[str],
    speech: Speech = ENGLISH,
) -> None:
    """Write the sheet Summary. *notes* say what the other sheets leave out."""
    sheet = workbook.add_worksheet(speech.gettext("Summary"))
    title = workbook.add_format({"bold": True, "font_size": 12, "font_color": "#1D4ED8"})
    plain = workbook.add_format({"num_format": "#,##0", "align": "left"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 8, 22)
    row = 0
    for name, lines in _blocks(localized(report, speech), changes, zone, notes, speech):
        sheet.write_string(row, 0, name, title)
        row = _write_lines(sheet, row + 1, lines, plain) + 1


def _write_lines(sheet: Worksheet, row: int, lines: Lines, plain: Format) -> int:
    for line in lines:
        for column, cell in enumerate(line):
            write = sheet.write_number if isinstance(cell, int) else sheet.write_string
            write(row, column, cell, plain)
        row += 1
    return row


def _blocks(report: RunReport, changes: pl.DataFrame, zone: str, notes: Sequence[str], speech: Speech) -> list[Block]:
    """List the blocks that have something to say, what matters first."""
    listed: dict[str, Sequence[str]] = {
        "What to do next": report.next_steps,
        "The read-back found": report.discrepancies,
        "Not in this workbook": notes,
    }
    verdict: Block = (f"{report.title}: {speech.gettext(TITLES[report.outcome])}", [[report.says]])
    blocks: list[Block] = [
        *[(name, [[item] for item in items]) for name, items in listed.items()],
        ("Counts", _counts(report, speech)),
        ("Control totals", _totals(report, speech)),
        ("What the changes add up to", _effects(changes, speech)),
        ("Concerns", [[concern.code, concern.says, concern.override] for concern in report.concerns]),
        ("How the file was read", [[line] for line in report.reading]),
        ("This run", facts_in_words(report, zone, speech)),
    ]
    return [verdict, *((speech.gettext(name), lines) for name, lines in blocks if lines)]


def _counts(report: RunReport, speech: Speech) -> Lines:
    labelled = [[speech.gettext(tile.label), tile.count] for tile in tiles(report)]
    return [*labelled, *([sum_in_words(each, speech)] for each in sums(report))]


def _totals(report: RunReport, speech: Speech) -> Lines:
    return [
        line
        for one in compare_totals(report.totals, speech)
        for line in (
            [one.currency, *(speech.gettext(stage.label) for stage in one.stages)],
            [speech.gettext("Count"), *(stage.count for stage in one.stages)],
            [speech.gettext("Sum"), *(stage.sum for stage in one.stages), one.says],
        )
    ]


def _effects(changes: pl.DataFrame, speech: Speech) -> Lines:
    """Pivot what each kind of change adds to each amount, per currency."""
    names = [column.name for column in value_columns(changes) if column.is_amount]
    if changes.is_empty() or not names:
        return []
    name, unit = names[0], pl.coalesce(f"{UNIT}_after", f"{UNIT}_before").alias(UNIT)
    added = (pl.col(f"{name}_after").fill_null(0) - pl.col(f"{name}_before").fill_null(0)).sum().alias("cents")
    summed = grouped(changes).group_by("group", unit).agg(added)
    texts = summed.select("group", UNIT, text=amount_text(pl.col("cents"), pl.col(UNIT), currencies_in(summed[UNIT])))
    shown = {(group, currency): text for group, currency, text in texts.drop_nulls().iter_rows()}
    currencies, groups = sorted({currency for _, currency in shown}), {group for group, _ in shown}
    label = speech.gettext
    lines = [
        [label(GROUP_LABELS[each]), *(shown.get((each, c), "") for c in currencies)]
        for each in GROUPS
        if each in groups
    ]
    return [[label(heading(name)), *currencies], *lines]

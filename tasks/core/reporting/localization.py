"""A report in another language: what a run said in English, said anew.

Counts, sums and what codes mean are said from what they are; sentences with names in them, from how they were composed.
Codes, keys, names of files and of columns of a file stay.
"""

from dataclasses import replace
from functools import partial

import polars as pl

from schemas.records import RunReport
from schemas.report_tables import ReportTable
from schemas.sentences import Sentences
from schemas.wordings import WORDINGS
from tasks.core.reporting.rows import english, row_says
from tasks.core.reporting.run_outcome import NO_ROWS, counts_by_name, counts_in_words
from tasks.core.reporting.table_words import CELLS
from tasks.core.wording.localization import localize
from tasks.core.wording.messages import with_messages
from tasks.core.wording.speech import Speech
from tasks.core.wording.sums import Sum
from tasks.core.wording.words import counting, facts

_RESTORE = ", restore of "


def localized(report: RunReport, speech: Speech) -> RunReport:
    """Say all that a report tells people in the language of *speech*."""
    if speech.language == "en":
        return report
    return replace(
        report,
        title=title_in_words(report.title, speech),
        says=says_in_words(report, report.says, speech),
        concerns=tuple(replace(each, says=localize(each.says, speech)) for each in report.concerns),
        reading=tuple(localize(line, speech) for line in report.reading),
        next_steps=tuple(localize(step, speech) for step in report.next_steps),
        discrepancies=tuple(localize(each, speech) for each in report.discrepancies),
        report_tables=tuple(localized_report_table(each, speech) for each in report.report_tables),
    )


def localized_report_table(report_table: ReportTable, speech: Speech) -> ReportTable:
    """Say what a report table shows, and what its columns are called."""
    headings = {name: speech.gettext(text) for name, text in report_table.headings.items()}
    says = localize(report_table.says, speech)
    return replace(report_table, title=localize(report_table.title, speech), says=says, headings=headings)


def localized_rows(report_table: ReportTable, rows: pl.DataFrame, speech: Speech) -> pl.DataFrame:
    """Say the cells of a report table that are words of ours; data stays."""
    if speech.language == "en":
        return rows
    ours = {name: words for name, words in CELLS.get(report_table.name, {}).items() if name in rows.columns}
    return rows.with_columns(_localized_cells(rows[name], words, speech) for name, words in ours.items())


def _localized_cells(cells: pl.Series, words: Sentences, speech: Speech) -> pl.Series:
    known = cells.drop_nulls().unique()
    anew = [localize(spaced if (spaced := text.replace("_", " ")) in words else text, speech, words) for text in known]
    return cells.replace(known, pl.Series(anew, dtype=pl.String))


def localized_rejects(rejects: pl.DataFrame, speech: Speech) -> pl.DataFrame:
    """Say anew what is wrong with cells; what has no codes, such as no rejects at all, stays."""
    if speech.language == "en" or "detail" not in rejects.columns:
        return rejects
    return with_messages(rejects.drop("message"), speech.language, worded=partial(worded, speech=speech))


def worded(code: str, speech: Speech) -> tuple[str, str]:
    """Return what a code says, and what would be right."""
    says, remedy = english(code)
    return WORDINGS.get(speech.language, {}).get(code, (speech.gettext(says), speech.gettext(remedy)))


def facts_in_words(report: RunReport, zone: str, speech: Speech) -> list[tuple[str, str]]:
    """List what identifies a run, under names of the language."""
    anew = {
        "Rejects still open": speech.number(report.still_open),
        "Started": speech.instant(report.started_at, zone),
        "Finished": speech.instant(report.finished_at, zone),
    }
    said = {"Mode", "Writes", "Takes"}
    return [
        (speech.gettext(name), anew.get(name) or (localize(value, speech) if name in said else value))
        for name, value in facts(report, zone)
    ]


def says_of_rows(speech: Speech) -> pl.Expr:
    """Say what became of each change."""
    return row_says(speech.gettext, lambda code: worded(code, speech))


def title_in_words(title: str, speech: Speech) -> str:
    """Say what a run is about."""
    about, restore, of = title.partition(_RESTORE)
    if not restore:
        return localize(about, speech)
    return speech.gettext("%(about)s, restore of %(run)s") % {"about": localize(about, speech), "run": of}


def says_in_words(report: RunReport | None, says: str, speech: Speech) -> str:
    """Say how a run ended: counts anew, and else as the run said it."""
    if report is None or says != counts_in_words(report.rows, report.changes):
        return localize(says, speech)
    counts = counts_by_name(report.rows, report.changes)
    return ", ".join(_counted(name, count, speech) for name, count in counts) or speech.gettext(NO_ROWS)


def sum_in_words(one: Sum, speech: Speech) -> str:
    """Write out a sum that must hold."""
    match one.what:
        case "row":
            total = speech.ngettext("%(num)s row", "%(num)s rows", one.total)
        case "record":
            total = speech.ngettext("%(num)s record", "%(num)s records", one.total)
        case "accepted":
            total = _counted("accepted", one.total, speech)
    parts = " + ".join(_counted(label, count, speech) for count, label in one.parts)
    return f"{total} = {parts or '0'}"


def _counted(name: str, count: int, speech: Speech) -> str:
    return speech.ngettext(counting(name), counting(name), count)

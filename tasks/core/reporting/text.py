"""The short accounts of a run: text for the command line, Markdown for a Prefect artifact."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import polars as pl

from schemas import file_names
from schemas.file_names import FileName
from schemas.records import RunReport
from schemas.report_tables import ReportTable, ShownTable
from schemas.tables import ValueColumn
from tasks.core.reporting.rows import key_column, pick_changes, shown_changes, shown_columns
from tasks.core.reporting.table_cells import cells_of_table, table_columns
from tasks.core.reporting.totals import CurrencyTotals, compare_totals
from tasks.core.wording.masks import mask
from tasks.core.wording.sums import arithmetic
from tasks.core.wording.words import (
    GROUP_LABELS,
    TITLES,
    counted,
    dropped_in_words,
    effort_text,
    heading,
    tiles,
)

Sample = tuple[list[str], list[list[str]]]
"""The headings and the rows of a table of changes."""

SAMPLE_ROWS = 20
LISTED_ITEMS = 20
REPORT_TABLE_ROWS = 12
"""Prefect stores Markdown in its own database for good and sends all of it to every list page."""

_LABEL_WIDTH = 18


def render_text(report: RunReport) -> str:
    """Say in about twenty lines what happened, what to do next and where the report is."""
    counters = [f"  {tile.label.lower():<{_LABEL_WIDTH}}{tile.count:>9,}" for tile in tiles(report)]
    blocks = [
        [f"{report.title}: {TITLES[report.outcome]}", report.says],
        counters if any(tile.count for tile in tiles(report)) else [],
        [line for totals in compare_totals(report.totals) for line in _totals_text(totals)],
        [f"  takes {effort}"] if (effort := effort_text(report.effort)) else [],
        [f"  {item}" for item in _warnings(report)],
        [f"Next: {step}" for step in report.next_steps],
        _places(report),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _totals_text(totals: CurrencyTotals) -> list[str]:
    known = [stage for stage in totals.stages if stage.count]
    width = max(len(stage.sum) for stage in known)
    lines = [f"  {stage.label.lower():<{_LABEL_WIDTH}}{stage.count:>9}  {stage.sum:>{width}}" for stage in known]
    verdict = {"agrees": "  <- as expected", "differs": f"  <- {totals.says.upper()}", "not read back": ""}
    lines[-1] += verdict[totals.agreement]
    return lines


def _warnings(report: RunReport) -> list[str]:
    concerns = [f"! {concern.says}" + _override(concern.override, " ({})") for concern in report.concerns]
    found = [f"! The read-back found: {item}" for item in report.discrepancies]
    still_open = [f"! {counted(report.still_open, 'rejected row')} still to be corrected"] if report.still_open else []
    dropped = [f"Rejected rows left out on purpose: {dropped_in_words(each)}" for each in report.dropped]
    return [*found, *concerns[:LISTED_ITEMS], *still_open, *dropped]


def _override(override: str, frame: str) -> str:
    return frame.format(f"let it pass with {override}") if override else ""


def _places(report: RunReport) -> list[str]:
    """Name the run, the plan and the files people open, each with the command that fetches it."""
    stems = {
        file_names.REPORT_HTML: "report",
        file_names.REPORT_XLSX: file_names.REPORT_XLSX,
        file_names.HELD: "held",
        file_names.CONFLICTS: "conflicts",
        file_names.UPLOAD_CSV: "upload",
        file_names.UPLOAD_XLSX: "upload",
        file_names.MISMATCHES: "mismatches",
        file_names.SPOT_CHECK: "spot-check",
        file_names.EXPORT_CSV: "export",
        file_names.EXPORT_XLSX: "export",
        file_names.INVITATIONS: "invitations",
        file_names.MAILING_LIST: "mailing-list",
        file_names.WORKLIST_XLSX: file_names.WORKLIST_XLSX,
    }
    stems |= dict.fromkeys((file_names.REJECTS_CSV, file_names.REJECTS_XLSX, file_names.REJECTS_JSON), "rejects")
    stems |= {name: name for name in one_of_several_rejects(report.artifacts)}
    files = [(name, stem) for name, stem in stems.items() if name in report.artifacts]
    named = [("Run", report.run_id), ("Plan", report.plan_id)]
    named += [(name, f"counterfoil get {report.run_id} {name if stem == 'report' else stem}") for name, stem in files]
    return [f"{name + ':':<17} {place}" for name, place in named if place]


def one_of_several_rejects(names: Iterable[FileName]) -> list[FileName]:
    """Name the rejects files of a run that read several files: one each."""
    return sorted(name for name in names if name.startswith("rejects-"))


def render_markdown(
    report: RunReport,
    links: Mapping[str, str],
    changes: pl.DataFrame,
    show: Callable[[pl.DataFrame], Sample],
    report_tables: Sequence[ShownTable] = (),
) -> str:
    """Write the summary for a Prefect artifact: *links* (name to URL) expire, the counts stay.

    Of *changes* at most 20 are shown, as *show* makes them; the full list stays in the linked files. Of *report tables*
    the first rows are shown, and none of those that are private.
    """
    label = TITLES[report.outcome]
    sections = [
        f"# {_plain(report.title)}: {_plain(label)}\n\n{_plain(report.says)}",
        _listed("What to do next", report.next_steps),
        _files(links),
        _counts(report),
        _totals_table(compare_totals(report.totals)),
        f"Takes {effort}." if (effort := effort_text(report.effort)) else "",
        _listed("The read-back found", report.discrepancies),
        _listed("Concerns", [c.says + _override(c.override, ". To {}") for c in report.concerns]),
        _listed("How the file was read", report.reading),
        *[_report_tableed(*shown) for shown in report_tables],
        _sample(changes, show) if changes.height else "",
        f"Run `{report.run_id}`" + (f", plan `{report.plan_id}`" if report.plan_id else ""),
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _plain(text: str) -> str:
    """Escape what Markdown or HTML would act upon, and cut what nobody would read."""
    one_line = " ".join(text.split())[:500].replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_{}\[\]|~#>])", r"\\\1", one_line)


def _listed(title: str, items: Iterable[str]) -> str:
    lines = [f"- {_plain(item)}" for item in items]
    more = [f"- and {len(lines) - LISTED_ITEMS:,} more, in the report"] if len(lines) > LISTED_ITEMS else []
    return "\n".join([f"## {title}", "", *lines[:LISTED_ITEMS], *more]) if lines else ""


def _table(header: Iterable[str], rows: Iterable[Iterable[str]], aligned: str) -> str:
    lines = [header, aligned.split(), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _counts(report: RunReport) -> str:
    shown = tiles(report)
    table = _table(
        (tile.label for tile in shown), [[f"{tile.count:,}" for tile in shown]], " ".join(["--:"] * len(shown))
    )
    return "\n\n".join([table, *arithmetic(report)])


def _totals_table(totals: tuple[CurrencyTotals, ...]) -> str:
    stages = [(one.currency, stage) for one in totals for stage in one.stages if stage.count]
    verdicts = [
        f"{'✅' if one.agreement == 'agrees' else '❌'} {one.currency + ': ' if one.currency else ''}{one.says}"
        for one in totals
        if one.agreement != "not read back"
    ]
    rows = [[currency, stage.label, stage.count, stage.sum] for currency, stage in stages]
    table = _table(["Currency", "Control total", "Count", "Sum"], rows, "--- --- --: --:")
    if not any(currency for currency, _ in stages):  # records that are not money are only counted
        table = _table(["Control total", "Count"], [[stage.label, stage.count] for _, stage in stages], "--- --:")
    return "\n\n".join(["## Control totals", table, *verdicts]) if totals else ""


def _files(links: Mapping[str, str]) -> str:
    lines = [f"- [{_plain(name)}]({url})" for name, url in links.items()]
    note = "These links expire; the files stay in the store."
    return "\n".join(["## Files", "", *lines, "", note]) if lines else ""


def _report_tableed(report_table: ReportTable, rows: pl.DataFrame) -> str:
    """Show the first rows of a report table, or the newest days of it; of a private one only what it is about."""
    heading = f"## {_plain(report_table.title)}\n\n{_plain(report_table.says)}"
    if report_table.private or rows.is_empty():
        return heading
    columns = table_columns(report_table, rows)
    by_day = report_table.chart is not None and rows.schema[report_table.chart.along] == pl.Date
    some = rows.tail(REPORT_TABLE_ROWS).reverse() if by_day else rows.head(REPORT_TABLE_ROWS)
    cells = [[_plain(cell) for cell in row] for row in cells_of_table(columns, some)]
    aligned = " ".join("--:" if column.is_number else "---" for column in columns)
    left, what = rows.height - REPORT_TABLE_ROWS, "earlier" if by_day else "more"
    more = f"\n\nAnd {left:,} {what}, in the report." if left > 0 else ""
    return f"{heading}\n\n{_table([_plain(column.heading) for column in columns], cells, aligned)}{more}"


def _sample(changes: pl.DataFrame, show: Callable[[pl.DataFrame], Sample]) -> str:
    header, rows = show(pick_changes(changes, SAMPLE_ROWS))
    first = f"The first {SAMPLE_ROWS} of " if changes.height > SAMPLE_ROWS else "All " if changes.height > 1 else ""
    return f"## {first}{counted(changes.height, 'change')}\n\n{_table(header, rows, ' '.join(['---'] * len(header)))}"


def show_values(picked: pl.DataFrame) -> Sample:
    """Show changes with masked keys and their values."""
    columns = shown_columns(picked)
    rows = [
        [GROUP_LABELS[row["group"]], _plain(mask(row["key"])), *[_sides(row, c) for c in columns], _plain(row["says"])]
        for row in shown_changes(picked, columns).iter_rows(named=True)
    ]
    return ["What", heading(key_column(picked)), *(column.heading for column in columns), "Says"], rows


def show_columns(picked: pl.DataFrame) -> Sample:
    """Show changes to people's data: which columns change, and no value."""
    columns = shown_columns(picked)
    rows = [
        [GROUP_LABELS[row["group"]], str(row["line"] or ""), ", ".join(_moved(row, columns)), _plain(row["says"])]
        for row in shown_changes(picked, columns).iter_rows(named=True)
    ]
    return ["What", "Line", "Which columns", "Says"], rows


def _moved(row: dict[str, str | None], columns: Sequence[ValueColumn]) -> list[str]:
    return [c.heading for c in columns if (row[f"{c.name}_before"] or "") != (row[f"{c.name}_after"] or "")]


def _sides(row: dict[str, str | None], column: ValueColumn) -> str:
    before, after = row[f"{column.name}_before"], row[f"{column.name}_after"]
    return _plain(" → ".join(dict.fromkeys(side for side in (before, after) if side is not None)))

"""The first sheet of the workbook: what happened, in counts and control totals."""

from collections.abc import Sequence

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.records import RunReport
from tasks.core.reporting.rows import UNIT, currencies_in, grouped, value_columns
from tasks.core.reporting.totals import compare_totals
from tasks.core.wording.money import amount_text
from tasks.core.wording.words import GROUP_LABELS, GROUPS, TITLES, arithmetic, facts, heading, tiles

Lines = Sequence[Sequence[object]]
Block = tuple[str, Lines]
"""A title and its rows of cells; the first cell of a row is its label."""


def write_summary(
    workbook: Workbook, report: RunReport, changes: pl.DataFrame, *, zone: str, notes: Sequence[str]
) -> None:
    """Write the sheet Summary. *notes* say what the other sheets leave out."""
    sheet = workbook.add_worksheet("Summary")
    title = workbook.add_format({"bold": True, "font_size": 12, "font_color": "#1D4ED8"})
    plain = workbook.add_format({"num_format": "#,##0", "align": "left"})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 8, 22)
    row = 0
    for name, lines in _blocks(report, changes, zone, notes):
        sheet.write_string(row, 0, name, title)
        row = _write_lines(sheet, row + 1, lines, plain) + 1


def _write_lines(sheet: Worksheet, row: int, lines: Lines, plain: Format) -> int:
    for line in lines:
        for column, cell in enumerate(line):
            write = sheet.write_number if isinstance(cell, int) else sheet.write_string
            write(row, column, cell, plain)
        row += 1
    return row


def _blocks(report: RunReport, changes: pl.DataFrame, zone: str, notes: Sequence[str]) -> list[Block]:
    """List the blocks that have something to say, what matters first."""
    listed: dict[str, Sequence[str]] = {
        "What to do next": report.next_steps,
        "The read-back found": report.discrepancies,
        "Not in this workbook": notes,
    }
    blocks: list[Block] = [
        (f"{report.title}: {TITLES[report.outcome]}", [[report.says]]),
        *[(name, [[item] for item in items]) for name, items in listed.items()],
        ("Counts", [[tile.label, tile.count] for tile in tiles(report)] + [[line] for line in arithmetic(report)]),
        ("Control totals", _totals(report)),
        ("What the changes add up to", _effects(changes)),
        ("Concerns", [[concern.code, concern.says, concern.override] for concern in report.concerns]),
        ("How the file was read", [[line] for line in report.reading]),
        ("This run", facts(report, zone)),
    ]
    return [block for block in blocks if block[1]]


def _totals(report: RunReport) -> Lines:
    return [
        line
        for one in compare_totals(report.totals)
        for line in (
            [one.currency, *(stage.label for stage in one.stages)],
            ["Count", *(stage.count for stage in one.stages)],
            ["Sum", *(stage.sum for stage in one.stages), one.says],
        )
    ]


def _effects(changes: pl.DataFrame) -> Lines:
    """Pivot what each kind of change adds to each amount, per currency."""
    names = [column.name for column in value_columns(changes) if column.is_amount]
    if changes.is_empty() or not names:
        return []
    name, unit = names[0], pl.coalesce(f"{UNIT}_after", f"{UNIT}_before").alias(UNIT)
    added = (pl.col(f"{name}_after").fill_null(0) - pl.col(f"{name}_before").fill_null(0)).sum().alias("cents")
    summed = grouped(changes).group_by("group", unit).agg(added)
    # a quarter of a second to load, which a run should not spend before its first step
    import pandas as pd  # noqa: PLC0415

    texts = summed.with_columns(text=amount_text(pl.col("cents"), pl.col(UNIT), currencies_in(summed[UNIT])))
    pivot = pd.DataFrame(texts.to_dict(as_series=False)).pivot(index="group", columns=UNIT, values="text").fillna("")
    lines = [[GROUP_LABELS[group], *pivot.loc[group]] for group in GROUPS if group in pivot.index]
    return [[heading(name), *pivot.columns], *lines]

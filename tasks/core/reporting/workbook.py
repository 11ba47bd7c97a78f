"""The report of a run as a workbook, for people who sort and filter with what they know.

The same run gives the same bytes.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format

from schemas.records import RunReport
from schemas.report_tables import ReportTable, ShownTable
from schemas.tables import ValueColumn
from tasks.core.reading.currencies import minor_digits
from tasks.core.reporting.localization import localized_report_table, localized_rows, says_of_rows
from tasks.core.reporting.rows import (
    UNIT,
    currencies_in,
    key_column,
    pick_changes,
    plain_text,
    rows_that_fit,
    shown_columns,
    sides_of,
    unit_of,
    value_columns,
)
from tasks.core.reporting.sheets import SheetColumn, fill_sheets, prepare_sheet
from tasks.core.reporting.summary import write_summary
from tasks.core.reporting.table_cells import TableColumn, table_columns
from tasks.core.wording.money import plain_amount
from tasks.core.wording.speech import ENGLISH, Speech
from tasks.core.wording.words import GROUP_LABELS, artifact_name, heading

SHEET_CHANGES = 100_000
SHEET_REJECTS = 100_000
"""A sheet could hold 1,048,576 rows, but opening so many takes a spreadsheet minutes."""

SHEET_WORDS = (
    *("Changes", "Rejects", "Line", "Row", "What", "What happened", "Column", "Value", "What is wrong", "Code"),
    *("Currency", "before", "after", "now"),
)
"""What sheets and their columns are called, beside the columns of the target."""
SHORTENED = tuple(
    f"Only the first %(most)s of %(total)s {rows} are in this workbook, those that need a person first; all of them "
    "are in %(file)s."
    for rows in ("changes", "rejects")
)
_LONGEST_NAME = 31
"""Of a sheet, by Excel's own limit."""

_FIXED_DATE = datetime(2000, 1, 1)
_TINTS = {
    "plain": {},
    "new": {"bg_color": "#D5F5DF"},
    "changed": {"bg_color": "#FFE98A"},
    "removed": {"bg_color": "#E3E6EA"},
    "held": {"bg_color": "#FFD3A6"},
    "conflict": {"bg_color": "#E7D6FB"},
    "refused": {"bg_color": "#FBD0D0"},
    "unknown": {"bg_color": "#D9DCE1"},
    "unchanged": {},
}
_MASKS = {
    "": "@",
    " 0": "#,##0",
    " quantity": "#,##0.###",
    " share": "0.0%",
    " 2": "#,##0.00",
    " 3": "#,##0.000",
    " 4": "#,##0.0000",
}
"""Number formats: text, and amounts by the decimals of their currency."""


def render_xlsx(
    report: RunReport,
    changes: pl.DataFrame,
    rejects: pl.DataFrame,
    report_tables: Sequence[ShownTable] = (),
    *,
    zone: str = "UTC",
    speech: Speech = ENGLISH,
) -> bytes:
    """Write the sheets Summary, Changes, Rejects and one a report table; the frames are as for the page."""
    buffer = BytesIO()
    workbook = Workbook(buffer, {"in_memory": True})
    workbook.set_properties({"title": f"{report.title}, run {report.run_id}", "created": _FIXED_DATE})
    most = rows_that_fit(SHEET_CHANGES, shown_columns(changes))
    notes = _shortened(report, changes.height, most, rejects.height, speech)
    write_summary(workbook, report, changes, zone=zone, notes=notes, speech=speech)
    bold = workbook.add_format({"bold": True, "bg_color": "#1F2937", "font_color": "#FFFFFF"})
    formats = _formats(workbook)
    picked = pick_changes(changes, most, says_of_rows(speech))
    sheets = {
        "Changes": _change_columns(picked, speech),
        "Rejects": _named(_reject_columns(rejects.head(SHEET_REJECTS)), speech),
        **{_sheet_name(shown[0]): _report_tableed(*shown, speech) for shown in report_tables},
    }
    for name, columns in sheets.items():
        prepare_sheet(workbook.add_worksheet(speech.gettext(name)[:_LONGEST_NAME]), columns, bold, formats)
    workbook.close()
    return fill_sheets(buffer.getvalue(), dict(enumerate(sheets.values(), start=2)), list(formats))


def _sheet_name(report_table: ReportTable) -> str:
    return heading(report_table.name.replace("-", "_"))[:_LONGEST_NAME]


def _named(columns: list[SheetColumn], speech: Speech) -> list[SheetColumn]:
    """Head columns in the language of the workbook."""
    return [replace(column, heading=speech.gettext(column.heading)) for column in columns]


def _formats(workbook: Workbook) -> dict[str, Format]:
    """Name every cell format ``<tint>`` or, for amounts, ``<tint> <decimals>``."""
    return {
        tint + name: workbook.add_format({**properties, "num_format": mask})
        for tint, properties in _TINTS.items()
        for name, mask in _MASKS.items()
    }


def _shortened(report: RunReport, changes: int, most_changes: int, rejects: int, speech: Speech) -> list[str]:
    parts = (("changes", changes, most_changes), ("rejects", rejects, SHEET_REJECTS))
    return [
        speech.gettext(says)
        % {
            "most": speech.number(most),
            "total": speech.number(total),
            "file": artifact_name(report.artifacts, part, f"the {part} file"),
        }
        for says, (part, total, most) in zip(SHORTENED, parts, strict=True)
        if total > most
    ]


def _change_columns(picked: pl.DataFrame, speech: Speech) -> list[SheetColumn]:
    columns = value_columns(picked)
    sides = [_side(picked, column, side, speech) for column in shown_columns(picked) for side in sides_of(column)]
    units = [_text("Currency", _unit(picked), _row_tint(picked), 12)] if any(c.is_amount for c in columns) else []
    labels = {group: speech.gettext(label) for group, label in GROUP_LABELS.items()}
    what = picked["group"].replace_strict(labels, return_dtype=pl.String)
    key = key_column(picked)
    first = [
        _line(picked["line"]),
        _text("What", what, picked["group"], 10),
        _text(heading(key), picked[key], _row_tint(picked), 22),
    ]
    last = _text("What happened", picked["says"], _row_tint(picked), 60)
    return [*_named(first, speech), *sides, *_named([*units, last], speech)]


def _row_tint(picked: pl.DataFrame) -> pl.Series:
    """Tint whole rows, but of changed rows only the cells that change."""
    return picked["group"].replace({"changed": "plain"})


def _side(picked: pl.DataFrame, column: ValueColumn, side: str, speech: Speech) -> SheetColumn:
    values = picked[f"{column.name}_{side}"]
    moved = (picked["group"] == "changed") & values.ne_missing(picked[f"{column.name}_before"])
    tint = picked.select(pl.when(moved).then(pl.lit("changed")).otherwise(_row_tint(picked))).to_series()
    label = f"{speech.gettext(column.heading)} {speech.gettext(side)}"
    if not column.is_amount:
        return _text(label, picked.select(plain_text(column, side, speech)).to_series(), tint, 16)
    return _amount(label, values, picked[unit_of(picked, side)], tint)


def _amount(label: str, cents: pl.Series, units: pl.Series, tint: pl.Series) -> SheetColumn:
    currencies = currencies_in(units)
    digits = units.replace_strict({c: f" {minor_digits(c)}" for c in currencies}, default="", return_dtype=pl.String)
    return SheetColumn(
        heading=label,
        cells=pl.select(plain_amount(pl.lit(cents), pl.lit(units), currencies)).to_series(),
        formats=tint + digits,
        width=16,
        is_number=True,
    )


def _unit(picked: pl.DataFrame) -> pl.Series:
    before, after = pl.col(f"{UNIT}_before"), pl.col(f"{UNIT}_after")
    both = pl.concat_str(before, pl.lit(" → "), after)
    return picked.select(pl.when(before != after).then(both).otherwise(pl.coalesce(after, before))).to_series()


def _text(label: str, values: pl.Series, tint: pl.Series, width: int) -> SheetColumn:
    return SheetColumn(heading=label, cells=values, formats=tint, width=width)


def _line(lines: pl.Series, label: str = "Line") -> SheetColumn:
    formats = pl.repeat("plain 0", lines.len(), eager=True)
    return SheetColumn(heading=label, cells=lines.cast(pl.String), formats=formats, width=9, is_number=True)


def _reject_columns(rejects: pl.DataFrame) -> list[SheetColumn]:
    plain, loud = (pl.repeat(name, rejects.height, eager=True) for name in ("plain", "refused"))
    return [
        *([_line(rejects["row"], "Row")] if "row" in rejects.columns else []),
        _line(rejects["line"]),
        _text("Column", rejects["heading"], plain, 18),
        _text("Value", rejects["value"], loud, 26),
        _text("What is wrong", rejects["message"], plain, 90),
        _text("Code", rejects["code"], plain, 26),
    ]


def _report_tableed(report_table: ReportTable, rows: pl.DataFrame, speech: Speech) -> list[SheetColumn]:
    kept = localized_rows(report_table, rows.head(SHEET_REJECTS), speech)
    shown = table_columns(localized_report_table(report_table, speech), kept, speech)
    columns = [_report_table_column(column, kept) for column in shown]
    units = (
        [_text(speech.gettext("Currency"), kept[UNIT], pl.repeat("plain", kept.height, eager=True), 10)]
        if UNIT in kept.columns
        else []
    )
    return [*columns, *(unit for unit in units if all(column.heading != unit.heading for column in columns))]


def _report_table_column(column: TableColumn, rows: pl.DataFrame) -> SheetColumn:
    plain, values = pl.repeat("plain", rows.height, eager=True), rows[column.name]
    match column.kind:
        case "amount":
            return _amount(column.heading, values, rows[UNIT], plain)
        case "text" | "day":
            return _text(column.heading, values.cast(pl.String), plain, 26)
        case "quantity":
            values = values / 1000
    shape = column.kind if column.kind != "count" else "0"
    return SheetColumn(
        heading=column.heading,
        cells=values.cast(pl.String),
        formats=plain + f" {shape}",
        width=16,
        is_number=True,
        is_shaded=column.is_shaded,
    )

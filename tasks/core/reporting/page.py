"""The report of a run: one page to look at, and one document for programs.

The workbook is in ``workbook``, the short accounts are in ``text``.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache, partial
from importlib import resources
from typing import Any

import polars as pl
import polars.selectors as cs
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from schemas import file_names
from schemas.records import RunReport
from schemas.report_tables import ShownTable
from schemas.tables import ValueColumn
from tasks.core.reporting.localization import (
    facts_in_words,
    localized,
    localized_report_table,
    localized_rows,
    says_of_rows,
    sum_in_words,
)
from tasks.core.reporting.rows import (
    FEW_COLUMNS,
    columns_by_interest,
    key_column,
    pick_changes,
    rows_that_fit,
    shown_changes,
)
from tasks.core.reporting.table_cells import cell_classes, cells_of_table, table_columns
from tasks.core.reporting.text import render_text
from tasks.core.reporting.totals import compare_totals
from tasks.core.reporting.workbook import render_xlsx
from tasks.core.wording.localization import localize
from tasks.core.wording.speech import ENGLISH, Speech
from tasks.core.wording.sums import sums
from tasks.core.wording.words import GROUP_LABELS, artifact_name, heading, tiles, verdict

__all__ = ["render_html", "render_text", "render_xlsx", "report_document"]

PAGE_CHANGES = 100_000
PAGE_REJECTS = 20_000
"""Rows a page holds at most. More would take a phone too long to unpack."""

PLAIN_CHANGES = 50
"""Changes that are written into the page itself, for whoever runs no scripts."""

PAGE_REPORT_TABLE = 40
DOCUMENT_REPORT_TABLE = 1_000
"""Rows of a report table that are read; whoever wants more sorts them in the workbook."""

UNFOLDED_ROWS = 12
"""A longer table below a drawing says again what is drawn: it is there for whoever opens it."""

SCRIPT_WORDS: Mapping[str, str] = {
    "nothing": "nothing",
    "was": "was",
    "ours": "ours",
    "now": "now",
    "is": "is",
    "asked": "asked",
    "place": "row %(row)s (line %(line)s)",
    "some": "%(some)s of %(all)s",
    "none": "No such row.",
}
"""What the script of the page says."""

_TEMPLATES = Environment(
    loader=PackageLoader("tasks.core.reporting"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE = (resources.files("tasks.core.reporting") / "templates/report.css").read_text("utf-8")
_SCRIPT = (resources.files("tasks.core.reporting") / "templates/report.js").read_text("utf-8")


def render_html(
    report: RunReport,
    changes: pl.DataFrame,
    rejects: pl.DataFrame,
    report_tables: Sequence[ShownTable] = (),
    *,
    zone: str = "UTC",
    speech: Speech = ENGLISH,
) -> bytes:
    """Write the one self-contained page: no request ever leaves it, and its summary needs no script.

    *changes* as in ``tasks.core.planning.changes`` with a column ``outcome`` ("" where not applied) and, for
    conflicts, ``<column>_now``; *rejects* has ``line, heading, value, code, message``, and
    ``row`` where a spreadsheet numbers rows otherwise, with its message in the language of *speech*.
    """
    listed = report.columns or columns_by_interest(changes)
    columns = [replace(each, heading=speech.gettext(each.heading)) for each in listed]
    most = rows_that_fit(PAGE_CHANGES, columns)
    picked = pick_changes(changes, most, says_of_rows(speech))
    report = localized(report, speech)
    outcome, tone = verdict(report)
    labels = {group: speech.gettext(label) for group, label in GROUP_LABELS.items()}
    template = _environment(speech).get_template("report.html.j2")
    page = template.render(
        language=speech.language,
        report=report,
        outcome=(speech.gettext(outcome), tone),
        facts=facts_in_words(report, zone, speech),
        tiles=tiles(report),
        arithmetic=[sum_in_words(each, speech) for each in sums(report)],
        totals=compare_totals(report.totals, speech),
        key_heading=speech.gettext(heading(key_column(changes))),
        columns=columns,
        changes=_shown(changes.height, most, artifact_name(report.artifacts, "changes", "the changes file")),
        rejects=_shown(rejects.height, PAGE_REJECTS, artifact_name(report.artifacts, "rejects", "the rejects file")),
        report_tables=[_report_table(shown, speech) for shown in report_tables],
        rows=_packed(picked, columns, rejects, speech),
        wide=len(columns) > FEW_COLUMNS,
        plain=_plain(picked, columns, speech),
        labels=labels,
        style=Markup(_STYLE),  # noqa: S704  # our own file
        script=Markup(_SCRIPT),  # noqa: S704  # our own file
        policy=_policy(),
    )
    return page.encode()


@cache
def _environment(speech: Speech) -> Environment:
    """Return the templates as they speak this language."""
    spoken = _TEMPLATES.overlay()
    spoken.globals = {**_TEMPLATES.globals, "_": partial(_said, speech)}
    spoken.filters = {
        **_TEMPLATES.filters,
        "count": speech.number,
        "translated": speech.gettext,
        "retold": partial(localize, speech=speech),
    }
    return spoken


def _said(speech: Speech, text: str, **places: object) -> str:
    """Say a text of a template; as it is text, what is put into it is escaped with it."""
    return speech.gettext(text) % places if places else speech.gettext(text)


def _policy() -> str:
    """Allow this page's own style and script by their hashes, and nothing from anywhere else."""
    style, script = (_sri(text) for text in (_STYLE, _SCRIPT))
    return f"default-src 'none'; img-src data:; style-src '{style}'; script-src '{script}'; base-uri 'none'"


def _sri(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shown(total: int, most: int, file: str) -> dict[str, Any]:
    return {"total": total, "shown": min(total, most), "file": file}


def _report_table(shown: ShownTable, speech: Speech) -> dict[str, Any]:
    from tasks.core.reporting.charts import draw  # noqa: PLC0415 - pygal is slow to load, and few reports have report tables

    report_table, rows = localized_report_table(shown[0], speech), localized_rows(*shown, speech)
    columns, drawings = table_columns(report_table, rows, speech), draw(report_table, rows, speech)
    return {
        "table": report_table,
        "drawings": [(unit, Markup(drawing)) for unit, drawing in drawings],  # noqa: S704  # made of escaped nodes
        "folded": bool(drawings) and rows.height > UNFOLDED_ROWS,
        "columns": columns,
        "cells": cells_of_table(columns, rows.head(PAGE_REPORT_TABLE), speech),
        "classes": cell_classes(columns, rows.head(PAGE_REPORT_TABLE)),
        "total": rows.height,
    }


def _packed(picked: pl.DataFrame, columns: Sequence[ValueColumn], rejects: pl.DataFrame, speech: Speech) -> str:
    """Pack the rows column by column: gzip inside base64, so that no cell can ever be markup."""
    labels = {group: speech.gettext(label) for group, label in GROUP_LABELS.items()}
    rows = partial(speech.catalogue.ngettext, "%(num)s row", "%(num)s rows")
    words = {name: speech.gettext(text) for name, text in SCRIPT_WORDS.items()}
    words |= {"one": rows(1), "many": rows(2), "decimal": speech.marks["decimal"]}
    head = json.dumps({"columns": [asdict(column) for column in columns], "labels": labels, "words": words})
    parts = {
        "changes": _columnar(shown_changes(picked, columns, speech)),
        "rejects": _columnar(
            rejects.select(cs.by_name("line", "row", "heading", "value", "message", require_all=False)).head(
                PAGE_REJECTS
            )
        ),
    }
    body = "".join(f', "{name}": {columns}' for name, columns in parts.items())
    document = f"{head[:-1]}{body}}}"
    return base64.b64encode(gzip.compress(document.encode(), compresslevel=4, mtime=0)).decode()


def _plain(picked: pl.DataFrame, columns: Sequence[ValueColumn], speech: Speech) -> list[dict[str, Any]]:
    """Return the first rows for whoever runs no scripts, each with the sides of its cells."""
    rows = shown_changes(picked.head(PLAIN_CHANGES), columns, speech).to_dicts()
    return [row | {"cells": [(c, row[f"{c.name}_before"], row[f"{c.name}_after"]) for c in columns]} for row in rows]


def _columnar(frame: pl.DataFrame) -> str:
    """Write ``{"column": [values], ...}``; polars does it some ten times faster than json."""
    return frame.select(pl.all().implode()).write_json()[1:-1]


def report_document(report: RunReport, report_tables: Sequence[ShownTable] = ()) -> dict[str, Any]:
    """Return the run as JSON-ready data: instants ISO in UTC, artifacts as name to key."""
    document = {name: value for name, value in asdict(report).items() if name != "columns"}
    totals = {side: [asdict(total) for total in getattr(report.totals, side)] for side in document["totals"]}
    rows = {"in": report.rows.rows_in, "accepted": report.rows.accepted, "rejected": report.rows.rejected}
    return document | {
        "rows": rows,
        "totals": totals,
        "concerns": [{"code": c.code, "says": c.says, "override": c.override} for c in report.concerns],
        "reading": list(report.reading),
        "next_steps": list(report.next_steps),
        "discrepancies": list(report.discrepancies),
        "dropped": [asdict(each) | {"at": _iso(each.at), "lines": list(each.lines)} for each in report.dropped],
        "exhibits": _documents(report, report_tables),
        "artifacts": {name: artifact.key for name, artifact in report.artifacts.items()},
        "started_at": _iso(report.started_at),
        "finished_at": _iso(report.finished_at),
    }


def _documents(report: RunReport, report_tables: Sequence[ShownTable]) -> list[dict[str, Any]]:
    """Describe the report tables, with their first rows where they are at hand."""
    rows = {report_table.name: rows.head(DOCUMENT_REPORT_TABLE).to_dicts() for report_table, rows in report_tables}
    return [
        {
            "name": e.name,
            "title": e.title,
            "says": e.says,
            "file": file_names.report_table_file(e.name),
            "rows": rows.get(e.name, []),
        }
        for e in report.report_tables
    ]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

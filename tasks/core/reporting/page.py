"""The report of a run: one page to look at, and one document for programs.

The workbook is in ``workbook``, the short accounts are in ``text``.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from importlib import resources
from typing import Any

import polars as pl
import polars.selectors as cs
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from schemas import file_names
from schemas.exhibits import ShownExhibit
from schemas.records import RunReport
from tasks.core.reporting.charts import draw
from tasks.core.reporting.rows import (
    FEW_COLUMNS,
    ValueColumn,
    columns_by_interest,
    key_column,
    pick_changes,
    rows_that_fit,
    shown_changes,
)
from tasks.core.reporting.table_cells import cell_classes, exhibit_cells, exhibit_columns
from tasks.core.reporting.text import render_text
from tasks.core.reporting.totals import compare_totals
from tasks.core.reporting.workbook import render_xlsx
from tasks.core.wording.words import GROUP_LABELS, arithmetic, artifact_name, facts, heading, tiles, verdict

__all__ = ["render_html", "render_text", "render_xlsx", "report_document"]

PAGE_CHANGES = 100_000
PAGE_REJECTS = 20_000
"""Rows a page holds at most. More would take a phone too long to unpack."""

PLAIN_CHANGES = 50
"""Changes that are written into the page itself, for whoever runs no scripts."""

PAGE_EXHIBIT = 40
DOCUMENT_EXHIBIT = 1_000
"""Rows of an exhibit that are read; whoever wants more sorts them in the workbook."""

UNFOLDED_ROWS = 12
"""A longer table below a drawing says again what is drawn: it is there for whoever opens it."""

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
    exhibits: Sequence[ShownExhibit] = (),
    *,
    zone: str = "UTC",
) -> bytes:
    """Write the one self-contained page: no request ever leaves it, and its summary needs no script.

    *changes* as in ``tasks.core.planning.changes`` with a column ``outcome`` ("" where not applied) and, for
    conflicts, ``<column>_now``; *rejects* has ``line, heading, value, code, message``, and
    ``row`` where a spreadsheet numbers rows otherwise.
    """
    columns = columns_by_interest(changes)
    most = rows_that_fit(PAGE_CHANGES, columns)
    picked = pick_changes(changes, most)
    page = _TEMPLATES.get_template("report.html.j2").render(
        report=report,
        outcome=verdict(report),
        facts=facts(report, zone),
        tiles=tiles(report),
        arithmetic=arithmetic(report),
        totals=compare_totals(report.totals),
        key_heading=heading(key_column(changes)),
        columns=columns,
        changes=_shown(changes.height, most, artifact_name(report.artifacts, "changes", "the changes file")),
        rejects=_shown(rejects.height, PAGE_REJECTS, artifact_name(report.artifacts, "rejects", "the rejects file")),
        exhibits=[_exhibit(shown) for shown in exhibits],
        rows=_packed(picked, columns, rejects),
        wide=len(columns) > FEW_COLUMNS,
        plain=_plain(picked, columns),
        labels=GROUP_LABELS,
        style=Markup(_STYLE),  # noqa: S704  # our own file
        script=Markup(_SCRIPT),  # noqa: S704  # our own file
        policy=_policy(),
    )
    return page.encode()


def _policy() -> str:
    """Allow this page's own style and script by their hashes, and nothing from anywhere else."""
    style, script = (_sri(text) for text in (_STYLE, _SCRIPT))
    return f"default-src 'none'; img-src data:; style-src '{style}'; script-src '{script}'; base-uri 'none'"


def _sri(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _shown(total: int, most: int, file: str) -> dict[str, Any]:
    return {"total": total, "shown": min(total, most), "file": file}


def _exhibit(shown: ShownExhibit) -> dict[str, Any]:
    exhibit, rows = shown
    columns, drawings = exhibit_columns(exhibit, rows), draw(exhibit, rows)
    return {
        "told": exhibit,
        "drawings": [(unit, Markup(drawing)) for unit, drawing in drawings],  # noqa: S704  # made of escaped nodes
        "folded": bool(drawings) and rows.height > UNFOLDED_ROWS,
        "columns": columns,
        "cells": exhibit_cells(columns, rows.head(PAGE_EXHIBIT)),
        "classes": cell_classes(columns, rows.head(PAGE_EXHIBIT)),
        "total": rows.height,
    }


def _packed(picked: pl.DataFrame, columns: Sequence[ValueColumn], rejects: pl.DataFrame) -> str:
    """Pack the rows column by column: gzip inside base64, so that no cell can ever be markup."""
    head = json.dumps({"columns": [asdict(column) for column in columns], "labels": GROUP_LABELS})
    parts = {
        "changes": _columnar(shown_changes(picked, columns)),
        "rejects": _columnar(
            rejects.select(cs.by_name("line", "row", "heading", "value", "message", require_all=False)).head(
                PAGE_REJECTS
            )
        ),
    }
    body = "".join(f', "{name}": {columns}' for name, columns in parts.items())
    document = f"{head[:-1]}{body}}}"
    return base64.b64encode(gzip.compress(document.encode(), compresslevel=4, mtime=0)).decode()


def _plain(picked: pl.DataFrame, columns: Sequence[ValueColumn]) -> list[dict[str, Any]]:
    """Return the first rows for whoever runs no scripts, each with the sides of its cells."""
    rows = shown_changes(picked.head(PLAIN_CHANGES), columns).to_dicts()
    return [row | {"cells": [(c, row[f"{c.name}_before"], row[f"{c.name}_after"]) for c in columns]} for row in rows]


def _columnar(frame: pl.DataFrame) -> str:
    """Write ``{"column": [values], ...}``; polars does it some ten times faster than json."""
    return frame.select(pl.all().implode()).write_json()[1:-1]


def report_document(report: RunReport, exhibits: Sequence[ShownExhibit] = ()) -> dict[str, Any]:
    """Return the run as JSON-ready data: instants ISO in UTC, artifacts as name to key."""
    document = asdict(report)
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
        "exhibits": _documents(report, exhibits),
        "artifacts": {name: artifact.key for name, artifact in report.artifacts.items()},
        "started_at": _iso(report.started_at),
        "finished_at": _iso(report.finished_at),
    }


def _documents(report: RunReport, exhibits: Sequence[ShownExhibit]) -> list[dict[str, Any]]:
    """Describe the exhibits, with their first rows where they are at hand."""
    rows = {exhibit.name: rows.head(DOCUMENT_EXHIBIT).to_dicts() for exhibit, rows in exhibits}
    return [
        {
            "name": e.name,
            "title": e.title,
            "says": e.says,
            "file": file_names.exhibit_file(e.name),
            "rows": rows.get(e.name, []),
        }
        for e in report.exhibits
    ]


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None

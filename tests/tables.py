"""Drawn tables for tests: what a person would sketch, as frames and as files' tables."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import polars as pl

from schemas.tables import FINDINGS_SCHEMA, FileForm, Originals, Table

GIFT_CARD_CELLS = {"line": pl.UInt32, "number": pl.String, "balance": pl.String}


def frame(drawn: str, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Read a table drawn as ``a | b``, ``--+--``, ``1 | 2`` into a frame of *schema*.

    Cells are trimmed; ``null`` is null; double quotes keep blanks (``" x "``).
    """
    lines = [line for line in drawn.splitlines() if line.strip() and not set(line.strip()) <= set("-+")]
    heading, *rows = [[_value(cell) for cell in line.split("|")] for line in lines]
    if set(heading) != set(schema):
        raise ValueError(f"The drawn columns {heading} are not those of the schema {list(schema)}")
    text = pl.DataFrame(rows, schema={str(name): pl.String for name in heading}, orient="row")
    return text.select(_typed(name, dtype) for name, dtype in schema.items())


def _typed(name: str, dtype: Any) -> pl.Expr:
    return pl.col(name).str.to_date() if dtype == pl.Date else pl.col(name).cast(dtype)


def _value(cell: str) -> str | None:
    trimmed = cell.strip()
    if len(trimmed) > 1 and trimmed[0] == trimmed[-1] == '"':
        return trimmed[1:-1]
    return None if trimmed == "null" else trimmed


def gift_card_table(drawn: str, **fields: Any) -> Table:
    """Make the Table of a two-column CSV file from a drawn table ``line | number | balance``.

    *fields* replace fields of the Table. The originals are the cells, joined by the separator.
    """
    cells = frame(drawn, GIFT_CARD_CELLS)
    form = fields.pop("form", FileForm(kind="csv", headings=("Number", "Balance")))
    findings = pl.DataFrame(schema=FINDINGS_SCHEMA)
    records = [f"{number}{form.separator}{balance}" for _, number, balance in cells.iter_rows()]
    defaults: dict[str, Any] = {
        "cells": cells,
        "headings": {"number": "Number", "balance": "Balance"},
        "form": form,
        "findings": findings,
        "rows_in": cells.height,
        "originals": csv_originals(cells["line"].to_list(), records),
    }
    return Table(**(defaults | fields))


def csv_originals(lines: list[int], records: list[str]) -> Originals:
    """Lay *records* out as the text of a file, one after another."""
    raw = [record.encode() for record in records]
    offsets = [0]
    for record in raw:
        offsets.append(offsets[-1] + len(record) + 1)
    spans = list(pairwise(offsets))
    return Originals(
        lines=lines, text=b"\n".join(raw), starts=[start for start, _ in spans], ends=[end - 1 for _, end in spans]
    )

"""What CSV files and workbooks have in common once their rows are found: the last step before a Table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from schemas.tables import FINDINGS_SCHEMA, Concern, Dropped, FileForm, Originals, TotalLine
from tasks.core.reading.headings import ERROR, REFERENCE, SURPLUS, Headings

ReadCells = Callable[[Mapping[str, int], slice], pl.DataFrame]
"""(name and position of each wanted column, which rows) -> ``line`` and these columns as text."""


@dataclass(frozen=True, kw_only=True)
class RawRows:
    """A file's rows, found but not read.

    ``read`` reads their cells as text before any repair, of all rows or some; ``height`` counts those it
    can read. Rows that are in ``findings`` are not among them. ``returned`` are findings about rows that can be
    read, but came back in a rejects file as they must not; ``dropped`` are the rows that people left out on
    purpose, which are no rows any more. ``numbers`` and ``units`` are as in a Table.
    """

    read: ReadCells
    height: int
    headings: Headings
    form: FileForm
    originals: Originals
    findings: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FINDINGS_SCHEMA))
    repairs: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    concerns: tuple[Concern, ...] = ()
    total_line: TotalLine | None = None
    returned: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FINDINGS_SCHEMA))
    dropped: tuple[Dropped, ...] = ()
    numbers: Mapping[str, pl.Series] = field(default_factory=dict)
    units: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def wanted_columns(headings: Headings) -> dict[str, int]:
    """Return the name and the position of each column that is read, in the order of the cells."""
    reference = {} if headings.reference is None else {REFERENCE: headings.reference}
    return {**headings.columns, **headings.passed, **headings.qualifiers, **reference}


def all_columns(headings: Headings) -> dict[str, int]:
    """Return the same with the other columns of an earlier rejects file, of those there are."""
    others = {SURPLUS: headings.surplus, ERROR: headings.error}
    return wanted_columns(headings) | {name: at for name, at in others.items() if at is not None}


def column_notes(headings: Headings) -> tuple[str, ...]:
    """Say which columns are not read."""
    notes = []
    strays = [repr(text.strip()) for text in headings.strays if text.strip()]
    if nameless := len(headings.strays) - len(strays):
        strays.append(f"{nameless} without a heading")
    if strays:
        notes.append(f"columns that are not read: {', '.join(strays)} (FILE_HEADER_UNKNOWN)")
    if headings.error is not None:
        text = headings.texts[headings.error].strip()
        notes.append(f"{text!r} is taken for the error column of an earlier rejects file and is not read")
    return tuple(notes)


def span(lines: Sequence[int]) -> str:
    """Name lines in few words: runs of neighbours as ``5-9``, and no more than ten of them."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    named = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:10]]
    return ", ".join(named) + (f" and {len(runs) - 10} more places" if len(runs) > 10 else "")

"""A file as a table of text, and what was found wrong with it.

What crosses the border between reading (bytes to text cells), checking (text cells to
values) and rejecting (rows back to the person who can correct them).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

FileKind = Literal["csv", "xlsx", "ods"]
Language = Literal["en", "fr", "nl", "sv"]


FINDINGS_SCHEMA = pl.Schema(
    {"line": pl.UInt32, "heading": pl.String, "value": pl.String, "code": pl.String, "detail": pl.String}
)


@dataclass(frozen=True, kw_only=True)
class Concern:
    """Something a person should look at before the plan is carried out.

    ``says`` holds no full card number. ``override`` names the smallest thing that lets
    it pass, e.g. ``max_changed_rows=201``; empty means: approve the plan. ``about`` names what it is about, where
    the same concern about something else is another one: currencies, products, classes.
    """

    code: str
    says: str
    override: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FileForm:
    """How the file was written, so that its rejects can be written the same way.

    ``headings`` are all headings as they stand, in the file's order, stray ones too.
    ``encoding`` is a Python codec name; ``separator`` and ``newline`` are empty for workbooks.
    ``preamble_lines`` counts title lines (and a ``sep=`` line) above the heading row.
    """

    kind: FileKind
    headings: tuple[str, ...]
    encoding: str = "utf-8"
    bom: bool = False
    separator: str = ","
    newline: str = "\n"
    language: Language = "en"
    sheet: str = ""
    preamble_lines: int = 0


@dataclass(frozen=True, kw_only=True)
class TotalLine:
    """A total line below the rows: set aside, and used as a control total."""

    line: int
    text: str


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """A row of a rejects file that a person left out on purpose: which reject it was, and why."""

    line: int
    reference: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file's rows as text, ready to be checked.

    ``cells``: ``line`` (UInt32, 1-based line of the file on which the row starts, or row of
    the sheet) and one text column per dialect column, under ``Column.name``; surrounding
    blanks are already trimmed (and counted in ``repairs``), nothing else is changed; columns that
    the dialect passes through stand behind them, under their own headings and untouched. A row
    here has the right number of cells; rows that do not are in ``findings`` only.
    ``references``: per line, the row reference an earlier rejects file put there. ``dropped``: the rows of
    such a file that people left out on purpose; they are no rows here.
    ``headings``: dialect column name -> heading as it stands in the file, of those it has.
    ``passed``: the columns passed through, as headings stand in the file.
    ``qualifier_cells``: ``line`` and the columns that are not taken but may change what those mean that are, under
    their own headings and untouched; none where nobody asks about them.
    ``places``: where each of these columns, by name, stands in a row, from 0.
    ``numbers``: per column of amounts or quantities, the lines on which a workbook holds a number and no text: it is
    exact and stands here with a decimal point, however texts are written. ``units`` says by ``line, unit`` which
    currency such a number is shown with.
    ``originals``: the rows' original text (CSV: the record's own text without its newline;
    workbook: the cells of the row), asked for by line number.
    ``rows_in`` counts data rows: cells.height + rows found unusable. Blank rows, title
    lines and the total line are not rows.
    """

    cells: pl.DataFrame
    headings: Mapping[str, str]
    form: FileForm
    findings: pl.DataFrame
    rows_in: int
    originals: "Originals"
    references: Mapping[int, str] = field(default_factory=dict)
    repairs: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    concerns: tuple[Concern, ...] = ()
    total_line: TotalLine | None = None
    passed: tuple[str, ...] = ()
    qualifier_cells: pl.DataFrame = field(default_factory=pl.DataFrame)
    places: Mapping[str, int] = field(default_factory=dict)
    dropped: tuple[Dropped, ...] = ()
    numbers: Mapping[str, pl.Series] = field(default_factory=dict)
    units: Mapping[str, pl.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Originals:
    """The original cells of every row, as they stood before any repair.

    ``text``: the decoded file; ``starts``/``ends`` slice record *i* out of it (newline not
    included), ``lines`` gives its line. For workbooks ``rows`` holds the cells and ``text``
    is empty. ``records`` gives the line of every record of the file, titles, headings and blank ones too, where a
    spreadsheet counts otherwise than lines (a cell holds line breaks); elsewhere it is empty.
    """

    lines: Sequence[int]
    text: bytes = b""
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    rows: Sequence[Sequence[str]] = ()
    records: Sequence[int] = ()


@dataclass(frozen=True, kw_only=True)
class ValueColumn:
    """A column of the target under its heading. ``has_now``: what conflicts hold now is known.

    ``rest``: nothing moves in it, and where there are many columns it is shown by choice.
    """

    name: str
    heading: str
    is_amount: bool
    has_now: bool
    rest: bool = False

"""A rejects file with some of its cells corrected, written as a person would have who typed over them.

What such a file is worth is judged when it comes back (``returned_rows``).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.rejects import DROP_WORDS
from schemas.tables import FileForm
from tasks.core.reading.delimited import read_delimited
from tasks.core.reading.encodings import decode
from tasks.core.reading.headings import Headings
from tasks.core.reading.original_rows import records_at, splitter
from tasks.core.reading.packages import workbook_kind
from tasks.core.reading.sheets import find_sheet
from tasks.core.reading.signatures import container_of
from tasks.core.reading.sizes import Sizes
from tasks.core.reading.trimmed_cells import PROTECTED
from tasks.core.reading.workbook_cells import to_text
from tasks.core.rejects.file import unquoted
from tasks.core.writing.files import cell_in, neutral, write_workbook

RawCell = str | float
"""A cell as it stands in its file: of a CSV file with its quotes; in a workbook perhaps a number."""


@dataclass(frozen=True, kw_only=True)
class RejectedRow:
    """A row of a rejects file. *line* is where it stood in the file of the run that rejected it."""

    line: int
    cells: tuple[RawCell, ...]


@dataclass(frozen=True, kw_only=True)
class Field:
    """What people type over in a rejected row: where it stands there, what it is called, and what it says."""

    at: int
    heading: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Correction:
    """What somebody made of a rejected row: other texts in cells, by their position; or why it is left out for good."""

    cells: Mapping[int, str] = field(default_factory=dict)
    dropped: str = ""

    def over(self, earlier: "Correction") -> "Correction":
        """Return both, where this one has the last word."""
        return Correction(cells={**earlier.cells, **self.cells}, dropped=self.dropped)


class Rejects(Protocol):
    """Rejects that can be corrected, in whatever form they are. *width*: how many fields a row has at most."""

    @property
    def rows(self) -> tuple[RejectedRow, ...]: ...

    @property
    def width(self) -> int: ...

    @property
    def suffix(self) -> str: ...

    def fields(self, row: RejectedRow) -> tuple[Field, ...]:
        """Return what people type over in a row."""
        ...

    def written(self, corrections: Mapping[int, Correction], lines: Iterable[int]) -> bytes:
        """Write the rows that stood on these *lines*, with their *corrections*."""
        ...


@dataclass(frozen=True, kw_only=True)
class RejectsFile:
    """A rejects file that can be corrected. *own* are the positions of the columns that people type over."""

    form: FileForm
    own: tuple[int, ...]
    error: int
    rows: tuple[RejectedRow, ...]

    @property
    def width(self) -> int:
        """How many columns people type over."""
        return len(self.own)

    @property
    def suffix(self) -> str:
        """What the name of such a file ends in."""
        return "csv" if self.form.kind == "csv" else "xlsx"

    def fields(self, row: RejectedRow) -> tuple[Field, ...]:
        """Return the cells that people type over."""
        headings = self.form.headings
        return tuple(Field(at=at, heading=headings[at].strip(), text=text_of(row.cells[at])) for at in self.own)

    def written(self, corrections: Mapping[int, Correction], lines: Iterable[int]) -> bytes:
        """Write the rows that stood on these *lines*, with their *corrections*."""
        return write_corrected(self, corrections, lines)


def read_rejects(content: bytes, *, name: str, dialect: Dialect, code_page: str, sizes: Sizes) -> RejectsFile:
    """Read a rejects file for correction.

    Raises:
        FileNeedsFixing: It is none, or cannot be read.
    """
    if container_of(content) == "text":
        return _of_text(content, name=name, dialect=dialect, code_page=code_page, sizes=sizes)
    sheet = find_sheet(content, workbook_kind(content, name=name, sizes=sizes), name=name, dialect=dialect)
    headings = sheet.headings
    form = FileForm(kind="xlsx", headings=headings.texts, language=headings.language, sheet=sheet.title)
    below = (row.cells for row in sheet.rows if row.line > headings.line)
    cells = [tuple(c if isinstance(c, str | float) else _number_or_text(c) for c in row) for row in below]
    return _file(form, headings, cells, name)


def _number_or_text(cell: object) -> RawCell:
    return float(cell) if isinstance(cell, int) and not isinstance(cell, bool) else to_text(cell)  # type: ignore[arg-type]


def _of_text(content: bytes, *, name: str, dialect: Dialect, code_page: str, sizes: Sizes) -> RejectsFile:
    raw = read_delimited(decode(content, name=name, code_page=code_page), name=name, dialect=dialect, sizes=sizes)
    records = records_at(raw.originals, range(len(raw.originals.lines)))
    return _file(raw.form, raw.headings, [tuple(cells) for cells in map(splitter(raw.form.separator), records)], name)


def _file(form: FileForm, headings: Headings, rows: Iterable[tuple[RawCell, ...]], name: str) -> RejectsFile:
    if headings.error is None or headings.reference is None:
        raise FileNeedsFixing(f"{name} is no rejects file: the columns that say what is wrong are missing.")
    error, reference, width = headings.error, headings.reference, len(headings.texts)
    own = tuple(at for at in range(width) if at not in (error, reference))
    wide = [(*cells[:width], *[""] * (width - len(cells))) for cells in rows]
    lines = [text_of(cells[reference]).rpartition(":")[2] for cells in wide]
    kept = [RejectedRow(line=int(n), cells=cells) for n, cells in zip(lines, wide, strict=True) if n.isdecimal()]
    return RejectsFile(form=form, own=own, error=error, rows=tuple(kept))


def text_of(cell: RawCell) -> str:
    """Return what a cell says: without the quotes around it, and the apostrophe that keeps a spreadsheet from it."""
    text = unquoted(cell) if isinstance(cell, str) else to_text(cell)
    return text[1:] if re.match(PROTECTED, text) else text


def corrected(row: RejectedRow, typed: Correction) -> Correction:
    """Return of what was *typed* into a row what differs from what stood there."""
    cells = {at: text for at, text in typed.cells.items() if at < len(row.cells) and text != text_of(row.cells[at])}
    return replace(typed, cells=cells)


def write_corrected(file: RejectsFile, corrections: Mapping[int, Correction], lines: Iterable[int]) -> bytes:
    """Write the rows that stood on these *lines*, with their *corrections*; rows without one stay as they are.

    The error cell of a corrected row is emptied: what it says now was meant. That of one that is left out says so.
    """
    wanted = frozenset(lines)
    kept = [_written(row, corrections.get(row.line), file) for row in file.rows if row.line in wanted]
    if file.form.kind != "csv":
        return write_workbook(file.form.sheet, [file.form.headings, *kept])
    headings = [_cell(text, file.form) for text in file.form.headings]
    texts = [file.form.separator.join(map(str, cells)) for cells in (headings, *kept)]
    return _encoded(file.form.newline.join([*texts, ""]), file.form)


def _written(row: RejectedRow, correction: Correction | None, file: RejectsFile) -> Sequence[RawCell]:
    found = corrected(row, correction) if correction else Correction()
    typed = dict(found.cells)
    if found.dropped:
        typed[file.error] = f"{DROP_WORDS[file.form.language]}: {found.dropped}"
    elif typed:
        typed[file.error] = ""
    return [_cell(typed[at], file.form) if at in typed else cell for at, cell in enumerate(row.cells)]


def _cell(text: str, form: FileForm) -> str:
    """Write what somebody typed; in a workbook texts are text cells, which nothing runs."""
    return neutral(cell_in(form, text)) if form.kind == "csv" else text


def _encoded(text: str, form: FileForm) -> bytes:
    """Write text as its file was; what somebody typed may have letters that it had not, and loses none of them."""
    mark = "\ufeff" if form.bom else ""
    try:
        return (mark + text).encode(form.encoding)
    except UnicodeEncodeError:
        return ("\ufeff" + text).encode()

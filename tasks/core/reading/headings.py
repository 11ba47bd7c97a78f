"""Where the heading row is, and which column is which.

A file is known by its headings: they decide separator, sheet and language too.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.rejects import SURPLUS_HEADING
from schemas.tables import Language
from tasks.core.reading.currencies import split_heading

SEARCHED_ROWS = 20
ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
LANGUAGES: tuple[Language, ...] = ("en", "fr", "nl", "sv")
MARKS = str.maketrans("", "", " -_")
LINE = "line"
REFERENCE = "row reference"
SURPLUS = "surplus cells"
ERROR = "error cell"
"""Columns of ``RawRows.cells`` beside the file's own; all but the first are those of an earlier rejects file."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of the top of a file, as its cells stand there."""

    line: int
    cells: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Headings:
    """The heading row. Positions count from 0; None: there is no such column.

    ``columns``: dialect column name -> position, of those the file has. ``passed``: position of each
    column that is passed through, by its heading; ``qualifiers``: that of each which nobody asked for, where the
    dialect has any that may change what ours mean.
    """

    line: int
    texts: tuple[str, ...]
    columns: Mapping[str, int]
    language: Language
    error: int | None
    reference: int | None
    surplus: int | None = None
    passed: Mapping[str, int] = field(default_factory=dict)
    qualifiers: Mapping[str, int] = field(default_factory=dict)

    @property
    def strays(self) -> tuple[str, ...]:
        """Headings of columns that nobody asked for, in the file's order."""
        known = {*self.columns.values(), *self.passed.values(), self.error, self.reference, self.surplus}
        return tuple(text for at, text in enumerate(self.texts) if at not in known)


def fold(text: str) -> str:
    """Make texts equal that people take for equal: case, blanks of any kind, zero-width marks."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(ZERO_WIDTH).split()).casefold()


def fold_heading(text: str) -> str:
    """Make headings equal that people take for equal: also ``E-mail`` and ``Email``, ``Zip code`` and ``Zipcode``."""
    return fold(text).translate(MARKS)


def names_of(dialect: Dialect) -> dict[str, tuple[str, str]]:
    """Return folded heading -> (column name, language it betrays)."""
    names = {fold_heading(column.heading): (column.name, "en") for column in dialect.columns}
    for column in dialect.columns:
        names |= {fold_heading(alias): (column.name, language) for alias, language in column.aliases.items()}
    return names


def required_of(dialect: Dialect) -> set[str]:
    """Return the names of the columns without which a file cannot be read."""
    return {column.name for column in dialect.columns if column.required}


def find_headings(rows: Iterable[Row], dialect: Dialect, *, name: str) -> Headings | None:
    """Return the first row that holds all required headings of the dialect, or None.

    Raises:
        FileNeedsFixing: A heading stands twice in that row.
    """
    names, required = names_of(dialect), required_of(dialect)
    for row in rows:
        known = known_headings(row.cells, names, with_currency="currency" in dialect.qualifiers)
        if required <= {column for column, _ in known.values()}:
            return headings_of(row, known, dialect, name=name)
    return None


def known_headings(
    cells: Sequence[str], names: Mapping[str, tuple[str, str]], *, with_currency: bool
) -> dict[int, tuple[str, str]]:
    """Return position -> (column name, language) of the headings that are known.

    Where currencies are asked about, a heading *with_currency* in it (``Balance (USD)``) counts as the one
    without, unless that stands there too.
    """
    plain = {at: names[folded] for at, text in enumerate(cells) if (folded := fold_heading(text)) in names}
    there = {column for column, _ in plain.values()}
    split = {
        at: fold_heading(split_heading(text)[0]) for at, text in enumerate(cells) if with_currency and at not in plain
    }
    named = {at: names[folded] for at, folded in split.items() if folded in names}
    return plain | {at: found for at, found in named.items() if found[0] not in there}


def headings_of(row: Row, known: Mapping[int, tuple[str, str]], dialect: Dialect, *, name: str) -> Headings:
    """Read a heading row. *known*: position -> (column name, language)."""
    if len(known) > len({column for column, _ in known.values()}):
        raise FileNeedsFixing(doubled(row, known, name), code="FILE_HEADER_DUPLICATE")
    folded = [fold_heading(text) for text in row.cells]
    errors = {fold_heading(heading): language for language, heading in dialect.error_headings.items()}
    reference = position(folded, {fold_heading(dialect.reference_heading)})
    error = position(folded, errors.keys())
    surplus = position(folded, {fold_heading(SURPLUS_HEADING)})
    unknown = [at for at, text in enumerate(folded) if text and at not in known and at not in (reference, surplus)]
    if error is None and reference is not None and len(unknown) == 1:
        error = unknown[0]  # a rejects file whose error column was renamed
    others = [at for at in unknown if at != error]
    named = dict(zip(distinct([row.cells[at] for at in others], dialect), others, strict=True))
    betrayed = [language for _, language in known.values()] + [errors.get(text, "en") for text in folded]
    return Headings(
        line=row.line,
        texts=tuple(row.cells),
        columns={column: at for at, (column, _) in known.items()},
        language=next((language for language in LANGUAGES if language != "en" and language in betrayed), "en"),
        error=error,
        reference=reference,
        surplus=surplus,
        passed=named if dialect.passes_through else {},
        qualifiers=named if dialect.qualifiers and not dialect.passes_through else {},
    )


def distinct(headings: Sequence[str], dialect: Dialect) -> list[str]:
    """Number headings that stand there before, or that we call a column by: each has a name of its own."""
    ours = {LINE, REFERENCE, SURPLUS, ERROR, *(column.name for column in dialect.columns)}
    return [f"{text} ({at + 1})" if text in ours or text in headings[:at] else text for at, text in enumerate(headings)]


def position(texts: Sequence[str], wanted: Iterable[str]) -> int | None:
    """Return where the first of the wanted texts stands, or None."""
    return next((at for at, text in enumerate(texts) if text in set(wanted)), None)


def doubled(row: Row, known: Mapping[int, tuple[str, str]], name: str) -> str:
    """Word which headings stand for one and the same column."""
    columns = [column for column, _ in known.values()]
    twice = next(column for column in columns if columns.count(column) > 1)
    texts = " and ".join(repr(row.cells[at].strip()) for at, (column, _) in known.items() if column == twice)
    return f"{name}, line {row.line}: {texts} are headings of the same column. Keep one of them and run again."


def no_headings(rows: Sequence[Row], dialect: Dialect, *, name: str) -> FileNeedsFixing:
    """Make the error for a file without heading row, by the row that comes nearest to one.

    Cells are quoted only where they resemble a heading: the row may well hold data.
    """
    names = names_of(dialect)
    row = max(rows, key=lambda row: score(row, names), default=None)
    wanted = ",".join(column.heading for column in dialect.columns if column.required)
    if row is None or score(row, names) == 0:
        return FileNeedsFixing(
            f"{name}: there is no heading row. One of the first {SEARCHED_ROWS} lines must hold the headings "
            f"{wanted}. Add it above the rows and run again.",
            code="FILE_HEADER_MISSING",
        )
    lacking = "; ".join(missing(row, dialect, names))
    code = "FILE_HEADER_RENAMED" if "did you mean" in lacking else "FILE_HEADER_MISSING"
    return FileNeedsFixing(f"{name}, line {row.line}: {lacking}. Correct it and run again.", code=code)


def score(row: Row, names: Mapping[str, tuple[str, str]]) -> float:
    """Rate how much a row looks like the heading row: known headings, then near misses."""
    folded = [fold_heading(text) for text in row.cells]
    return sum(1.0 if text in names else 0.5 * bool(nearest(text, names)) for text in folded)


def nearest(text: str, names: Iterable[str]) -> str:
    """Return the known heading that a text is a misspelling of, or nothing."""
    return next(iter(get_close_matches(text, names, n=1, cutoff=0.7)), "")


def missing(row: Row, dialect: Dialect, names: Mapping[str, tuple[str, str]]) -> list[str]:
    """Word each heading that the row lacks, with the misspelling that stands there instead."""
    present = {names[folded][0] for text in row.cells if (folded := fold_heading(text)) in names}
    near = {text.strip(): names[match][0] for text in row.cells if (match := nearest(fold_heading(text), names))}
    return [
        next(
            (
                f"{text!r} is not a heading we know; did you mean {column.heading!r}?"
                for text, meant in near.items()
                if meant == column.name
            ),
            f"the heading {column.heading!r} is missing",
        )
        for column in dialect.columns
        if column.required and column.name not in present
    ]

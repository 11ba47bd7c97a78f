"""Which of a file's own headings means what: learnt from a sample, corrected by a person, saved under a name."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from schemas.domain import Column, Dialect
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.reading.headings import fold_heading, names_of


@dataclass(frozen=True, kw_only=True)
class LearntHeadings:
    """What was learnt of a file's headings: those that mean a ``column``, those ``passed`` through, and the others."""

    columns: Mapping[str, str]
    passed: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def says(self) -> str:
        """The counts in words."""
        return f"{len(self.columns)} headings known, {len(self.passed)} pass through, {len(self.unread)} not read"


def learn_from(table: Table, dialect: Dialect, meanings: Mapping[str, str]) -> LearntHeadings:
    """Say of every heading of a file what it means.

    Raises:
        FileNeedsFixing: A heading that was told is not in the file, or its column is not in the dialect.
    """
    headings = tuple(heading.strip() for heading in table.form.headings)
    columns = learn(headings, dialect, meanings)
    others = tuple(heading for heading in headings if heading and heading not in columns)
    passed = others if dialect.passes_through else ()
    return LearntHeadings(columns=columns, passed=passed, unread=() if passed else others)


def learn(headings: tuple[str, ...], dialect: Dialect, meanings: Mapping[str, str]) -> dict[str, str]:
    """Return heading -> column name for every heading that is known; *meanings* win.

    Raises:
        FileNeedsFixing: A heading that was told is not in the file, or its column is not in the dialect.
    """
    _refuse_unknown(headings, dialect, meanings)
    names = names_of(dialect)
    known = {text: names[fold_heading(text)][0] for text in headings if fold_heading(text) in names}
    return {text: name for text, name in known.items() if name not in meanings.values()} | dict(meanings)


def with_headings(dialect: Dialect, learnt: Mapping[str, str]) -> Dialect:
    """Return the dialect as one shop writes it.

    A column with a *learnt* heading has no other, and a heading that was learnt means no other column:
    whatever else usually means it is then a heading like any we do not know.
    """
    own = {name: heading for heading, name in learnt.items()}
    taken = {fold_heading(heading) for heading in learnt}
    columns = [_with_heading(column, own.get(column.name), taken) for column in dialect.columns]
    return replace(dialect, columns=tuple(column for column in columns if column))


def _with_heading(column: Column, own: str | None, taken: set[str]) -> Column | None:
    """Return the column under its own heading, or under those of its usual ones that are not taken; None: all are."""
    if own is not None:
        return replace(column, heading=own, aliases={})
    usual = {column.heading: "en", **column.aliases}
    left = {text: language for text, language in usual.items() if fold_heading(text) not in taken}
    return replace(column, heading=next(iter(left)), aliases=left) if left else None


def _refuse_unknown(headings: tuple[str, ...], dialect: Dialect, meanings: Mapping[str, str]) -> None:
    columns = [column.name for column in dialect.columns]
    strange = [heading for heading in meanings if heading not in headings]
    if strange:
        raise FileNeedsFixing(f"The file has no heading {strange[0]!r}. It has: {', '.join(headings)}.")
    wrong = [name for name in meanings.values() if name not in columns]
    if wrong:
        raise FileNeedsFixing(f"There is no column {wrong[0]!r} in {dialect.name}. There are: {', '.join(columns)}.")

"""Which of a file's own headings means what: learnt from a sample, corrected by a person, saved under a name."""

from collections.abc import Mapping
from dataclasses import replace

from schemas.domain import Column, Dialect
from schemas.problems import FileNeedsFixing
from tasks.core.reading.headings import fold_heading, names_of


def learn(headings: tuple[str, ...], dialect: Dialect, told: Mapping[str, str]) -> dict[str, str]:
    """Return heading -> column name for every heading that is known; what is *told* wins.

    Raises:
        FileNeedsFixing: A heading that was told is not in the file, or its column is not in the dialect.
    """
    _refuse_unknown(headings, dialect, told)
    names = names_of(dialect)
    known = {text: names[fold_heading(text)][0] for text in headings if fold_heading(text) in names}
    return {text: name for text, name in known.items() if name not in told.values()} | dict(told)


def with_headings(dialect: Dialect, learnt: Mapping[str, str]) -> Dialect:
    """Return the dialect as one shop writes it: *learnt* headings stand before all others."""
    own = {name: heading for heading, name in learnt.items()}
    return replace(dialect, columns=tuple(_with_heading(column, own.get(column.name)) for column in dialect.columns))


def _with_heading(column: Column, heading: str | None) -> Column:
    if heading is None or heading == column.heading:
        return column
    return replace(column, heading=heading, aliases={**column.aliases, column.heading: "en"})


def _refuse_unknown(headings: tuple[str, ...], dialect: Dialect, told: Mapping[str, str]) -> None:
    columns = [column.name for column in dialect.columns]
    strange = [heading for heading in told if heading not in headings]
    if strange:
        raise FileNeedsFixing(f"The file has no heading {strange[0]!r}. It has: {', '.join(headings)}.")
    wrong = [name for name in told.values() if name not in columns]
    if wrong:
        raise FileNeedsFixing(f"There is no column {wrong[0]!r} in {dialect.name}. There are: {', '.join(columns)}.")

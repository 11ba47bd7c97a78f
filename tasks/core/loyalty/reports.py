"""A report as a file -> the tables of its sections: CSV, a workbook with a sheet for each, or the saved web page."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice

from schemas.domain import Column, Dialect
from schemas.loyalty.records import Section
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.loyalty.pages import LINK, is_page, tables_of
from tasks.core.reading.headings import SEARCHED_ROWS, Row, names_of, score
from tasks.core.reading.raw_rows import RawRows
from tasks.core.reading.sizes import Sizes, refuse_wrong_size
from tasks.core.reading.table import find_rows, read_rows, to_table

CUSTOMER_LINK = "customer_link"
_NO_HEADINGS = ("FILE_HEADER_MISSING", "FILE_HEADER_RENAMED")

FindRows = Callable[[bytes, str], RawRows]
"""(bytes, name) -> the rows of a file in the dialect of a section."""


def as_it_came(raw: RawRows, _find: FindRows) -> RawRows:
    """Take the rows of a file for what they are."""
    return raw


def read_report(
    content: bytes,
    *,
    name: str,
    dialects: Mapping[Section, Dialect],
    code_page: str,
    sizes: Sizes,
    judge: Callable[[RawRows, FindRows], RawRows] = as_it_came,
) -> dict[Section, Table]:
    """Return the table of each section that the file has the headings of; one may have no rows.

    *judge* sees the rows first, and may hold them against earlier files of the section.

    Raises:
        FileNeedsFixing: It has those of none, has a section twice, or cannot be read as a whole.
    """
    refuse_wrong_size(len(content), name=name, sizes=sizes)
    if is_page(content):
        return _of_page(content, name=name, dialects=dialects, code_page=code_page, sizes=sizes)
    dialects = {section: with_links(dialect) for section, dialect in dialects.items()}
    found: dict[Section, Table] = {}
    problems: list[FileNeedsFixing] = []
    for section, dialect in dialects.items():
        try:
            find = partial(_find, dialect=dialect, code_page=code_page, sizes=sizes)
            found[section] = to_table(judge(find(content, name), find), dialect)
        except FileNeedsFixing as problem:
            problems.append(problem)
    _refuse(problems, found)
    return found


def _find(content: bytes, name: str, *, dialect: Dialect, code_page: str, sizes: Sizes) -> RawRows:
    return find_rows(content, name=name, dialect=dialect, code_page=code_page, sizes=sizes)


def read_sample(content: bytes, *, name: str, dialect: Dialect, code_page: str, sizes: Sizes) -> Table:
    """Return the table of a file that looks most like *dialect*: of a page, one of its tables.

    Raises:
        FileNeedsFixing: It lacks a heading, or the file cannot be read as a whole.
    """
    refuse_wrong_size(len(content), name=name, sizes=sizes)
    if not is_page(content):
        return read_rows(content, name=name, dialect=dialect, code_page=code_page, sizes=sizes)
    tables = tables_of(content, name=name, code_page=code_page, sizes=sizes)
    if not tables:
        raise FileNeedsFixing(f"{name} is a web page without tables. Save the page of the report itself.")
    at = max(range(len(tables)), key=lambda at: _likeness(tables[at], dialect))
    table_name = f"{name}, table {at + 1}"
    return read_rows(tables[at], name=table_name, dialect=dialect, code_page="utf-8", sizes=sizes)


def with_links(dialect: Dialect) -> Dialect:
    """Let a dialect know the links that a saved page has behind the customers' names, whatever their heading is."""
    names = [column for column in dialect.columns if column.name == "customer_name"]
    if any(column.name == CUSTOMER_LINK for column in dialect.columns):
        return dialect
    links = [
        Column(
            name=CUSTOMER_LINK,
            heading=f"{column.heading}{LINK}",
            description="where the customer's name leads to on the page of the report",
            aliases={f"{alias}{LINK}": language for alias, language in column.aliases.items()},
            required=False,
        )
        for column in names
    ]
    return replace(dialect, columns=(*dialect.columns, *links))


def _likeness(table: bytes, dialect: Dialect) -> float:
    names = names_of(dialect)
    top = islice(csv.reader(io.StringIO(table.decode())), SEARCHED_ROWS)
    return max((score(Row(line=at, cells=cells), names) for at, cells in enumerate(top, 1)), default=0)


def _of_page(
    content: bytes, *, name: str, dialects: Mapping[Section, Dialect], code_page: str, sizes: Sizes
) -> dict[Section, Table]:
    found: dict[Section, Table] = {}
    problems: list[FileNeedsFixing] = []
    for number, table in enumerate(tables_of(content, name=name, code_page=code_page, sizes=sizes), 1):
        try:
            sections = read_report(
                table, name=f"{name}, table {number}", dialects=dialects, code_page="utf-8", sizes=sizes
            )
        except FileNeedsFixing as problem:
            problems.append(problem)
            continue
        if twice := set(sections) & set(found):
            raise FileNeedsFixing(f"{name} has the {min(twice)} failures twice. Save the page again, and run again.")
        found |= {
            section: _noted(table, f"read from table {number} of the page") for section, table in sections.items()
        }
    if not found and not problems:
        raise FileNeedsFixing(f"{name} is a web page without tables. Save the page of the report itself.")
    _refuse(problems, found)
    return found


def _noted(table: Table, note: str) -> Table:
    return replace(table, notes=(note, *table.notes))


def _refuse(problems: Iterable[FileNeedsFixing], found: Mapping[Section, Table]) -> None:
    """Pass over what only says that a table is not the other section's; anything else is a fault of the file.

    Raises:
        FileNeedsFixing: The worst that was found, in words.
    """
    problems = list(problems)
    faults = [problem for problem in problems if problem.code not in _NO_HEADINGS]
    renamed = [problem for problem in problems if problem.code == "FILE_HEADER_RENAMED"]
    if faults or not found:
        raise next(iter([*faults, *renamed, *problems]))

"""Which of several dialects a file is written in: its headings say so."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from tasks.core.reading import delimited
from tasks.core.reading.encodings import decode
from tasks.core.reading.headings import Headings
from tasks.core.reading.packages import workbook_kind
from tasks.core.reading.qualifier_headings import bare
from tasks.core.reading.sheets import find_sheet
from tasks.core.reading.signatures import container_of
from tasks.core.reading.sizes import Sizes


@dataclass(frozen=True, kw_only=True)
class RecognisedForm:
    """In which dialect a file is written, how many of its headings that knows, and how its cells stand in it.

    ``separator`` and ``encoding`` are empty of a workbook.
    """

    dialect: Dialect
    known_headings: int
    separator: str
    encoding: str


def recognise(content: bytes, dialects: Sequence[Dialect], *, name: str, code_page: str, sizes: Sizes) -> Dialect:
    """Return the dialect that knows most headings of the file; of two that know as many, the one with its separator.

    Raises:
        FileNeedsFixing: None knows enough of them, with what the nearest to it lacks; or a column looks like the
            number by which records are known, and would not be read.
    """
    return find_form(content, dialects, name=name, code_page=code_page, sizes=sizes).dialect


def find_form(
    content: bytes, dialects: Sequence[Dialect], *, name: str, code_page: str, sizes: Sizes
) -> RecognisedForm:
    """Return how a file is written, in the dialect that ``recognise`` returns; it raises what that raises."""
    found = [(dialect, _form(content, dialect, name, code_page, sizes)) for dialect in dialects]
    known = [(dialect, form) for dialect, form in found if isinstance(form, _Form)]
    if not known:
        raise _none(form for _, form in found)
    dialect, form = max(known, key=lambda each: (len(each[1].headings.columns), each[1].separator == each[0].separator))
    _refuse_unread_number(form.headings, dialect, dialects, name)
    known_headings = len(form.headings.columns)
    return RecognisedForm(
        dialect=dialect, known_headings=known_headings, separator=form.separator, encoding=form.encoding
    )


@dataclass(frozen=True, kw_only=True)
class _Form:
    """The headings that a dialect finds in a file, with separator and encoding of the file; none in a workbook."""

    headings: Headings
    separator: str = ""
    encoding: str = ""


def _refuse_unread_number(headings: Headings, dialect: Dialect, dialects: Sequence[Dialect], name: str) -> None:
    """Turn a file away whose records have a number that nobody reads: they would be known by less, or made anew.

    A house number without a street is such a number too.
    """
    for column in dialect.columns:
        if column.like and column.name not in headings.columns:
            strays = [text.strip() for text in headings.strays if re.fullmatch(column.like, bare(text))]
            lone = [headings.texts[at].strip() for house, at in headings.columns.items() if house == "house_number"]
            suspects = strays or (lone if "street" not in headings.columns else [])
            if suspects:
                raise FileNeedsFixing(_unread_number(suspects[0], column.name, dialects, name), code="FILE_KEY_UNREAD")


def _unread_number(text: str, column: str, dialects: Sequence[Dialect], name: str) -> str:
    usual = [(each, own.heading) for each in dialects for own in each.columns if own.name == column]
    ways = " or ".join(f"{heading!r} if this is a file of {each.name}" for each, heading in usual)
    return (
        f"{name}: {text!r} looks like the number by which people are known, and would not be read as one. If it is, "
        f"name the column {ways}; else choose the dialect yourself, or take the column out. Nothing was read."
    )


def _form(content: bytes, dialect: Dialect, name: str, code_page: str, sizes: Sizes) -> _Form | FileNeedsFixing:
    try:
        if container_of(content) != "text":
            kind = workbook_kind(content, name=name, sizes=sizes)
            return _Form(headings=find_sheet(content, kind, name=name, dialect=dialect).headings)
        head = decode(content[: delimited.HEAD_BYTES], name=name, code_page=code_page)
        separator, headings = delimited.find_form(head.text, name=name, dialect=dialect, sizes=sizes)
        return _Form(headings=headings, separator=separator, encoding=head.encoding)
    except FileNeedsFixing as problem:
        return problem


def _none(found: Iterable[_Form | FileNeedsFixing]) -> FileNeedsFixing:
    problems = [problem for problem in found if isinstance(problem, FileNeedsFixing)]
    return next((p for p in problems if p.code == "FILE_HEADER_RENAMED"), problems[0])

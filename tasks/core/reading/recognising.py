"""Which of several dialects a file is written in: its headings say so."""

from collections.abc import Iterable, Sequence

from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from tasks.core.reading.decoding import decode
from tasks.core.reading.delimited import HEAD_BYTES, find_form
from tasks.core.reading.headings import Headings
from tasks.core.reading.packages import workbook_kind
from tasks.core.reading.sheets import find_sheet
from tasks.core.reading.signatures import container_of
from tasks.core.reading.sizes import Sizes


def recognise(content: bytes, dialects: Sequence[Dialect], *, name: str, code_page: str, sizes: Sizes) -> Dialect:
    """Return the dialect that knows most headings of the file.

    Raises:
        FileNeedsFixing: None knows enough of them, with what the nearest to it lacks.
    """
    found = {dialect.name: _headings(content, dialect, name, code_page, sizes) for dialect in dialects}
    known = [dialect for dialect in dialects if isinstance(found[dialect.name], Headings)]
    if not known:
        raise _none(found.values())
    return max(known, key=lambda dialect: _count(found[dialect.name]))


def _headings(content: bytes, dialect: Dialect, name: str, code_page: str, sizes: Sizes) -> Headings | FileNeedsFixing:
    try:
        if container_of(content) != "text":
            return find_sheet(
                content, workbook_kind(content, name=name, sizes=sizes), name=name, dialect=dialect
            ).headings
        head = decode(content[:HEAD_BYTES], name=name, code_page=code_page)
        return find_form(head.text, name=name, dialect=dialect, sizes=sizes)[1]
    except FileNeedsFixing as problem:
        return problem


def _count(found: Headings | FileNeedsFixing) -> int:
    return len(found.columns) if isinstance(found, Headings) else 0


def _none(found: Iterable[Headings | FileNeedsFixing]) -> FileNeedsFixing:
    problems = [problem for problem in found if isinstance(problem, FileNeedsFixing)]
    return next((p for p in problems if p.code == "FILE_HEADER_RENAMED"), problems[0])

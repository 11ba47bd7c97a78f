"""Which headings a shop's files have: saved once from a sample, used by every later run that names them."""

from collections.abc import Callable

from infra.artifacts.headings import save_headings
from infra.artifacts.run_files import INBOX
from infra.context import storage
from schemas.domain import Dialect
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.core.reading.inbox_keys import safe_key
from tasks.core.reading.learnt_headings import LearntHeadings, learn_from, with_headings

ReadSample = Callable[[Dialect, bytes, str], Table]
"""(dialect, content, name) -> the table of a sample."""


def learn_headings_of(
    inbox_key: str, dialect: Dialect, name: str, meanings: dict[str, str], *, read: ReadSample
) -> LearntHeadings:
    """Save under *name* what the headings of an inbox file mean; *meanings* (heading -> column) win.

    Raises:
        FileNeedsFixing: The file cannot be read, or what is told does not fit it.
    """
    key = safe_key(inbox_key if inbox_key.startswith(f"{INBOX}/") else f"{INBOX}/{inbox_key}")
    try:
        table = read(with_headings(dialect, meanings), storage().get(key), inbox_key)
    except FileNeedsFixing as problem:
        if problem.code not in ("FILE_HEADER_MISSING", "FILE_HEADER_RENAMED"):
            raise
        names = ", ".join(column.name for column in dialect.columns)
        says = f"{problem.says} Or say what a heading of yours means, with --column 'HEADING=COLUMN'; columns: {names}."
        raise FileNeedsFixing(says, code=problem.code) from None
    learnt = learn_from(table, dialect, meanings)
    save_headings(dialect.name, name, learnt.columns)
    return learnt

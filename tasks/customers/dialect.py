"""Which dialect a file of customers is written in: as told, or as its headings say."""

from collections.abc import Sequence

from infra.artifacts.headings import load_headings
from infra.artifacts.run_files import cache_for_next_step, load_bytes
from infra.context import settings
from schemas.customers import CUSTOMERS
from schemas.domain import Dialect
from schemas.records import Artifact, Batch, CustomerDialect, Run
from tasks.chain.step import step
from tasks.chain.validate import sizes
from tasks.core.reading.dialects import recognise
from tasks.core.reading.learnt_headings import with_headings


@step
def recognise_dialect(run: Run, batch: Batch, choice: CustomerDialect, headings: str) -> Dialect:
    """Return the dialect of the batch, with the headings that were saved as *headings*, if any.

    Raises:
        FileNeedsFixing: Its headings are in no dialect we know, or none are saved under that name.
    """
    return dialect_of(batch.source, run.source, choice, headings)


def dialect_of(source: Artifact, name: str, choice: str, headings: str) -> Dialect:
    """Return the dialect of a stored file, as ``recognise_dialect`` does; *name* is for messages."""
    every = CUSTOMERS.dialects if choice == "auto" else [each for each in CUSTOMERS.dialects if each.name == choice]
    dialects = _as_saved(every, headings) if headings else every
    if len(dialects) == 1:
        return dialects[0]
    content = load_bytes(source)
    cache_for_next_step(source, content)
    return recognise(content, dialects, name=name, code_page=settings().code_page, sizes=sizes())


def _as_saved(dialects: Sequence[Dialect], headings: str) -> list[Dialect]:
    saved = load_headings([dialect.name for dialect in dialects], headings)
    return [with_headings(dialect, saved[dialect.name]) for dialect in dialects if dialect.name in saved]

"""Dialects of customers, with the headings that a shop saved."""

from infra.artifacts.headings import load_headings
from schemas.customers import CUSTOMERS
from schemas.domain import Dialect
from tasks.chain.step import step
from tasks.core.reading.learnt_headings import with_headings


def customer_dialect(name: str) -> Dialect:
    """Return the dialect of that name."""
    return next(dialect for dialect in CUSTOMERS.dialects if dialect.name == name)


@step
def dialect_as_saved(name: str, headings: str) -> Dialect:
    """Return a dialect of customers, with the headings that were saved as *headings*, if any.

    Raises:
        FileNeedsFixing: No headings are saved under that name.
    """
    dialect = customer_dialect(name)
    return with_headings(dialect, load_headings([name], headings)[name]) if headings else dialect

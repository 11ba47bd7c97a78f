"""Which headings a shop's files have: saved once from a sample, used by every later run that names them."""

from infra.profiles import load_headings
from schemas.customers import CUSTOMERS
from schemas.domain import Dialect
from tasks.core.reading.profiles import with_headings
from tasks.step import step


@step
def dialect_as_saved(name: str, headings: str) -> Dialect:
    """Return a dialect of customers, with the headings that were saved as *headings*, if any.

    Raises:
        FileNeedsFixing: No headings are saved under that name.
    """
    dialect = next(dialect for dialect in CUSTOMERS.dialects if dialect.name == name)
    return with_headings(dialect, load_headings(name, headings)) if headings else dialect

"""Which headings a shop's files have: saved once from a sample, used by every later run that names them."""

from infra.artifacts.headings import load_headings, load_headings_of_setting, save_headings
from infra.artifacts.run_files import INBOX
from infra.settings import settings
from infra.storage import safe_key
from infra.systems import storage
from schemas.customers import CUSTOMERS
from schemas.domain import Dialect
from schemas.loyalty.pos_sales import POS_SALES
from schemas.loyalty.reports import REPORT_DIALECTS
from schemas.problems import FileNeedsFixing
from schemas.tables import Table
from tasks.chain.step import step
from tasks.chain.validate import read_as, sizes
from tasks.core.loyalty.reports import read_sample
from tasks.core.reading.learnt_headings import Learnt, learn_from, with_headings


@step
def dialect_as_saved(name: str, headings: str) -> Dialect:
    """Return a dialect of customers, with the headings that were saved as *headings*, if any.

    Raises:
        FileNeedsFixing: No headings are saved under that name.
    """
    dialect = _dialect(name)
    return with_headings(dialect, load_headings([name], headings)[name]) if headings else dialect


def dialects_of_failures() -> dict[str, Dialect]:
    """Return how reports of failures and files of sales are written: as usual, or as this shop's headings say.

    Raises:
        SettingsNeedFixing: No headings are saved under the name in the settings.
    """
    usual = {dialect.name: dialect for dialect in _OF_FAILURES}
    saved = settings().loyalty_headings
    learnt = load_headings_of_setting(list(usual), saved, "COUNTERFOIL_LOYALTY_HEADINGS") if saved else {}
    return {name: with_headings(d, learnt[name]) if name in learnt else d for name, d in usual.items()}


def learn_headings_of(inbox_key: str, dialect: str, name: str, told: dict[str, str]) -> Learnt:
    """Save under *name* what the headings of an inbox file mean; what is *told* (heading -> column) wins.

    Raises:
        FileNeedsFixing: The file cannot be read, or what is told does not fit it.
    """
    key = safe_key(inbox_key if inbox_key.startswith(f"{INBOX}/") else f"{INBOX}/{inbox_key}")
    form = _dialect(dialect)
    try:
        table = _read(with_headings(form, told), storage().get(key), inbox_key)
    except FileNeedsFixing as problem:
        if problem.code not in ("FILE_HEADER_MISSING", "FILE_HEADER_RENAMED"):
            raise
        names = ", ".join(column.name for column in form.columns)
        says = f"{problem.says} Or say what a heading of yours means, with --column 'HEADING=COLUMN'; columns: {names}."
        raise FileNeedsFixing(says, code=problem.code) from None
    learnt = learn_from(table, form, told)
    save_headings(dialect, name, learnt.columns)
    return learnt


def _read(dialect: Dialect, content: bytes, name: str) -> Table:
    """Read a sample. Reports of failures may be saved pages of several tables, also of failures that are all gone."""
    if dialect.name not in _REPORTS:
        return read_as(dialect, content, name)
    return read_sample(content, name=name, dialect=dialect, code_page=settings().code_page, sizes=sizes())


_REPORTS = {dialect.name for dialect in REPORT_DIALECTS.values()}
_OF_FAILURES = (*REPORT_DIALECTS.values(), POS_SALES)


def _dialect(name: str) -> Dialect:
    return next(dialect for dialect in (*CUSTOMERS.dialects, *_OF_FAILURES) if dialect.name == name)

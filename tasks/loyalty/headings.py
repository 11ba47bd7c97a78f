"""How reports of failures and files of sales are written: as usual, or as this shop's headings say."""

from collections.abc import Mapping
from types import MappingProxyType

from infra.artifacts.headings import load_headings_of_setting
from infra.context import settings
from schemas.domain import Dialect
from schemas.loyalty.pos_sales import POS_SALES
from schemas.loyalty.reports import REPORT_DIALECTS
from schemas.tables import Table
from tasks.chain.validate import read_as, sizes
from tasks.core.loyalty.reports import read_sample
from tasks.core.reading.learnt_headings import with_headings

FAILURE_DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {dialect.name: dialect for dialect in (*REPORT_DIALECTS.values(), POS_SALES)}
)


def dialects_of_failures() -> dict[str, Dialect]:
    """Return each dialect by name, with the headings that the settings name.

    Raises:
        SettingsNeedFixing: No headings are saved under the name in the settings.
    """
    saved = settings().loyalty_headings
    learnt = load_headings_of_setting(list(FAILURE_DIALECTS), saved, "COUNTERFOIL_LOYALTY_HEADINGS") if saved else {}
    return {name: with_headings(d, learnt[name]) if name in learnt else d for name, d in FAILURE_DIALECTS.items()}


def read_failure_sample(dialect: Dialect, content: bytes, name: str) -> Table:
    """Read a sample. Reports of failures may be saved pages of several tables, also of failures that are all gone."""
    if dialect.name == POS_SALES.name:
        return read_as(dialect, content, name)
    return read_sample(content, name=name, dialect=dialect, code_page=settings().code_page, sizes=sizes())

"""What a run saw that looks and changes no records, such as a comparison of two systems."""

from dataclasses import dataclass

from schemas.records import RowCounts, RunOutcome
from schemas.report_tables import ReportTable
from schemas.tables import Concern

NO_ROWS = RowCounts(rows_in=0, accepted=0, rejected=0)


@dataclass(frozen=True, kw_only=True)
class Observed:
    """How such a run ended: in one word, one line of counts, and the report tables that show what it saw."""

    title: str
    outcome: RunOutcome
    says: str
    report_tables: tuple[ReportTable, ...] = ()
    rows: RowCounts = NO_ROWS
    concerns: tuple[Concern, ...] = ()
    reading: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()

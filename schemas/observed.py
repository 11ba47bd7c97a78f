"""What a run saw that looks and changes no records, such as a comparison of two systems."""

from dataclasses import dataclass

from schemas.exhibits import Exhibit
from schemas.records import RowCounts, RunOutcome
from schemas.tables import Concern

NO_ROWS = RowCounts(rows_in=0, accepted=0, rejected=0)


@dataclass(frozen=True, kw_only=True)
class Observed:
    """How such a run ended: in one word, one line of counts, and the exhibits that show what it saw."""

    title: str
    outcome: RunOutcome
    says: str
    exhibits: tuple[Exhibit, ...] = ()
    rows: RowCounts = NO_ROWS
    concerns: tuple[Concern, ...] = ()
    reading: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()

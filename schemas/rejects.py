"""What a rejects file adds to the columns of the file that came, and the codes of rows that come back in one.

How such a file is written stands in ``tasks.core.rejects.file``; how it is judged, in ``returned_rows`` there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from schemas.levels import Level

REFERENCE_PATTERN = r"^[\w-]+:[0-9]+$"
"""A row reference: the run that rejected the row, and the line on which it stood."""

SURPLUS_HEADING = "Counterfoil surplus"
"""The column in which all cells of a row travel that were more than there are headings, as one cell."""

DROP_WORDS: Mapping[str, str] = {"en": "drop", "fr": "retirer", "nl": "schrappen", "sv": "stryk"}
"""By language: what a person writes in the error cell, with a colon and the reason, to leave the row out for good."""

RETURN_CODES: tuple[tuple[str, Level, str, str], ...] = (
    (
        "FILE_ROW_UNCHANGED",
        "reject",
        "comes back as it was rejected",
        "correct it; if it is right as it stands now, empty its error cell; to leave it out for good, write there "
        "drop: and why",
    ),
    (
        "FILE_ROW_REFERENCE",
        "reject",
        "does not name a row that was rejected here",
        "leave this cell as it was; if the row is right, empty it",
    ),
    (
        "CELL_ZEROS_TAKEN",
        "reject",
        "a spreadsheet took the zeros before it",
        "format the column as text and type it again; if it is right without them, empty the error cell",
    ),
)


@dataclass(frozen=True, kw_only=True)
class DroppedRejects:
    """Rejected rows of a run that a person left out on purpose, by their lines."""

    who: str
    why: str
    at: datetime
    lines: tuple[int, ...]

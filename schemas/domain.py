"""What a domain declares: its dialects, its target resource and its policy.

Data only. These classes have no methods but validation; whatever decides something
about rows is a pure function in ``tasks.core``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

DecimalSign = Literal[".", ","]
ThousandsMark = Literal["", " ", "\u00a0", "\u202f", "'", ".", ","]


@dataclass(frozen=True, kw_only=True)
class NumberFormat:
    """How amounts are written in one file: one format for a whole column."""

    decimal: DecimalSign = "."
    thousands: ThousandsMark = ""


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a dialect, under the heading that people see.

    ``aliases`` maps other known headings to the language (en, fr, sv) they betray.
    """

    name: str
    heading: str
    description: str
    aliases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """A file format of a real system.

    Columns beyond these are not read. ``error_headings`` gives, by language, the heading of
    the error column in a rejects file; ``reference_heading`` that of the row reference.
    ``total_words`` are lower-case words that mark a total line below the rows.
    """

    name: str
    columns: tuple[Column, ...]
    number_format: NumberFormat
    error_headings: Mapping[str, str]
    reference_heading: str
    total_words: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What a target holds, in the target's own column names.

    ``key`` finds a record, ``columns`` are what we compare and write. ``amount`` is summed
    per ``unit`` for the control totals.
    """

    name: str
    key: str
    columns: tuple[str, ...]
    amount: str
    unit: str


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a run may change before it asks. Each limit that is passed raises a concern.

    ``changed_rows_floor``: the share is judged only from this many changed rows on, so that
    a small register is not blocked by its first import. ``added`` and ``row`` are in whole units
    of the currency.
    """

    changed_share: float
    changed_rows_floor: int
    changed_rows: int
    added: int
    row: int


@dataclass(frozen=True, kw_only=True)
class Domain:
    """One kind of business data: how it arrives, where it goes, how careful we are."""

    name: str
    title: str
    dialect: Dialect
    resource: Resource
    limits: Limits

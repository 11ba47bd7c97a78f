"""What a domain declares: its dialects, its target resource and its policy.

Data only. Whatever decides something about rows is a pure function in ``tasks.core``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import polars as pl
from pandera.polars import DataFrameModel

from schemas.levels import Level
from schemas.qualifiers import Qualifier

CodeRow = tuple[str, Level, str, str]
"""A code, its level, what it says to people, and what would be right."""

CREATED_AS = "new:"
"""How the key of a record begins that its target has not numbered yet: what follows tells it from all others."""

KEY_SEPARATOR = "@"
"""What stands between the parts of a key that is made of several columns."""

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

    ``aliases`` maps other known headings to the language (en, fr, nl, sv) they betray. A file without
    a *required* column cannot be read; one without another leaves those values alone. In a column that
    holds *dates*, a date of a spreadsheet is what was typed; elsewhere it is what was made of it. What a
    column *holds* says so of other cells that are no text: numbers, and true or false. Headings that are
    *like* this column's (a pattern over their ``bare`` words: ``tasks.core.reading.qualifier_headings``) are asked
    about where nobody reads them.
    """

    name: str
    heading: str
    description: str
    aliases: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    dates: bool = False
    like: str = ""
    holds: Literal["text", "money", "quantity", "truth"] = "text"


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """A file format of a real system.

    Its columns are those that a row model declares for it (``schemas.columns``). Others are not read, unless it
    *passes_through* what it does not know.
    ``error_headings`` gives, by language, the heading of the error column in a rejects file;
    ``reference_heading`` that of the row reference. ``total_words`` are lower-case words that mark a
    total line, which is never a row: one stands for its number, or in a row without number.
    Where it *numbers by zero*, a row with the number 0 asks for a new
    record, whoever is there; elsewhere a row without number is about whoever has its address.
    ``qualifiers`` are the kinds of columns beyond these that change what these mean; they are looked at.
    ``codes`` are columns whose cells a spreadsheet may have taken for numbers, ``padded`` those of them whose codes may
    begin with zeros; ``labels`` are texts in which a word for nothing (NULL, N/A) is blank.
    """

    name: str
    number_format: NumberFormat
    error_headings: Mapping[str, str]
    reference_heading: str
    columns: tuple[Column, ...] = ()
    total_words: frozenset[str] = frozenset()
    separator: str = ","
    passes_through: bool = False
    numbers_by_zero: bool = False
    qualifiers: tuple[Qualifier, ...] = ()
    codes: tuple[str, ...] = ()
    padded: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What a target holds, in the target's own column names.

    ``key`` finds a record, ``columns`` are what we compare and write. Where only several columns together find one
    (a product and an outlet; a SKU and a day), *key_of* names them, and ``key`` is the column in which they are joined
    in that order. At most one of them may hold KEY_SEPARATOR: two records never share a key. Live records (those whose
    ``status`` column says ``live``; all, where there is none) are counted for the control totals, and
    ``amount`` is summed per ``unit`` where there are amounts. ``known_by`` is the column by which a row
    that was rejected is known again in a later file; rows that may share it, as families share an address, are
    told apart by their ``key``, and by ``names`` where they have none. Where the target numbers new records itself, a
    change that creates one has a key that begins with CREATED_AS. Of records that are *private*, Prefect
    is shown no value. Where the ``status`` has a word for what is no more (*removed_as*), undoing a creation
    writes that word instead of deleting: a sale is voided, and importing it again brings it back.
    *retired_as* is the word for what cannot be removed as other records refer to it.
    Columns that are *unshown* say nothing to people: reports leave them out. *one_way* names column and value that
    a record may have had and that nothing brings it back to.
    """

    name: str
    key: str
    columns: tuple[str, ...]
    known_by: str
    names: tuple[str, ...] = ()
    amount: str = ""
    unit: str = ""
    status: str = ""
    live: str = ""
    private: bool = False
    removed_as: str = ""
    retired_as: str = ""
    unshown: tuple[str, ...] = ()
    one_way: tuple[tuple[str, str], ...] = ()
    key_of: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not set(self.key_of) <= set(self.columns):
            raise ValueError(f"The key of {self.name} is made of columns it does not have: {self.key_of}")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a run may change before it asks. Each limit that is passed raises a concern.

    ``changed_rows_floor``: the share is judged only from this many changed rows on, so that
    a small register is not blocked by its first import. ``added``, of all records together, and ``amount``, of one,
    are in whole units of the currency, and say nothing of records without amounts. ``minutes`` is how long writing may
    take in a system that counts calls. ``noun`` is what people call such
    a record, ``amount_code`` the code of the concern that one of them is large.
    """

    changed_share: float
    changed_rows_floor: int
    changed_rows: int
    added: int = 0
    amount: int = 0
    minutes: int = 60
    noun: str = "record"
    amount_code: str = ""

    def raised(
        self,
        *,
        rows: int | None = None,
        percent: int | None = None,
        added: int | None = None,
        amount: int | None = None,
        minutes: int | None = None,
    ) -> "Limits":
        """Return these limits as one run raises (or lowers) them; None leaves the usual one."""
        return replace(
            self,
            changed_rows=self.changed_rows if rows is None else rows,
            changed_share=self.changed_share if percent is None else percent / 100,
            added=self.added if added is None else added,
            amount=self.amount if amount is None else amount,
            minutes=self.minutes if minutes is None else minutes,
        )


@dataclass(frozen=True, kw_only=True)
class Hold:
    """A change that waits for a person: *when* is true of the row and, under names in ``_before``, of its record."""

    when: pl.Expr = field(compare=False)
    code: str


@dataclass(frozen=True, kw_only=True)
class Domain:
    """One kind of business data: how it arrives, where it goes, how careful we are.

    ``rows`` are the types of what a file asks for: each of their columns is declared there, with the code of every
    check that a cell may fail. ``records`` is the type of what a target holds. ``place`` is where they hang together
    with those of other domains, such as the till with its sales, products and stock: one run at a time changes
    anything there. ``flow`` is the dotted name of the flow that imports its files, from which its command is made;
    ``codes`` are those that only this domain has. Where rows simply say what records are to be, ``holds`` are the
    changes that wait for a person all the same.
    """

    name: str
    title: str
    dialects: tuple[Dialect, ...]
    resource: Resource
    records: type[DataFrameModel]
    limits: Limits
    rows: tuple[type[DataFrameModel], ...] = ()
    place: str = ""
    flow: str = ""
    codes: tuple[CodeRow, ...] = ()
    holds: tuple[Hold, ...] = ()

"""How loyalty failures arrive as files, and worklists come back: the dialects of their columns.

Astro shows them on a screen and offers no file that we know of; these headings are assumed (contracts/astro.md
5.3). A shop whose file has others saves them, as for any other dialect.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import get_args

import pandera.polars as pa
import polars as pl

from schemas.columns import column, heading, with_columns_of
from schemas.domain import Dialect, NumberFormat
from schemas.loyalty.failures import Failures
from schemas.loyalty.records import Decision, Section

LOYALTY = "loyalty"
"""The name under which these runs and their files are kept; not a domain, for a failure is no record of ours."""

_ERRORS = {"en": "Error", "fr": "Erreur", "nl": "Fout", "sv": "Fel"}
_REFERENCE = "Counterfoil row"

REDEMPTION_FAILURES = with_columns_of(
    Failures,
    Dialect(
        name="astro_redemption_failures",
        number_format=NumberFormat(),
        error_headings=_ERRORS,
        reference_heading=_REFERENCE,
        qualifiers=("currency",),
    ),
)

TRANSACTION_FAILURES = with_columns_of(
    Failures,
    Dialect(
        name="astro_transaction_failures",
        number_format=NumberFormat(),
        error_headings=_ERRORS,
        reference_heading=_REFERENCE,
        qualifiers=("currency",),
    ),
)

REPORT_DIALECTS: Mapping[Section, Dialect] = MappingProxyType(
    {"redemption": REDEMPTION_FAILURES, "transaction": TRANSACTION_FAILURES}
)


class Answers(pa.DataFrameModel):
    """One row an answer that is in no form we know."""

    line: pl.UInt32 = pa.Field(ge=1)
    answer: str = pa.Field(
        description="what stood there, as it stood",
        metadata=column("text", private=True, astro_answers=heading("answer")),
    )

    class Config:
        strict = True


ANSWERS = with_columns_of(
    Answers,
    Dialect(name="astro_answers", number_format=NumberFormat(), error_headings=_ERRORS, reference_heading=_REFERENCE),
)
"""They only ever go back to the person who can look at them."""


class Decided(pa.DataFrameModel):
    """One row a line of a worklist: which failure, and what a person decided about it; empty: nothing yet."""

    line: pl.UInt32 = pa.Field(ge=1)
    failure_key: str = pa.Field(
        description="which failure this is: leave it as it was",
        metadata=column("failure_key", loyalty_worklist=heading("failure_key", place=3)),
    )
    decision: str = pa.Field(
        isin=["", *get_args(Decision)],
        description="hide, done, added by hand, enrolled, exception added or wrong; blank: not decided yet",
        metadata=column(
            "decision",
            codes={"isin": "LOYALTY_DECISION"},
            loyalty_worklist=heading("decision", place=1, fr="décision", nl="besluit", sv="beslut"),
        ),
    )
    note: str = pa.Field(
        description="whatever should be remembered of it",
        metadata=column(
            "text",
            loyalty_worklist=heading("note", required=False, place=2, fr="remarque", nl="notitie", sv="anteckning"),
        ),
    )

    class Config:
        strict = True


WORKLIST = with_columns_of(
    Decided,
    Dialect(
        name="loyalty_worklist",
        number_format=NumberFormat(),
        error_headings=_ERRORS,
        reference_heading=_REFERENCE,
        passes_through=True,
    ),
)
"""Our own file, filled in. Its other columns are for people, and are not read back."""

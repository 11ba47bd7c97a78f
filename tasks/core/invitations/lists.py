"""Lists of people as CSV: what became of everyone, and a mailing list for an outside mail tool.

The headings are those of the file that people may be invited from, so a part of such a list can be handed in again.
"""

import polars as pl

from schemas.invitations import PEOPLE

_RUNNABLE = r"^([=+\-@])"
_HEADINGS = {column.name: column.heading for column in PEOPLE.columns}


def write_outcomes(people: pl.DataFrame) -> bytes:
    """Write what became of everyone, for a spreadsheet: with a byte-order mark, so that it shows å as å."""
    text = _listed(people, Customer="customer_id", Outcome="outcome", Answer="code").write_csv(include_bom=True)
    return text.encode()


def write_mailing_list(people: pl.DataFrame) -> bytes:
    """Write people for a mail tool: plain UTF-8, one address a row."""
    return _listed(people, Customer="customer_id").write_csv().encode()


def _listed(people: pl.DataFrame, **more: str) -> pl.DataFrame:
    """Choose the columns; a name that a spreadsheet would run gets an apostrophe before it."""
    columns = [pl.col(name).str.replace(_RUNNABLE, "'$1").alias(heading) for name, heading in _HEADINGS.items()]
    return people.select(*columns, **{heading: pl.col(name) for heading, name in more.items()})

"""Cells that hold a spreadsheet's error instead of a value (``#REF!``, ``#SAKNAS!``)."""

from collections.abc import Mapping

import polars as pl

from schemas.tables import FINDINGS_SCHEMA

ERRORS = frozenset(
    {"#N/A", "#REF!", "#DIV/0!", "#NAME?", "#VALUE!", "#NUM!", "#NULL!", "#GETTING_DATA", "#BUSY!", "#UNKNOWN!"}
    | {"#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#CONNECT!"}
    | {"#NOM?", "#VALEUR!", "#NOMBRE!", "#NUL!", "#PROPAGATION!"}
    | {"#SAKNAS!", "#REFERENS!", "#NAMN?", "#VÄRDEFEL!", "#DIVISION/0!", "#OGILTIGT!", "#SKÄRNING!"}
)
"""As Excel and its kin write them in English, French and Swedish."""
TOO_NARROW = r"^##+$"


def find_errors(cells: pl.DataFrame, headings: Mapping[str, str]) -> pl.DataFrame:
    """Return one finding per cell that holds an error. *headings*: column name -> heading in the file."""
    found = [find_in_column(cells, name, heading) for name, heading in headings.items()]
    return pl.concat(found) if found else pl.DataFrame(schema=FINDINGS_SCHEMA)


def find_in_column(cells: pl.DataFrame, name: str, heading: str) -> pl.DataFrame:
    """Find the errors of one column."""
    if not cells[name].str.starts_with("#").any():
        return pl.DataFrame(schema=FINDINGS_SCHEMA)
    narrow = pl.col(name).str.contains(TOO_NARROW)
    return cells.filter(pl.col(name).str.to_uppercase().is_in(list(ERRORS)) | narrow).select(
        "line",
        heading=pl.lit(heading),
        value=pl.col(name),
        code=pl.lit("CELL_ERROR"),
        detail=pl.when(narrow)
        .then(pl.lit("the column was too narrow to show the value"))
        .otherwise(pl.lit("the spreadsheet shows an error here")),
    )

"""What a spreadsheet does to a cell, whatever its column: the codes that numbers and amounts share."""

from dataclasses import dataclass

import polars as pl

CELL_REJECTS_SCHEMA = pl.Schema({"index": pl.UInt32, "code": pl.String, "detail": pl.String})

_MONTH = (
    r"(?:jan|feb|fév|fev|mar|apr|avr|maj|mai|may|jun|juin|jul|juil|aug|aoû|aou|sep|okt|oct|nov|dec|déc)\p{L}{0,7}\.?"
)
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?"
_DAY = (
    r"[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}"
    r"|[0-9]{1,2}([-/.])[0-9]{1,2}[-/.](?:[0-9]{4}|[0-9]{2})"
    rf"|[0-9]{{1,2}}[-/. ]{_MONTH}(?:[-/. ][0-9]{{2,4}})?"
    rf"|{_MONTH}[-/. ][0-9]{{2,4}}"
)
_DATE = rf"^(?i:(?:{_DAY})(?:[T ]{_TIME})?|{_TIME})$"
SCIENTIFIC = r"^[+-]?(?:[0-9]+[.,][0-9]*[eE][+-]?|[0-9]+[eE][+-])[0-9]+$"
_ERROR = r"^#(?:[\p{Lu}0/]+[!?]|N/A|S/O|SAKNAS|#+)$"
_BOOLEAN = r"^(?:TRUE|FALSE)$"
_DURATION = r"^PT[0-9]+H[0-9]+M[0-9]+S$"
SPREADSHEET_WORD = f"{_BOOLEAN}|{_DURATION}"
"""How a workbook's truth values and durations are written as text: letters and digits, yet no card number."""
_UNSEEN = r"[\p{Cc}\p{Cf}]"

DAMAGE_OF_IDS = ["CELL_CONTROL", "CELL_SCI_NOTATION", "CELL_ERROR", "CELL_FORMULA"]
"""What befalls ids: what else looks damaged, such as a date, may be how a till numbers."""


@dataclass(frozen=True, kw_only=True)
class ReadColumn:
    """A column of text as values, and what could not be read.

    ``values`` has one value a cell, null where unreadable. ``rejects`` (``index, code, detail``)
    has at most one row a cell; ``index`` counts cells from 0.
    """

    values: pl.Series
    rejects: pl.DataFrame


def no_rejects() -> pl.DataFrame:
    """Return an empty ``rejects`` frame."""
    return pl.DataFrame(schema=CELL_REJECTS_SCHEMA)


def pick(cells: pl.Series, wanted: pl.Series) -> pl.DataFrame:
    """Return ``index, cell`` of the cells for which the mask *wanted* is true."""
    return pl.DataFrame({"index": wanted.arg_true(), "cell": cells.filter(wanted)})


def damage_code(cell: pl.Expr) -> pl.Expr:
    """Return the code of what befell a cell, null where nothing did.

    ``1E5`` is no damage by itself: letters and digits are a legal card number.
    """
    return (
        pl.when(cell == "")
        .then(pl.lit("CELL_EMPTY"))
        .when(cell.str.contains(_UNSEEN))
        .then(pl.lit("CELL_CONTROL"))
        .when(cell.str.contains(SCIENTIFIC))
        .then(pl.lit("CELL_SCI_NOTATION"))
        .when(cell.str.contains(_ERROR))
        .then(pl.lit("CELL_ERROR"))
        .when(cell.str.contains(_BOOLEAN))
        .then(pl.lit("CELL_BOOLEAN"))
        .when(cell.str.contains(_DATE) | cell.str.contains(_DURATION))
        .then(pl.lit("CELL_DATE"))
        .when(cell.str.contains(r"^[=@]"))
        .then(pl.lit("CELL_FORMULA"))
    )


def damaged_ids(cells: pl.Series) -> pl.DataFrame:
    """Return the ``rejects`` of a column of ids, in which letters and hyphens are right."""
    coded = pick(cells, cells != "").with_columns(code=damage_code(pl.col("cell")))
    damaged = coded.filter(pl.col("code").is_in(DAMAGE_OF_IDS))
    return damaged.select("index", "code", detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)

"""Which codes a spreadsheet has cut: of a number it keeps 15 digits, and zeros stand for the rest."""

import polars as pl

from schemas.tables import Concern, Originals
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, no_rejects, pick
from tasks.core.checking.chance import chance_of
from tasks.core.reading.row_numbers import span_on

EXACT_DIGITS = 15
CERTAIN = 0.0011
"""So seldom zeros at the end are chance: then each cell that ends in them is taken for cut."""
DOUBTFUL = 0.02

_LONG = rf"^[0-9]{{{EXACT_DIGITS + 1},}}$"
_ZEROED = rf"^[0-9]{{{EXACT_DIGITS}}}0+$"
_DETAIL = "zeros from the 16th digit on, as a spreadsheet leaves them"


def find_zeroed(cells: pl.Series) -> pl.DataFrame:
    """Reject long numbers that end in zeros from the 16th digit on, where that is no chance.

    One digit in ten is a zero: how many numbers of each length would end so anyway is compared with how many
    do. Cells beside them that are whole save none of them.
    """
    zeroed, likelihood = _zeroed(cells)
    if likelihood is None:
        return no_rejects()
    certain = pick(cells, zeroed & (likelihood <= CERTAIN))
    rejects = certain.select("index", code=pl.lit("CELL_PRECISION_LOST"), detail=pl.lit(_DETAIL))
    return rejects.cast(CELL_REJECTS_SCHEMA)


def doubtful_digits(cells: pl.Series) -> pl.Series:
    """Tell the cells that may have been cut, and may be whole; also one alone, as no other shows its last digits."""
    zeroed, likelihood = _zeroed(cells)
    if likelihood is None:
        return zeroed
    alone = not (cells.str.contains(_LONG).fill_null(False) & ~zeroed).any()
    return zeroed & (likelihood > CERTAIN) & ((likelihood <= DOUBTFUL) | alone)


def _zeroed(cells: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Tell the numbers that end in zeros, and for each how likely chance made so many of its length, or of all."""
    zeroed = cells.str.contains(_ZEROED).fill_null(False)
    if not zeroed.any():
        return zeroed, None
    long = cells.str.contains(_LONG).fill_null(False)
    lengths = pl.DataFrame({"digits": cells.str.len_bytes(), "zeroed": zeroed}).filter(long)
    by_length = lengths.group_by("digits").agg(pl.col("zeroed").sum(), pl.len())
    chances = {
        digits: chance_of(ended, among, 0.1 ** (digits - EXACT_DIGITS)) for digits, ended, among in by_length.rows()
    }
    if lengths["zeroed"].all():
        chances = dict.fromkeys(chances, 0.1 ** int((lengths["digits"].cast(pl.Int64) - EXACT_DIGITS).sum()))
    return zeroed, cells.str.len_bytes().replace_strict(chances, default=1.0, return_dtype=pl.Float64)


def digits_cut(codes: pl.DataFrame, column: str, originals: Originals) -> tuple[Concern, ...]:
    """Return the concern about codes (``line`` and a *column* of digits) that may have lost their last digits."""
    cut = codes.filter(doubtful_digits(codes[column]))
    if cut.is_empty():
        return ()
    lines = span_on(originals, cut["line"].to_list())
    says = f"{cut.height} long numbers end in zeros from the 16th digit on (lines {lines})"
    return (Concern(code="CELL_PRECISION_DOUBT", says=says),)

"""Which codes a spreadsheet has cut: of a number it keeps 15 digits, and zeros stand for the rest."""

from collections.abc import Collection, Mapping

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


def cut_lengths(cells: pl.Series) -> frozenset[int]:
    """Return how long those numbers of a whole column are of which it is no chance that they end in zeros.

    One digit in ten is a zero: how many numbers of each length would end so anyway is compared with how many
    do. Cells beside them that are whole save none of them.
    """
    _, chances = _zeroed(cells)
    return frozenset(digits for digits, chance in chances.items() if chance <= CERTAIN)


def find_zeroed(cells: pl.Series, lengths: Collection[int]) -> pl.DataFrame:
    """Reject numbers of these *lengths* (``cut_lengths``) that end in zeros from the 16th digit on."""
    if not lengths:
        return no_rejects()
    certain = pick(cells, _ends_in_zeros(cells) & cells.str.len_bytes().is_in(list(lengths)))
    rejects = certain.select("index", code=pl.lit("CELL_PRECISION_LOST"), detail=pl.lit(_DETAIL))
    return rejects.cast(CELL_REJECTS_SCHEMA)


def doubtful_digits(cells: pl.Series) -> pl.Series:
    """Tell the cells that may have been cut, and may be whole; also one alone, as no other shows its last digits."""
    zeroed, chances = _zeroed(cells)
    if not chances:
        return zeroed
    likelihood = cells.str.len_bytes().replace_strict(chances, default=1.0, return_dtype=pl.Float64)
    alone = not (cells.str.contains(_LONG).fill_null(False) & ~zeroed).any()
    return zeroed & (likelihood > CERTAIN) & ((likelihood <= DOUBTFUL) | alone)


def _zeroed(cells: pl.Series) -> tuple[pl.Series, Mapping[int, float]]:
    """Tell the numbers that end in zeros, and for each length how likely chance made so many of it, or of all."""
    zeroed = _ends_in_zeros(cells)
    if not zeroed.any():
        return zeroed, {}
    long = cells.str.contains(_LONG).fill_null(False)
    lengths = pl.DataFrame({"digits": cells.str.len_bytes(), "zeroed": zeroed}).filter(long)
    by_length = lengths.group_by("digits").agg(pl.col("zeroed").sum(), pl.len())
    chances = {
        digits: chance_of(ended, among, 0.1 ** (digits - EXACT_DIGITS)) for digits, ended, among in by_length.rows()
    }
    if lengths["zeroed"].all():
        chances = dict.fromkeys(chances, 0.1 ** int((lengths["digits"].cast(pl.Int64) - EXACT_DIGITS).sum()))
    return zeroed, chances


def _ends_in_zeros(cells: pl.Series) -> pl.Series:
    return cells.str.contains(_ZEROED).fill_null(False)


def digits_cut(codes: pl.DataFrame, column: str, originals: Originals) -> tuple[Concern, ...]:
    """Return the concern about codes (``line`` and a *column* of digits) that may have lost their last digits."""
    cut = codes.filter(doubtful_digits(codes[column]))
    if cut.is_empty():
        return ()
    lines = span_on(originals, cut["line"].to_list())
    says = f"{cut.height} long numbers end in zeros from the 16th digit on (lines {lines})"
    return (Concern(code="CELL_PRECISION_DOUBT", says=says),)

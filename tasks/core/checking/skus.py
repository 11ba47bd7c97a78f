"""Reading codes that a shop made up, such as SKUs: as they stand, unless a spreadsheet has changed them."""

import polars as pl

from schemas.tables import Concern, Originals
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, damage_code, pick
from tasks.core.checking.lost_digits import cut_lengths, digits_cut, find_zeroed
from tasks.core.checking.lost_zeros import lost_zeros
from tasks.core.checking.placeholders import ANY

_HARM = ["CELL_CONTROL", "CELL_SCI_NOTATION", "CELL_ERROR"]
"""What else looks damaged, such as a date or a formula, may be how a shop names its products."""
_NO_SKU = [word for word in ANY if word.isalpha()]


def read_skus(cells: pl.Series) -> ReadColumn:
    """Read SKUs as they stand, unreadable where a spreadsheet has changed them or a word stands for none."""
    damage = pl.DataFrame({"cell": cells}).select(damage_code(pl.col("cell"))).to_series()
    harm = pick(cells, (damage.is_in(_HARM) | cells.is_in(_NO_SKU)).fill_null(False))
    code = pl.when(pl.col("cell").is_in(_NO_SKU)).then(pl.lit("CELL_EMPTY")).otherwise(damage_code(pl.col("cell")))
    coded = harm.select("index", code=code, detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)
    rejects = pl.concat([coded, find_zeroed(cells, cut_lengths(cells))]).sort("index")
    return ReadColumn(values=cells.scatter(rejects["index"], None) if rejects.height else cells, rejects=rejects)


def sku_concerns(lines: pl.Series, skus: pl.Series, originals: Originals) -> tuple[Concern, ...]:
    """Return the concerns about the SKUs of digits: barcodes that may have lost zeros, or their last digits."""
    codes = pl.DataFrame({"line": lines, "sku": skus})
    digits = codes.filter(pl.col("sku").str.contains("^[0-9]+$"))
    return (*lost_zeros(digits["sku"], "SKUs"), *digits_cut(digits, "sku", originals)) if digits.height else ()

"""Reading text and codes that are no amounts: as they stand, unless a spreadsheet has changed them."""

import polars as pl

from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, SCIENTIFIC, ReadColumn, damage_code, no_rejects, pick

_HARM = ["CELL_CONTROL", "CELL_FORMULA", "CELL_SCI_NOTATION"]
"""Of what may befall a cell, what is no text of a person either way; a house number may look like a date."""

_CUT_CODE = r"^(?:[0-9]{15}0+|[0-9]+[.,]0+)$"
"""Lost digits, or decimals that a spreadsheet put behind the code."""

LINE_BREAK = r"[ \t,]*(?:\r\n|[\n\r\x0b\x0c\x85\u2028\u2029])\s*"


def read_text(cells: pl.Series) -> ReadColumn:
    """Read text as it stands, unless it cannot be seen or would run in a spreadsheet."""
    if not cells.str.contains(rf"[\p{{Cc}}\p{{Cf}}]|^[=@]|{SCIENTIFIC}").any():
        return ReadColumn(values=cells, rejects=no_rejects())
    coded = pick(cells, cells != "").with_columns(code=damage_code(pl.col("cell")))
    rejects = coded.filter(pl.col("code").is_in(_HARM)).select("index", "code", detail=pl.lit(""))
    values = cells.scatter(rejects["index"], None) if rejects.height else cells
    return ReadColumn(values=values, rejects=rejects.cast(CELL_REJECTS_SCHEMA))


def read_code(cells: pl.Series) -> ReadColumn:
    """Read a code that an authority gave, which is never as long as a spreadsheet cuts: zeros there are lost digits."""
    read = read_text(cells)
    if not cells.str.contains(_CUT_CODE).any():
        return read
    cut = pick(cells, cells.str.contains(_CUT_CODE))
    code = pl.when(pl.col("cell").str.contains("[.,]")).then(pl.lit("CELL_DECIMALS"))
    rejects = cut.select("index", code=code.otherwise(pl.lit("CELL_PRECISION_LOST")), detail=pl.lit(""))
    return ReadColumn(
        values=read.values.scatter(cut["index"], None),
        rejects=pl.concat([read.rejects, rejects.cast(CELL_REJECTS_SCHEMA)]).sort("index"),
    )

"""Item codes (UPC) as we keep them: digits, zeros up to twelve in front, which spreadsheets drop and tills add."""

import polars as pl

from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, DAMAGE_OF_IDS, ReadColumn, damage_code, pick


def item_codes(text: pl.Expr) -> pl.Expr:
    """Write item codes as we keep them; what is no number stays, without blanks and hyphens."""
    bare = _bare(text)
    return pl.when(bare.str.contains(r"^[0-9]+$")).then(bare.str.strip_chars_start("0").str.zfill(12)).otherwise(bare)


def read_item_codes(cells: pl.Series) -> ReadColumn:
    """Read item codes of 6 to 14 digits; a blank stays."""
    read = cells.to_frame("cell").select(
        code=item_codes(pl.col("cell")), right=_bare(pl.col("cell")).str.contains(r"^[0-9]{6,14}$")
    )
    odd = pick(cells, ~read["right"] & (cells != ""))
    damage = damage_code(pl.col("cell"))
    code = pl.when(damage.is_in(DAMAGE_OF_IDS)).then(damage)
    rejects = odd.select("index", code=pl.coalesce(code, pl.lit("LOYALTY_UPC")), detail=pl.lit(""))
    return ReadColumn(values=read["code"].set(~read["right"], ""), rejects=rejects.cast(CELL_REJECTS_SCHEMA))


def _bare(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(r"[\s-]", "")

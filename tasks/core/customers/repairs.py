"""What is put right in the cells of people before they are read: words for nothing, and lines that were broken.

A word for nothing may be meant, as people called Null exist. Where no value can look like it, or the column holds no
names, it is nothing. Elsewhere the row tells: one that says the same word twice or more means nothing by it.
"""

from collections import Counter
from collections.abc import Mapping

import polars as pl

from schemas.columns import columns_that_read
from schemas.customers import CUSTOMER_COLUMNS, Customers
from schemas.tables import Concern, Originals
from tasks.core.checking.placeholders import ANY, BY_SYSTEMS, NO_BIRTHDAY, POSSIBLE, SURE
from tasks.core.checking.texts import LINE_BREAK
from tasks.core.reading.row_numbers import span_on
from tasks.core.wording.words import counted

_PEOPLE = ("first_name", "name_prefix", "last_name", "attention", "shipping_attention")
_NO_TEXT = (
    *columns_that_read(Customers, "email", "phone", "birth_day", "gender", "language", "truth", "instant"),
    "vat_number",
)
_COUNTRIES = columns_that_read(Customers, "country")
_NUMBER = "customer_id"
"""Where a card must have a number, 0 asks for a new one and a word says nothing at all: it stays, and is told."""
_ADDRESSES = ("street", "address_2", "shipping_street", "shipping_address_2")

DOUBTS_SCHEMA = pl.Schema({"line": pl.UInt32, "column": pl.String, "value": pl.String})


def without_line_breaks(cells: pl.DataFrame) -> tuple[pl.DataFrame, Counter[str]]:
    """Return text on one line: a comma for a line break in an address, a blank elsewhere, and how many cells it was."""
    texts = [name for name in CUSTOMER_COLUMNS if name in cells.columns and name not in (*_NO_TEXT, "extra")]
    broken = {name: cells[name].str.contains(LINE_BREAK) for name in texts}
    mended = [
        cells[name].str.replace_all(LINE_BREAK, ", " if name in _ADDRESSES else " ")
        for name in texts
        if broken[name].any()
    ]
    count = sum(int(cells_broken.sum()) for cells_broken in broken.values())
    return cells.with_columns(mended), +Counter({"CELL_LINE_BREAK": count})


def without_placeholders(
    cells: pl.DataFrame, *, number_may_be_blank: bool
) -> tuple[pl.DataFrame, Counter[str], pl.DataFrame]:
    """Return cells that are blank where a word stands for nothing, how many, and which of them (DOUBTS_SCHEMA) may not.

    Those that were emptied and might have been meant are among the doubts, and those that were left.
    """
    names = [name for name in CUSTOMER_COLUMNS if name in cells.columns and name != "extra"]
    names += [_NUMBER] if number_may_be_blank and _NUMBER in cells.columns else []
    suspects = {name: cells[name].is_in(_suspicious(name)) for name in names}
    suspects = {name: mask for name, mask in suspects.items() if mask.any()}
    if not suspects:
        return cells, Counter(), DOUBTS_SCHEMA.to_frame()
    words = pl.concat(
        [cells.filter(mask).select("line", column=pl.lit(name), value=name) for name, mask in suspects.items()]
    ).with_columns(times=pl.len().over("line", "value"))
    judged = words.with_columns(_judged())
    emptied = {name: cells["line"].is_in(rows["line"].implode()) for (name,), rows in
               judged.filter("nothing").group_by("column")}  # fmt: skip
    blank = cells.with_columns(pl.when(mask).then(pl.lit("")).otherwise(str(name)).alias(str(name))
                               for name, mask in emptied.items())  # fmt: skip
    doubts = judged.filter("doubtful").select(DOUBTS_SCHEMA.names()).cast(DOUBTS_SCHEMA)
    return blank, Counter({"CELL_PLACEHOLDER": int(judged["nothing"].sum())}), doubts


def placeholder_concerns(
    doubts: pl.DataFrame, headings: Mapping[str, str], originals: Originals
) -> tuple[Concern, ...]:
    """Return one concern a column and word that may be meant; *headings*: column name -> heading in the file."""
    by_word = doubts.sort("column", "line").group_by("column", "value", maintain_order=True)
    return tuple(
        Concern(
            code="CELL_PLACEHOLDER_DOUBT",
            says=f"{headings[str(column)]} says {value!r} on {counted(rows.height, 'row')} "
            f"(lines {span_on(originals, rows['line'].to_list())})",
        )
        for (column, value), rows in by_word
    )


def _suspicious(column: str) -> list[str]:
    if column == "born_on":
        return [*ANY, *NO_BIRTHDAY]
    if column in _NO_TEXT or column == _NUMBER:
        return ANY
    return [word for word in (*SURE, *POSSIBLE) if column not in _COUNTRIES or word.lower() != "na"]


def _judged() -> list[pl.Expr]:
    """Say of each suspect whether it is ``nothing``, and whether that is ``doubtful``.

    A person's name is nothing only where a system wrote it and the row says it again.
    """
    sure = pl.col("value").is_in([*SURE, *NO_BIRTHDAY]) | pl.col("column").is_in([*_NO_TEXT, *_COUNTRIES, _NUMBER])
    name, system = pl.col("column").is_in(_PEOPLE), pl.col("value").is_in(BY_SYSTEMS)
    again = pl.col("times") > 1
    nothing = sure | pl.when(name).then(system & again).otherwise(system | again)
    in_several_rows = (pl.col("line").n_unique().over("column", "value") > 1) & system
    left = pl.when(name).then(in_several_rows).otherwise(pl.col("value").str.to_lowercase() != "na")
    return [nothing.alias("nothing"), (~sure & (nothing | left)).alias("doubtful")]

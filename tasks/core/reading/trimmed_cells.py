"""Repairs of cells that change no meaning: blanks and marks that spreadsheets leave around a value.

Control characters stay: nobody can tell what they stood for.
"""

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

ZERO_WIDTH = "[\u200b\u200c\u200d\u2060\ufeff]"
ASCII_BLANKS = " \t\n\v\f\r"
PROTECTED = r"^'(?:[=+\-@]|\S*\d)"
"""An apostrophe before a formula or a code. ``'s-Gravenhage`` keeps its own."""
TEXT_FORMULA = r'^="([^"]*)"$'


def trim(cells: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, Counter[str]]:
    """Return the frame with its cells trimmed, and how many cells each repair changed."""
    repairs: Counter[str] = Counter()
    with ThreadPoolExecutor() as columnwise:
        trimmed = list(columnwise.map(trim_column, [cells[column] for column in columns]))
    for series, counts in trimmed:
        repairs += counts
        if counts:
            cells = cells.with_columns(series)
    return cells, repairs


def trim_column(cells: pl.Series) -> tuple[pl.Series, Counter[str]]:
    """Trim one column; a clean one costs three comparisons."""
    plain = cells.str.len_bytes().sum() == cells.str.len_chars().sum()
    seen = cells if plain or not cells.str.contains(ZERO_WIDTH).any() else cells.str.replace_all(ZERO_WIDTH, "")
    bare = seen.str.strip_chars()
    changed = int((bare != cells).sum())
    bare = bare if changed else cells  # the same text a second time would weigh as much as the first
    special = int((cells.str.strip_chars(ASCII_BLANKS) != bare).sum()) if changed and not plain else 0
    counts = Counter({"CELL_NBSP": special, "CELL_TRIM": changed - special})
    bare, apostrophes = without_apostrophe(bare)
    bare, formulas = without_formula(bare)
    return bare, +(counts + Counter({"CELL_APOSTROPHE": apostrophes, "CELL_TEXT_FORMULA": formulas}))


def without_apostrophe(cells: pl.Series) -> tuple[pl.Series, int]:
    """Take off the apostrophe by which spreadsheets mark text."""
    if not cells.str.starts_with("'").any():
        return cells, 0
    marked = cells.str.contains(PROTECTED)
    bare = cells.to_frame().select(pl.when(marked).then(cells.str.slice(1)).otherwise(cells)).to_series()
    return bare.alias(cells.name), int(marked.sum())


def without_formula(cells: pl.Series) -> tuple[pl.Series, int]:
    """Unpack ``="00123"``, the way to keep zeros through a spreadsheet."""
    if not cells.str.starts_with('="').any():
        return cells, 0
    packed = cells.str.contains(TEXT_FORMULA)
    return cells.str.replace(TEXT_FORMULA, "$1"), int(packed.sum())

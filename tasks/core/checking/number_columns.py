"""How each of several columns of numbers is written in one file."""

from collections.abc import Mapping, Sequence

import polars as pl

from schemas.domain import NumberFormat
from tasks.core.checking.number_formats import Concluded, conclude_format, conclude_from_other
from tasks.core.checking.workbook_numbers import Numbers, in_formats, only_texts


def in_their_formats(
    cells: pl.DataFrame, numbers: Numbers, names: Sequence[str], declared: NumberFormat, chosen: NumberFormat | None
) -> tuple[pl.DataFrame, Mapping[str, Concluded]]:
    """Return the cells, with numbers of a spreadsheet written as texts beside them are, and how each column is read."""
    texts = only_texts(cells, numbers)
    every = pl.concat([texts[name].alias("number") for name in names])
    shared = conclude_format(every, declared, chosen)
    concluded = {name: _format_of(texts[name], shared) if len(names) > 1 else shared for name in names}
    written = {name: each.format for name, each in concluded.items()}
    return in_formats(cells, {name: lines for name, lines in numbers.items() if name in names}, written), concluded


def _format_of(cells: pl.Series, shared: Concluded) -> Concluded:
    """Conclude how one column is written, beside what all together say. Each has its own say.

    Databases write a quantity with a decimal point, whatever the prices have: beside 12,50 a stock of 1.500 is not
    read as 1500. Beside 12.50 a stock of 1,500 is.
    """
    if shared.how == "chosen":
        return shared
    own = conclude_format(cells, shared.format, None)
    if own.how == "concluded" or shared.how == "declared" or shared.format.decimal == ".":
        return own if own.how == "concluded" else shared
    return conclude_from_other(cells, shared)

"""Rows of a CSV file that are given back without being taken apart: many at a time, by their separators and quotes."""

import re

import polars as pl

from tasks.core.writing.files import INVISIBLE


def stand_as_they_are(records: pl.Series, separator: str, width: int) -> pl.Series:
    """Return which records surely have so many cells, of which each begins where a separator says, quotes or not.

    That is: every quote belongs to a cell that begins with one, and no quotes hold what would look like the beginning
    of a cell that a spreadsheet runs.
    """
    mark = re.escape(separator)
    quoted = r'"(?:[^"]|"")*"'
    outside = records.str.replace_all(quoted, "")
    inside = records.str.extract_all(quoted)
    begun = records.str.count_matches(rf"(?:^|{mark}){quoted}")
    return (
        (outside.str.count_matches(separator, literal=True) + 1 == width)
        & ~outside.str.contains('"', literal=True)
        & (begun == inside.list.len())
        & ~inside.list.join("").str.contains(rf'{mark}"?[{INVISIBLE}]*[=+\-@]')
    )


def all_neutral(records: pl.Series, separator: str) -> pl.Series:
    """Do in records that stand as they are what ``neutral`` does in one cell."""
    runnable = rf'(^|{re.escape(separator)})("?[{INVISIBLE}]*)([=+\-@])'
    return records.str.replace_all(runnable, "${1}${2}'${3}")

"""What a system shows of its records after an upload, which it did not answer to."""

from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Shown:
    """``records`` has the key and those columns that are shown, as text.

    Where it is not *whole*, only records that changed lately are among them.
    """

    records: pl.DataFrame = field(repr=False)
    whole: bool = True

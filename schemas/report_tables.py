"""Report tables: small tables and charts that a run wants shown beside its changes.

Only what they are called and how they are drawn; their rows lie in the run's own files, as all rows do.
What a column means follows from its name, as everywhere: ``_cents`` are amounts in the row's
``currency``, ``_milli`` thousandths of a quantity, ``_share`` parts of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import polars as pl

ChartKind = Literal["line", "bar", "stacked", "ranked"]
"""line and bar: one mark a row and series. stacked: bars on top of each other. ranked: bars that lie, under names."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """How the rows of a report table are drawn: labels from the column *along*, one series a column of numbers.

    Amounts of several currencies make one drawing a currency.
    """

    kind: ChartKind
    along: str
    series: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReportTable:
    """A small table, perhaps drawn. ``name`` (like ``sales-by-month``) names its file and its sheet.

    ``says`` is one sentence on what it shows, without values of rows. Of one that is *private* Prefect is shown
    no row. ``headings`` are given where a column's name does not say enough.
    """

    name: str
    title: str
    says: str
    private: bool
    chart: Chart | None = None
    headings: Mapping[str, str] = field(default_factory=dict)


ShownTable = tuple[ReportTable, pl.DataFrame]
"""A report table with its rows."""

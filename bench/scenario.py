"""What is measured: a file, and the till that it is brought to. Each domain has a kind of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import pandera.polars as pa
import polars as pl
import sqlalchemy as sa

from schemas.records import ChangeCounts

OTHER_SHARE = 0.05
NEW_SHARE = 0.02
SEED = 20_261_122


class Scenario(Protocol):
    """A file of *rows* rows and a till, in no common order; both are made anew whenever they are asked for.

    In an update 5 % of the rows say something else than the till, 2 % are new, and as many records
    of the till are not in the file.
    """

    @property
    def records(self) -> str:
        """What the records are called."""
        ...

    @property
    def rows(self) -> int: ...

    @property
    def title(self) -> str:
        """What tells it from others of as many rows."""
        ...

    @property
    def name(self) -> str:
        """What a file and a database of it may be called."""
        ...

    @property
    def flow(self) -> str:
        """The flow that imports the file, as ``module:name``."""
        ...

    @property
    def options(self) -> dict[str, Any]:
        """What the flow is told beside the file and its mode."""
        ...

    @property
    def table(self) -> sa.Table:
        """Where the till holds the records."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """What file and till have in common, the key first."""
        ...

    @property
    def written(self) -> tuple[str, ...]:
        """The key, and what the file may change."""
        ...

    @property
    def created(self) -> tuple[str, ...]:
        """The columns of the file that a new record gets."""
        ...

    @property
    def fixed(self) -> Mapping[str, pl.Expr]:
        """What a new record gets besides."""
        ...

    @property
    def model(self) -> type[pa.DataFrameModel]:
        """What judges the rows of the file."""
        ...

    @property
    def rejected(self) -> int:
        """How many rows a run must reject."""
        ...

    @property
    def expected(self) -> ChangeCounts:
        """What a run must count."""
        ...

    def held(self) -> pl.DataFrame:
        """Return the till's records."""
        ...

    def wanted(self) -> pl.DataFrame:
        """Return what the good rows of the file ask for, as the till would hold it."""
        ...

    def typed(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Turn the cells of the file into values by the least that does, under the names of the till."""
        ...

    def write_file(self, path: Path) -> None:
        """Write the file as a shop has it."""
        ...


def changes_of(scenario: Scenario) -> pl.DataFrame:
    """Return what has to be written."""
    moved = scenario.wanted().join(scenario.held(), on=scenario.columns, how="anti")
    return moved.select(scenario.written)


def shares(rows: int) -> tuple[int, int]:
    """Return how many of *rows* say something else, and how many are new."""
    return int(rows * OTHER_SHARE), int(rows * NEW_SHARE)


def shuffled(rows: pl.DataFrame) -> pl.DataFrame:
    """Return *rows* in another order, always the same."""
    return rows.sample(fraction=1, shuffle=True, seed=SEED)

"""Seeded customers: what a register holds and what an export edited by hand asks of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import polars as pl

from bench.people import COLUMNS, people
from bench.scenario import shares, shuffled
from infra.connectors.sql.tables import CUSTOMERS
from schemas.customers import LIGHTSPEED_ECOM
from schemas.customers import Customers as CustomerRows
from schemas.records import ChangeCounts

_BAD_CELLS = {
    "email": pl.col("email") + "@",
    "born_on": pl.col("born_on").str.head(4) + "-02-30",
    "mobile": pl.col("mobile") + "0000",
    "country": "Utopia " + pl.col("country"),
}
"""What no reader takes, however blank the cell was before."""


@dataclass(frozen=True, kw_only=True)
class Customers:
    """People in 25 columns: 5 % have moved, 2 % are new, and *bad_share* of the rows are to be rejected.

    One French telephone number in four is written as people in France write it.
    """

    rows: int
    bad_share: float
    records = "customers"
    flow = "flows.customers:import_customers"
    options: ClassVar[dict[str, Any]] = {"dialect": "lightspeed_ecom"}
    table = CUSTOMERS
    columns = COLUMNS
    written = COLUMNS
    created = COLUMNS[1:]
    fixed: ClassVar[Mapping[str, pl.Expr]] = {}
    model = CustomerRows

    @property
    def title(self) -> str:
        return f"{self.bad_share * 100:g} % bad rows"

    @property
    def name(self) -> str:
        return f"customers_{self.rows}_bad_{self.bad_share * 10_000:.0f}"

    @property
    def rejected(self) -> int:
        return sum(self._bad())

    @property
    def expected(self) -> ChangeCounts:
        (other, new), (bad_other, bad_new, bad_kept) = shares(self.rows), self._bad()
        kept = self.rows - other - new
        return ChangeCounts(created=new - bad_new, updated=other - bad_other, unchanged=kept - bad_kept)

    def held(self) -> pl.DataFrame:
        """Return the register, sorted by number."""
        return people(0, self.rows)

    def wanted(self) -> pl.DataFrame:
        """Return what the good rows of the file ask for; new customers have the next numbers."""
        return self._asked().filter(~pl.col("bad")).select(COLUMNS)

    def typed(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Name the columns as the register does, and write a French number as it does."""
        names = {column.heading: column.name for column in LIGHTSPEED_ECOM.columns if column.heading in cells.columns}
        mobile = pl.col("mobile").str.replace_all(" ", "", literal=True).str.replace("^0", "+33")
        return cells.rename(names).select(pl.col(COLUMNS).fill_null("")).with_columns(mobile)

    def write_file(self, path: Path) -> None:
        """Write the file as Lightspeed eCom exports it, with no number for the new."""
        headings = {column.name: column.heading for column in LIGHTSPEED_ECOM.columns}
        numbered = pl.when(pl.col("customer_id") <= self.rows).then("customer_id")
        national = pl.col("mobile").str.replace(r"^\+33(.)(..)(..)(..)(..)$", "0${1} ${2} ${3} ${4} ${5}")
        spelled = pl.when(pl.col("customer_id") % 4 == 0).then(national).otherwise("mobile").alias("mobile")
        rows = self._asked().with_columns(spelled).with_columns(_spoilt())
        blank = rows.select(numbered, *COLUMNS[1:]).with_columns(pl.col(pl.String).replace("", None))
        blank.rename(headings, strict=False).write_csv(path)

    def _asked(self) -> pl.DataFrame:
        """Return all rows of the file, written as the register does, and whether each is ``bad``."""
        (other, new), (bad_other, bad_new, bad_kept) = shares(self.rows), self._bad()
        moved = _marked(people(0, other), bad_other).with_columns(street=pl.lit("Rue de l'Abbé Grégoire"))
        kept = _marked(people(other, self.rows - other - new), bad_kept)
        return shuffled(pl.concat([moved, kept, _marked(people(self.rows, new), bad_new)]))

    def _bad(self) -> tuple[int, int, int]:
        """Return how many are bad of the rows that say something else, of the new and of all others."""
        other, new = shares(self.rows)
        kept = self.rows - other - new
        return int(other * self.bad_share), int(new * self.bad_share), int(kept * self.bad_share)


def _marked(rows: pl.DataFrame, bad: int) -> pl.DataFrame:
    return rows.with_columns(bad=pl.int_range(pl.len()) < bad)


def _spoilt() -> list[pl.Expr]:
    """Make one cell of each bad row unreadable, another in the next."""
    turn = pl.col("customer_id") % len(_BAD_CELLS)
    return [
        pl.when(pl.col("bad") & (turn == number)).then(cell).otherwise(name).alias(name)
        for number, (name, cell) in enumerate(_BAD_CELLS.items())
    ]

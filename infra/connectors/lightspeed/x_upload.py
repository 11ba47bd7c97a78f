"""Lightspeed X-Series by hand: the file that a person uploads under Catalog, Gift cards, Import CSV.

The shop answers on its own screen, not to us, so a row we hand over is ``unknown``. What it holds is known where a
list of its cards was exported; without one every card counts as new. The template's line ends are not documented; we
write LF (assumed).
"""

from collections.abc import Callable

import polars as pl

from infra.connectors import RemembersNothing
from infra.connectors.outcomes import decide_outcomes
from infra.connectors.sql.tables import TARGET
from infra.databases.bulk import polars_schema
from schemas import file_names
from schemas.capabilities import Capabilities
from schemas.domain import Dialect, Resource
from schemas.file_names import FileName
from schemas.gift_cards import LIGHTSPEED_X_CARDS
from schemas.records import BatchName, Total
from schemas.register_exports import Export
from schemas.tables import Table
from tasks.core.gift_cards.card_lists import VOIDED, cards_of, totals_of
from tasks.core.reading.currencies import minor_digits
from tasks.core.wording.money import plain_decimals

ONE_FILE = 10**9
"""The shop takes one upload, whatever its length; no limit is documented."""


class LightspeedXCsv(RemembersNothing):
    """Reads the *newest* list of cards, if there is one, and writes the upload.

    *read_rows* reads a list, whose amounts are in *currency*; *deliver* (run id, name, content) stores a file of a
    run: the upload, and the list that it was compared with.
    """

    name = "lightspeed_x_csv"
    dialect = LIGHTSPEED_X_CARDS
    can = Capabilities(
        operation_ids=False,
        read_back=False,
        undo=True,
        batch_rows=ONE_FILE,
        guard="blind",
        unit="batch",
        final="A card that was voided in Lightspeed cannot be used again: give its owner a card with another number.",
        removed_as=VOIDED,
        takes=frozenset({"create"}),
    )

    def __init__(
        self,
        *,
        newest: Callable[[str], Export | None],
        read_rows: Callable[[Export, Dialect], Table],
        deliver: Callable[[str, FileName, bytes], object],
        currency: str,
    ) -> None:
        self._newest = newest
        self._read_rows = read_rows
        self._deliver = deliver
        self._currency = currency

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        """Read the newest list of cards; no cards where nobody exported one.

        Raises:
            FileNeedsFixing: It is no such list.
        """
        export = self._newest(self.dialect.name)
        if export is None:
            columns = TARGET.tables[resource.name].c
            return polars_schema([columns[name] for name in (resource.key, *resource.columns)]).to_frame()
        cards = self.read_export(export, resource)
        if keys is None:
            return cards
        return cards.filter(pl.col(resource.key).str.to_lowercase().is_in(keys.str.to_lowercase().implode()))

    def read_export(self, export: Export, resource: Resource) -> pl.DataFrame:
        """Return the cards of a list.

        Raises:
            FileNeedsFixing: It is no such list.
        """
        return cards_of(
            self._read_rows(export, self.dialect),
            self.dialect,
            resource,
            name=export.name,
            currency=self._currency,
            exponent=minor_digits(self._currency),
        )

    def totals(self, resource: Resource) -> tuple[Total, ...]:
        """Return count and sum of the cards of the newest list that can be used."""
        return totals_of(self.read(resource, None), resource)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Write the upload, of the cards that are not on the newest list."""
        export = self._newest(self.dialect.name)
        records = self.read(resource, None)
        still = decide_outcomes(changes, records, self.operations(changes["operation_id"]), resource)
        new = (pl.col("kind") == "create") & (still == "written")
        said = pl.when(new).then(pl.lit("unknown")).when(pl.col("kind") == "create").then(still)
        outcomes = changes.select(outcome=said.otherwise(pl.lit("refused"))).to_series()
        creates = changes.filter(outcomes == "unknown")
        if creates.height:
            if export:
                kind = self._read_rows(export, self.dialect).form.kind
                self._deliver(batch.run_id, file_names.register_file(kind), export.content)
            self._deliver(batch.run_id, file_names.UPLOAD_CSV, upload_file(creates, resource))
        return outcomes


def upload_file(creates: pl.DataFrame, resource: Resource) -> bytes:
    """Return the two columns of the shop's template, amounts with a decimal point and the currency's own digits."""
    rows = [_written(part, resource, str(unit)) for (unit,), part in creates.group_by(f"{resource.unit}_after")]
    return pl.concat(rows).sort("Number").write_csv(line_terminator="\n").encode()


def _written(creates: pl.DataFrame, resource: Resource, currency: str) -> pl.DataFrame:
    balance = plain_decimals(pl.col(f"{resource.amount}_after"), minor_digits(currency))
    return creates.select(Number=pl.col(resource.key), Balance=balance)

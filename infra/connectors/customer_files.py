"""Customer registers that only people can reach: their own exports are read, and upload files written.

The system answers on its own screen, not to us, so a row we hand over is ``unknown`` until the
next export shows it. Which folder the exports lie in is for ``infra.artifacts.register_exports`` to say.
"""

from collections.abc import Callable
from datetime import datetime

import polars as pl

from infra.connectors import RemembersNothing
from infra.connectors.outcomes import decide_outcomes
from infra.connectors.tixly.api import TixlyApi
from schemas import file_names
from schemas.capabilities import Capabilities
from schemas.domain import Dialect, Resource
from schemas.file_names import FileName
from schemas.problems import FileNeedsFixing
from schemas.records import BatchName, Total
from schemas.register_exports import Export, Shown, folder_of
from schemas.tables import Table
from tasks.core.customers.register_export import LINE, records_of
from tasks.core.customers.upload_file import upload_file

ONE_FILE = 10**9
"""One upload, whatever its length: no limit is documented."""


class CustomerFiles(RemembersNothing):
    """A register known by its exports, in one *dialect*.

    *newest* fetches the export that counts, *read_rows* reads one, *deliver* (run id, name, content) stores
    a file of a run: the upload, and the export that it was made from. *interface* answers for the system
    where it has one and we have its key.
    """

    can = Capabilities(
        operation_ids=False,
        read_back=False,
        undo=True,
        batch_rows=ONE_FILE,
        guard="blind",
        unit="batch",
        takes=frozenset({"create", "update"}),
    )

    def __init__(
        self,
        name: str,
        dialect: Dialect,
        *,
        newest: Callable[[str], Export | None],
        read_rows: Callable[[Export, Dialect], Table],
        deliver: Callable[[str, FileName, bytes], object],
        interface: TixlyApi | None = None,
    ) -> None:
        self.name = name
        self.dialect = dialect
        self._newest = newest
        self._read_rows = read_rows
        self._deliver = deliver
        self._interface = interface

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:
        """Read the newest export.

        Raises:
            FileNeedsFixing: There is none, or it is no register.
        """
        records = self.read_export(self._export(), resource)
        return records if keys is None else records.filter(pl.col(resource.key).is_in(keys.implode()))

    def read_export(self, export: Export, resource: Resource) -> pl.DataFrame:
        """Return the records of an export.

        Raises:
            FileNeedsFixing: It is no register.
        """
        return self._records(export, self._read_rows(export, self.dialect), resource).drop(LINE)

    def ask(self, since: datetime, resource: Resource) -> tuple[Export, Shown] | None:
        return self._interface.ask(since, resource) if self._interface else None

    def totals(self, resource: Resource) -> tuple[Total, ...]:
        return (Total(currency="", count=self.read(resource, None).height, sum_cents=0),)

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        """Write the upload file, of the records that are in the newest export as they were planned against.

        Raises:
            FileNeedsFixing: The export cannot hold what the changes say.
        """
        export = self._export()
        rows = self._read_rows(export, self.dialect)
        records = self._records(export, rows, resource)
        still = decide_outcomes(changes, records, self.operations(changes["operation_id"]), resource)
        waiting = pl.when(pl.col("kind") == "remove").then(pl.lit("refused")).otherwise(pl.lit("unknown"))
        outcomes = changes.select(outcome=pl.when(still == "written").then(waiting).otherwise(still)).to_series()
        taken = changes.filter(outcomes == "unknown")
        if taken.height:
            content = upload_file(taken, records, rows, self.dialect, resource.key)
            self._deliver(batch.run_id, file_names.register_file(rows.form.kind), export.content)
            self._deliver(batch.run_id, file_names.upload_file(rows.form.kind), content)
        return outcomes

    def _records(self, export: Export, rows: Table, resource: Resource) -> pl.DataFrame:
        return records_of(rows, self.dialect, resource, name=export.name)

    def _export(self) -> Export:
        export = self._newest(self.dialect.name)
        if export is None:
            folder = folder_of(self.dialect.name)
            raise FileNeedsFixing(
                f"There is no export of the register in {folder}. Export all customers there, drop the file in "
                "that folder of the bucket as it is, and run again."
            )
        return export

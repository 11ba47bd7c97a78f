"""Lightspeed X-Series by hand: the file that a person uploads under Catalog, Gift cards, Import CSV.

The shop answers on its own screen, not to us, so a row we hand over is ``unknown``. The
template's line ends are not documented; we write LF (assumed).
"""

from collections.abc import Callable

import polars as pl

from infra.connectors import RemembersNothing
from infra.connectors.sql.tables import TARGET
from infra.databases.bulk import polars_schema
from schemas import file_names
from schemas.capabilities import Capabilities
from schemas.currencies import minor_digits
from schemas.domain import Resource
from schemas.file_names import FileName
from schemas.records import BatchName
from tasks.core.wording.money import plain_decimals

ONE_FILE = 10**9
"""The shop takes one upload, whatever its length; no limit is documented."""


class LightspeedXCsv(RemembersNothing):
    """Writes the upload file through *deliver* (run id, name, content); reads nothing."""

    name = "lightspeed_x_csv"
    can = Capabilities(
        operation_ids=False, read_back=False, undo=False, batch_rows=ONE_FILE, guard="blind", unit="batch"
    )

    def __init__(self, deliver: Callable[[str, FileName, bytes], object]) -> None:
        self._deliver = deliver

    def read(self, resource: Resource, keys: pl.Series | None) -> pl.DataFrame:  # noqa: ARG002 - it cannot read
        columns = TARGET.tables[resource.name].c
        return polars_schema([columns[name] for name in (resource.key, *resource.columns)]).to_frame()

    def write(self, resource: Resource, changes: pl.DataFrame, batch: BatchName) -> pl.Series:
        creates = changes.filter(kind="create")
        if creates.height:
            self._deliver(batch.run_id, file_names.UPLOAD_CSV, upload_file(creates, resource))
        unsaid = pl.when(pl.col("kind") == "create").then(pl.lit("unknown")).otherwise(pl.lit("refused"))
        return changes.select(outcome=unsaid).to_series()


def upload_file(creates: pl.DataFrame, resource: Resource) -> bytes:
    """Return the two columns of the shop's template, amounts with a decimal point and the currency's own digits."""
    rows = [_written(part, resource, str(unit)) for (unit,), part in creates.group_by(f"{resource.unit}_after")]
    return pl.concat(rows).sort("Number").write_csv(line_terminator="\n").encode()


def _written(creates: pl.DataFrame, resource: Resource, currency: str) -> pl.DataFrame:
    balance = plain_decimals(pl.col(f"{resource.amount}_after"), minor_digits(currency))
    return creates.select(Number=pl.col(resource.key), Balance=balance)

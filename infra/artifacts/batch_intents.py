"""What a batch was about to have done when its target's answer was still missing, beside the files of its run.

It holds values of rows, as the plan of the run does.
"""

import io
import json

import polars as pl

from infra.artifacts.run_files import batch_key
from infra.connectors.own_database.journals import Intent
from infra.context import storage
from schemas.records import BatchName

_OUTCOME, _RESOURCE, _ISSUED = "outcome", "resource", "issued"


class BatchIntents:
    """The intents in the bucket: ``runs/<run>/batches/<plan>-<number>.intent`` (Parquet)."""

    def intend(self, batch: BatchName, intent: Intent) -> None:
        """Keep what a batch is about to do, in the place of what it was before."""
        outcomes = pl.Series(_OUTCOME, intent.outcomes, pl.String)
        buffer = io.BytesIO()
        about = {_RESOURCE: intent.resource, _ISSUED: json.dumps(dict(intent.issued))}
        intent.changes.with_columns(outcomes).write_parquet(buffer, compression="zstd", metadata=about)
        storage().put(batch_key(batch, "intent"), buffer.getvalue())

    def intended(self, batch: BatchName) -> Intent | None:
        """Return what a batch was about to do."""
        key = batch_key(batch, "intent")
        if not storage().head(key):
            return None
        content = storage().get(key)
        about = pl.read_parquet_metadata(io.BytesIO(content))
        frame = pl.read_parquet(content)
        return Intent(
            resource=about[_RESOURCE],
            changes=frame.drop(_OUTCOME),
            outcomes=frame[_OUTCOME].to_list(),
            issued=json.loads(about[_ISSUED]),
        )

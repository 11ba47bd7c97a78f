"""What became of each batch of a run, beside its files, for targets that keep no journal of their own.

An outcome that was unknown may be settled later, so the file of a batch can be written anew.
"""

import json
from collections.abc import Sequence

from infra.artifacts.run_files import batch_key
from infra.context import storage
from schemas.records import BatchName


class BatchOutcomes:
    """The journal in the bucket: ``runs/<run>/batches/<plan>-<number>.json``."""

    def recall(self, batch: BatchName) -> list[str] | None:
        """Return the outcomes of a batch that was answered before."""
        key = batch_key(batch, "json")
        return json.loads(storage().get(key)) if storage().head(key) else None

    def remember(self, batch: BatchName, outcomes: Sequence[str]) -> None:
        """Keep the outcomes of a batch."""
        storage().put(batch_key(batch, "json"), json.dumps(list(outcomes)).encode())

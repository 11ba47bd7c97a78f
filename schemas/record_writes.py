"""The journal of systems that take one record at a time: what was about to be sent, and what became of it.

A line is entered before its request leaves and gets its outcome after the answer. One without an outcome may have been
carried out; only the system itself can tell. Lines hold no key and no value of a record, only hashes of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas.records import BatchName

OPEN = ""
"""The outcome of a line whose answer nobody has seen yet."""


@dataclass(frozen=True, kw_only=True)
class RecordWrite:
    """One change of one record. *position* is its place in a batch of so many *rows*, from 0.

    *kind* is what is asked for in the system's own terms, *change_sha256* names the record, the kind and by how much:
    two lines that share it want the same. *request_key* is what the
    system knows the request by, where it knows any.
    """

    batch: BatchName
    position: int
    rows: int
    key_sha256: str
    kind: str
    change_sha256: str
    request_key: str
    operation_sha256: str
    operation: str
    begun_at: datetime
    outcome: str = OPEN

    @property
    def place(self) -> Mapping[str, Any]:
        """What the line is found by."""
        return {
            "run_id": self.batch.run_id,
            "plan_id": self.batch.plan_id,
            "number": self.batch.number,
            "position": self.position,
        }

    @property
    def recalled(self) -> str:
        """What is answered to whoever asks again for a change that is in the journal."""
        return {OPEN: "unknown", "written": "done"}.get(self.outcome, self.outcome)

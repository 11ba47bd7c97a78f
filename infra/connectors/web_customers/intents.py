"""What a journal says of one record, before it is sent and after: for systems that keep no journal of their own.

An entry is an outcome, or an intent: what was about to be sent. The intent says where to look, and by a hash what
would then be there, so that it can be settled by whoever reads it later, also after a process was killed.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from schemas.domain import CREATED_AS

RECALLED = {"written": "done", "done": "unchanged"}
"""What an entry means to who reads it: what we wrote is done, and what was as wanted already is not ours."""
GONE = "gone"
"""In the place of a hash: the record would not be there."""


@dataclass(frozen=True, kw_only=True)
class Intent:
    """A write that was begun. *key* may be the name of a new record, which is looked for *at* an address.

    *columns* are those that count, *wanted* is the hash of what they would say.
    """

    key: str
    at: str
    columns: tuple[str, ...]
    wanted: str

    @property
    def creates(self) -> bool:
        """Whether it is a record that the system is to number."""
        return self.key.startswith(CREATED_AS)

    def entry(self) -> str:
        """Return the entry of a journal."""
        return json.dumps(asdict(self), ensure_ascii=False)

    def landed(self, now: Mapping[str, str] | None) -> bool:
        """Say whether *now*, what is there, is what was sent."""
        return self.wanted == fingerprint(now, self.columns)


def fingerprint(record: Mapping[str, str] | None, columns: Sequence[str]) -> str:
    """Return a hash of what a record says in *columns*."""
    if record is None:
        return GONE
    return hashlib.sha256(json.dumps([record[column] for column in columns]).encode()).hexdigest()


def intent_of(entry: str) -> Intent | None:
    """Return the intent that an entry is; None where it is an outcome."""
    if not entry.startswith("{"):
        return None
    fields = json.loads(entry)
    return Intent(**fields | {"columns": tuple(fields["columns"])})

"""Who is at a target, so that two runs do not change the same records at once."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Lease:
    """One run has a *place* (such as the orders of a target) to itself until then, unless it renews or gives it back.

    *process* says where it runs, so that one that was killed is known to be gone.
    """

    place: str
    run_id: str
    process: str
    expires_at: datetime

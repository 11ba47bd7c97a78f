"""Faults of our own: the full traceback goes to storage, everyone else gets its id.

A traceback may quote rows, so it is an artifact and never a log line.
"""

import traceback
import uuid

from infra.context import storage
from schemas.problems import Problem


def record_incident(error: Exception) -> str:
    """Store the traceback of *error* and return what may be said of it in public."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} in {where.name} (line {where.lineno})"
    key = f"incidents/{uuid.uuid4().hex[:12]}.txt"
    try:
        storage().put(key, "".join(traceback.format_exception(error)).encode())
    except Problem:
        return f"A fault in Counterfoil: {place}. The details could not be stored. Nothing more was done."
    return f"A fault in Counterfoil: {place}. Nothing more was done; send {key} to whoever looks after Counterfoil."

"""Headings that a shop saved under a name, as they lie in the bucket: ``headings/<dialect>/<name>.json``."""

import json
from collections.abc import Mapping

from infra.opening import storage
from infra.storage import safe_key
from schemas.problems import FileNeedsFixing


def save_headings(dialect: str, name: str, learnt: Mapping[str, str]) -> None:
    """Save heading -> column name, in place of what had that name before."""
    storage().put(_key(dialect, name), json.dumps(learnt, indent=1, ensure_ascii=False).encode())


def load_headings(dialect: str, name: str) -> dict[str, str]:
    """Return what was saved.

    Raises:
        FileNeedsFixing: Nothing was saved under that name.
    """
    key = _key(dialect, name)
    if storage().head(key) is None:
        raise FileNeedsFixing(f"No headings are saved as {name!r}. Save them: counterfoil headings FILE --save {name}")
    loaded: dict[str, str] = json.loads(storage().get(key))
    return loaded


def _key(dialect: str, name: str) -> str:
    return safe_key(f"headings/{dialect}/{name}.json")

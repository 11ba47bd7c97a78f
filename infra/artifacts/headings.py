"""Headings that a shop saved under a name, as they lie in the bucket: ``headings/<dialect>/<name>.json``."""

import json
from collections.abc import Mapping, Sequence

from infra.context import storage
from schemas.problems import FileNeedsFixing, SettingsNeedFixing
from tasks.core.reading.inbox_keys import safe_key


def save_headings(dialect: str, name: str, learnt: Mapping[str, str]) -> None:
    """Save heading -> column name, in place of what had that name before."""
    storage().put(_key(dialect, name), json.dumps(learnt, indent=1, ensure_ascii=False).encode())


def load_headings(dialects: Sequence[str], name: str) -> dict[str, dict[str, str]]:
    """Return, for each of *dialects* that has them, the headings that were saved under a name.

    Raises:
        FileNeedsFixing: Nothing was saved under that name.
    """
    saved = {dialect: _key(dialect, name) for dialect in dialects if storage().head(_key(dialect, name))}
    if not saved:
        raise FileNeedsFixing(f"No headings are saved as {name!r}. Save them: counterfoil headings FILE --save {name}")
    return {dialect: json.loads(storage().get(key)) for dialect, key in saved.items()}


def load_headings_of_setting(dialects: Sequence[str], name: str, setting: str) -> dict[str, dict[str, str]]:
    """Return the headings that a setting names.

    Raises:
        SettingsNeedFixing: Nothing was saved under that name.
    """
    try:
        return load_headings(dialects, name)
    except FileNeedsFixing as problem:
        raise SettingsNeedFixing(f"{setting}: {problem.says}") from None


def _key(dialect: str, name: str) -> str:
    return safe_key(f"headings/{dialect}/{name}.json")

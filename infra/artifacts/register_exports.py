"""Exports of registers of systems that we cannot ask, as people drop them: ``inbox/registers/<dialect>/``.

The newest counts. What stands in them is for the connector to say.
"""

from pathlib import PurePosixPath

from infra.context import storage
from schemas.register_exports import Export, folder_of


def newest_export(dialect: str) -> Export | None:
    """Return the export that was dropped last, None where there is none."""
    found = max(storage().list(folder_of(dialect)), key=lambda info: (info.last_modified_at, info.key), default=None)
    if found is None:
        return None
    return Export(name=found.key, content=storage().get(found.key), stored_at=found.last_modified_at)


def keep_export(dialect: str, export: Export) -> None:
    """Put an export that came another way among the others, as the newest."""
    storage().put(folder_of(dialect) + PurePosixPath(export.name).name, export.content)

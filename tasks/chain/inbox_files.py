"""Files of an inbox folder that one run takes in together: the named ones, else every one that no run took in yet."""

from collections.abc import Iterable, Sequence

from infra.artifacts.run_files import INBOX
from infra.clock import now
from infra.context import ledger, storage
from infra.storage import ObjectInfo
from schemas.inbox import Taken
from schemas.problems import FileNeedsFixing
from tasks.chain.extract import inbox_path


def files_to_take(folder: str, keys: Sequence[str]) -> list[ObjectInfo]:
    """List the files, oldest first.

    Raises:
        FileNeedsFixing: One that was named is not there.
    """
    wanted = files_named(keys) if keys else _new_files(folder)
    return sorted(wanted, key=lambda info: (info.last_modified_at, info.key))


def files_named(keys: Sequence[str]) -> list[ObjectInfo]:
    """List the files of these names.

    Raises:
        FileNeedsFixing: One is not there.
    """
    return [_named(key) for key in keys]


def mark_taken(files: Iterable[Taken]) -> None:
    """Remember files as taken in, once a run has entered what they say."""
    for file in files:
        ledger().mark_seen(file.key, file.etag, now())


def _named(key: str) -> ObjectInfo:
    found = storage().head(inbox_path(key))
    if found is None:
        raise FileNeedsFixing(f"{inbox_path(key)}: there is no such file. Drop it there and run again.")
    return found


def _new_files(folder: str) -> list[ObjectInfo]:
    found = [info for info in storage().list(f"{INBOX}/{folder}/") if info.size_bytes]
    return [info for info in found if not ledger().was_seen(info.key, info.etag)]

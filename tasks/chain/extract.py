"""Take the file out of the inbox; nothing later looks there again."""

from pathlib import PurePosixPath

from infra.artifacts.run_files import INBOX, cache_for_next_step, save_copy
from infra.clock import now
from infra.context import ledger, settings, storage
from schemas import file_names
from schemas.problems import FileNeedsFixing
from schemas.records import Batch, Run
from tasks.chain.step import step
from tasks.core.reading.inbox_keys import safe_key


@step
def extract(run: Run) -> Batch:
    """Store the bytes of the inbox file as they arrived.

    Raises:
        FileNeedsFixing: There is no such file in the inbox, or it is too large.
    """
    key = inbox_path(run.source)
    batch = take_in(run, key)
    if run.mode != "preview":
        ledger().mark_seen(key, batch.etag, now())  # what was imported by hand, or restored, is not imported by night
    return batch


def take_in(run: Run, key: str) -> Batch:
    """Store the bytes under *key* as the run's source.

    Raises:
        FileNeedsFixing: There is no such file, or it is too large.
    """
    found = storage().head(key)
    if found is None:
        raise FileNeedsFixing(f"{key}: there is no such file. Drop it there and run again.")
    if found.size_bytes > settings().max_file_bytes:
        raise FileNeedsFixing(
            f"{key}: {found.size_bytes:,} bytes, more than the {settings().max_file_bytes:,} allowed. Split the file."
        )
    content = storage().get(key)
    name = file_names.ending_in(file_names.SOURCE, PurePosixPath(key).suffix)
    source = save_copy(run.run_id, name, found, content)
    cache_for_next_step(source, content)
    return Batch(source=source, etag=found.etag)


def inbox_path(source: str) -> str:
    """Return the key of an inbox file that a person named, with or without the leading ``inbox/``.

    Raises:
        FileNeedsFixing: The name could lead out of the inbox.
    """
    return safe_key(source if source.startswith(f"{INBOX}/") else f"{INBOX}/{source}")

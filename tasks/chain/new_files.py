"""What is new in the inbox. A file is remembered by name and content, so that it is imported once."""

from dataclasses import dataclass

from infra.artifacts.run_files import INBOX
from infra.clock import now
from infra.context import ledger, storage
from tasks.chain.step import step


@dataclass(frozen=True, kw_only=True)
class InboxFile:
    """A file in the inbox, in one state of its content."""

    domain: str
    key: str
    etag: str


@step
def list_new_files(domain: str) -> list[InboxFile]:
    """List the files of a domain's inbox that were not handed to an import before, oldest first."""
    found = sorted(storage().list(f"{INBOX}/{domain}/"), key=lambda info: info.last_modified_at)
    files = [InboxFile(domain=domain, key=info.key, etag=info.etag) for info in found if info.size_bytes]
    return [file for file in files if not ledger().was_seen(file.key, file.etag)]


@step
def mark_seen(file: InboxFile) -> None:
    """Remember that a file was handed to an import."""
    ledger().mark_seen(file.key, file.etag, now())

"""The suppression list: a file in the inbox that people can open, correct and replace."""

from infra.artifacts.run_files import INBOX
from infra.context import storage
from schemas.invitations import INVITATIONS, SUPPRESSIONS

SUPPRESSIONS_KEY = f"{INBOX}/{INVITATIONS}/{SUPPRESSIONS}"


def load_suppressions() -> bytes:
    """Return the list as it stands; empty where there is none."""
    return storage().get(SUPPRESSIONS_KEY) if storage().head(SUPPRESSIONS_KEY) else b""


def save_suppressions(listed: bytes) -> None:
    """Put the list in the place of the one before."""
    storage().put(SUPPRESSIONS_KEY, listed)

"""The command that adds people to the suppression list: quick, because it needs no Prefect."""

from pathlib import Path

from cli.answers import Answer
from infra.context import settings
from infra.mail.suppressions import SUPPRESSIONS_KEY, load_suppressions, save_suppressions
from infra.systems import open_systems
from tasks.core.invitations.addresses import add_suppressions, read_suppressions


@open_systems("storage")
def suppress(source: str) -> Answer:
    """Never mail an address again.

    Args:
        source: The address, or a file with one a line. Who is on the list already stays there once.

    Raises:
        FileNeedsFixing: It is neither an address nor a file of addresses.
    """
    there = load_suppressions()
    path = Path(source)
    content = path.read_bytes() if path.is_file() else source.encode()
    listed = add_suppressions(there, content, name=path.name, code_page=settings().code_page)
    added = _count(listed) - _count(there)
    save_suppressions(listed)
    text = f"{added} added; addresses never mailed: {_count(listed)} ({SUPPRESSIONS_KEY})."
    return {"added": added, "suppressed": _count(listed), "key": SUPPRESSIONS_KEY}, text, 0


def _count(listed: bytes) -> int:
    return len(read_suppressions(listed, name=SUPPRESSIONS_KEY, code_page=settings().code_page))

"""How files get into the inbox: by a command, for people with no other way into the store, or by an import of one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cli.answers import Answer
from cli.options import FILES
from infra.artifacts.run_files import INBOX, by_hand_key
from infra.context import settings, storage
from infra.systems import open_systems
from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from schemas.inbox_folders import INBOX_FOLDERS
from schemas.loyalty.actions import LOYALTY_DECISIONS
from schemas.loyalty.pos_sales import LOYALTY_SALES
from schemas.problems import FileNeedsFixing
from tasks.core.reading.inbox_keys import safe_key

DRAFTS = "drafts"
FOLDERS = (
    *INBOX_FOLDERS,
    "mappings",
    *(f"registers/{dialect.name}" for dialect in (TIXLY, LIGHTSPEED_ECOM)),
    DRAFTS,
)
"""What something looks into, and one that nothing does: for files that a person names when a run is started."""

OTHER_FOLDERS: Mapping[str, str] = {
    "sales_keys": LOYALTY_SALES,
    "resolve_loyalty_failures.inbox_keys": LOYALTY_DECISIONS,
}
"""Folders of the inbox that are not called as the domain of the flow is."""


@open_systems()
def put(folder: str, files: tuple[Path, ...]) -> Answer:
    """Put FILES into a FOLDER of the inbox, under their own names.

    What lies in drafts is taken in by nothing but a run that names it.

    Args:
        folder: That of an import, as counterfoil run calls it; or loyalty-decisions, loyalty-sales, invitations,
            mappings, registers/tixly, registers/lightspeed_ecom or drafts.
        files: Files of this machine.

    Raises:
        FileNeedsFixing: There is no such folder, or one of the files cannot lie in it; then none does.
    """
    if folder not in FOLDERS:
        raise FileNeedsFixing(f"The folder {folder!r} is not one of {', '.join(map(repr, FOLDERS))}.")
    keys = [_key(folder, file) for file in files]
    if len(set(keys)) < len(keys):
        raise FileNeedsFixing("Two of these files have the same name. Nothing was put into the inbox; rename one.")
    with open_systems("storage"):
        before = [key for key in keys if storage().head(key)]
        for key, file in zip(keys, files, strict=True):
            storage().put(key, file.read_bytes())
    lines = [f"{key}{' (in place of the one before)' if key in before else ''}" for key in keys]
    return {"keys": keys, "replaced": before}, "\n".join(["In the inbox:", *lines]), 0


def _key(folder: str, file: Path) -> str:
    """Say where a file will lie.

    Raises:
        FileNeedsFixing: There is no such file, it is too large, or its name cannot be one in the inbox.
    """
    if not file.is_file():
        raise FileNeedsFixing(f"{file}: there is no such file. Nothing was put into the inbox.")
    _refuse_large(file)
    return safe_key(f"{INBOX}/{folder}/{file.name}")


def files_in_inbox(flow: str, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Put the files that were typed for a flow where its domain looks for them; return their keys by parameter."""
    return {name: _put_all(folder_of(flow, name), typed[name]) for name in FILES & typed.keys()}


def folder_of(flow: str, parameter: str) -> str:
    """Name the folder for the files of a parameter: that of the domain whose flow it is, as a rule."""
    module, name = flow.split(".")[-2:]
    return OTHER_FOLDERS.get(f"{name}.{parameter}", OTHER_FOLDERS.get(parameter, module.replace("_", "-")))


def _put_all(folder: str, files: str | Sequence[str]) -> str | list[str]:
    if isinstance(files, str):
        return put_in_inbox(folder, files)
    return [put_in_inbox(folder, file) for file in files]


def put_in_inbox(folder: str, file: str) -> str:
    """Put a local file in the inbox under its own name; a name that is no local file must be there already, or empty.

    Raises:
        FileNeedsFixing: It is too large, or a path at which there is no file.
    """
    path = Path(file)
    if not path.is_file() and (path.is_absolute() or file.startswith(".")):
        raise FileNeedsFixing(f"{file}: there is no such file, and a path cannot be the name of a file in the inbox.")
    if not path.is_file():
        return file
    _refuse_large(path)
    key = by_hand_key(folder, path.name)
    storage().put(key, path.read_bytes())
    return key


def _refuse_large(file: Path) -> None:
    if file.stat().st_size > settings().max_file_bytes:
        raise FileNeedsFixing(f"{file.name}: larger than the {settings().max_file_bytes:,} bytes allowed. Split it.")

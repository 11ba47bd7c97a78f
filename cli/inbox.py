"""The command that puts files into the inbox, for people who have no other way into the store."""

from pathlib import Path
from typing import Any

import click

from cli.answers import answered
from infra.artifacts.run_files import INBOX
from infra.settings import settings
from infra.storage import safe_key
from infra.systems import prepare, storage
from schemas.customers import LIGHTSPEED_ECOM, TIXLY
from schemas.domains import DOMAINS
from schemas.invitations import INVITATIONS
from schemas.loyalty.actions import LOYALTY_DECISIONS
from schemas.loyalty.pos_sales import LOYALTY_SALES
from schemas.loyalty.reports import LOYALTY
from schemas.problems import FileNeedsFixing

DRAFTS = "drafts"
FOLDERS = (
    *(name for name, domain in DOMAINS.items() if domain.dialects),
    *(LOYALTY, LOYALTY_DECISIONS, LOYALTY_SALES, INVITATIONS, "mappings"),
    *(f"registers/{dialect.name}" for dialect in (TIXLY, LIGHTSPEED_ECOM)),
    DRAFTS,
)
"""What something looks into, and one that nothing does: for files that a person names when a run is started."""


@click.command("put")
@click.argument("folder", type=click.Choice(FOLDERS), metavar="FOLDER")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@answered
def put(folder: str, files: tuple[Path, ...]) -> tuple[dict[str, Any], str, int]:
    """Put FILES into a FOLDER of the inbox, under their own names: gift-cards, customers, orders, stock, loyalty,
    loyalty-decisions, loyalty-sales, invitations, mappings, registers/tixly, registers/lightspeed_ecom. What lies in
    drafts is taken in by nothing but a run that names it.
    """
    keys = [_key(folder, file) for file in files]
    if len(set(keys)) < len(keys):
        raise FileNeedsFixing("Two of these files have the same name. Nothing was put into the inbox; rename one.")
    prepare("storage")
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
    if file.stat().st_size > settings().max_file_bytes:
        raise FileNeedsFixing(f"{file.name}: larger than the {settings().max_file_bytes:,} bytes allowed. Split it.")
    return safe_key(f"{INBOX}/{folder}/{file.name}")

"""Commands about the audit trail: who did what."""

from cli.answers import Answer
from infra.context import shared_ledger
from infra.ledger.audit import AuditBook, first_broken
from infra.systems import open_installation
from schemas.problems import Refused
from tasks.core.wording.words import counted


@open_installation()
def verify() -> Answer:
    """Recompute the hash of every entry of the audit trail; note the last one elsewhere to prove it later.

    Raises:
        Refused: An entry is missing, or is not what was entered.
    """
    held, broken, last = first_broken(AuditBook(shared_ledger().engine).entries())
    if broken:
        raise Refused(
            f"The audit trail was changed: entry {held + 1} is not what was entered on {broken.at:%Y-%m-%d %H:%M} UTC, "
            f"or the one before it is missing. {counted(held, 'entry')} before it hold. Bring back the backup."
        )
    text = f"{counted(held, 'entry')} of the audit trail hold. The last hash is {last}."
    return {"entries": held, "last_sha256": last, "intact": True}, text, 0


@open_installation()
def show(*, about: str = "") -> Answer:
    """List who did what, oldest first.

    Args:
        about: A run, or a file, that it was done to; all by default.
    """
    entries = tuple(AuditBook(shared_ledger().engine).entries(about=about))
    lines = [
        f"{e.number:>6}  {e.at:%Y-%m-%d %H:%M:%S}  {e.person:<20} {e.action:<16} {e.about} {e.detail} {e.shop}".rstrip()
        for e in entries
    ]
    documents = [
        {"number": e.number, "at": e.at.isoformat(), "person": e.person, "shop": e.shop, "action": e.action}
        | {"about": e.about, "detail": e.detail, "sha256": e.sha256}
        for e in entries
    ]
    return {"entries": documents}, "\n".join(lines) or "Nothing was done yet.", 0

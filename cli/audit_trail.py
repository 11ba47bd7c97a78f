"""What is done at a terminal, in the audit trail: by whoever is signed in to this machine, whatever name they give."""

import getpass

from infra.clock import now
from infra.context import settings, shared_ledger
from infra.ledger.audit import AuditBook
from schemas.people import AT_TERMINAL, Action


def enter(action: Action, about: str, *, shop: str | None = None, detail: str = "") -> None:
    """Add what whoever types did, in the shop of this process unless another is named."""
    who, where = f"{getpass.getuser()} {AT_TERMINAL}", settings().shop if shop is None else shop
    AuditBook(shared_ledger().engine).enter(action, person=who, now=now(), shop=where, about=about, detail=detail)

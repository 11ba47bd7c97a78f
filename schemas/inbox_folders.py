"""All folders of the inbox whose files are read by row models: those of the domains, and of what changes no records."""

from collections.abc import Mapping
from types import MappingProxyType

from schemas.domains import DOMAINS
from schemas.inbox import InboxFolder
from schemas.invitations import INVITATIONS, PEOPLE, Invitees
from schemas.loyalty.actions import LOYALTY_DECISIONS
from schemas.loyalty.failures import Failures
from schemas.loyalty.pos_sales import LOYALTY_SALES, POS_SALES, PosSales
from schemas.loyalty.reports import LOYALTY, REPORT_DIALECTS, WORKLIST, Decided

_OF_DOMAINS = (
    InboxFolder(name=domain.name, title=domain.title, dialects=domain.dialects, rows=domain.rows)
    for domain in DOMAINS.values()
    if domain.dialects
)
_ALL = (
    *_OF_DOMAINS,
    InboxFolder(name=LOYALTY, title="Loyalty failures", dialects=tuple(REPORT_DIALECTS.values()), rows=(Failures,)),
    InboxFolder(
        name=LOYALTY_DECISIONS, title="Decisions about loyalty failures", dialects=(WORKLIST,), rows=(Decided,)
    ),
    InboxFolder(name=LOYALTY_SALES, title="Sales of a point of sale", dialects=(POS_SALES,), rows=(PosSales,)),
    InboxFolder(name=INVITATIONS, title="People to invite", dialects=(PEOPLE,), rows=(Invitees,)),
)
INBOX_FOLDERS: Mapping[str, InboxFolder] = MappingProxyType({folder.name: folder for folder in _ALL})

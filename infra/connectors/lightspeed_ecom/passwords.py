"""Lightspeed eCom's own mail about a password, asked for by ``doNotifyPassword``: that it sends one then is assumed.

The one write that asks for a mail. It is never repeated: what became of one without an answer nobody can know.
"""

from infra.connectors.lightspeed_ecom.api import EcomApi
from infra.connectors.lightspeed_ecom.records import SILENT
from schemas.mail import Delivery
from schemas.problems import Declined, Refused, Unanswered

_CALLS = 2


class EcomPasswords:
    """The shop that mails."""

    def __init__(self, api: EcomApi) -> None:
        self._api = api

    def ask(self, email: str) -> Delivery:
        """Have the customer with this address mailed, who must be the only one.

        Raises:
            Unavailable: No answer, and certainly no mail.
            BudgetSpent: Not now.
            Refused: eCom cannot tell who has an address.
        """
        self._api.budget.expect(_CALLS)
        found = self._api.some("customers", {"email": email})
        if any(str(row.get("email")).lower() != email.lower() for row in found):
            raise Refused("Lightspeed eCom does not find customers by their address. Nobody was mailed.")
        if len(found) != 1:
            return Delivery(outcome="refused", code=f"eCom has {len(found)}")
        try:
            self._api.update("customers", "customer", str(found[0]["id"]), {**SILENT, "doNotifyPassword": True})
        except Unanswered:
            return Delivery(outcome="unknown")
        except Declined as no:
            return Delivery(outcome="refused", code=f"eCom {no.status}")
        return Delivery(outcome="sent")

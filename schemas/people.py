"""People who use the desk, what they may do, and what is written down of what they did.

How somebody proves who they are does not belong here.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

from schemas.notifications import USUAL_KINDS, NotificationKind
from schemas.tables import Language

Role = Literal["submit", "approve", "undo", "look", "people"]
ROLES: tuple[Role, ...] = get_args(Role)
"""submit: start runs. approve: decide about plans. undo: put back what a run did. look: see runs and their files.
people: say what others may do."""

SECOND_PAIR_OF_EYES: frozenset[Role] = frozenset({"approve", "undo", "people"})
"""Roles that let somebody be the second of two people, or make somebody so: who gives one is seen by others."""

ACTING: tuple[Role, ...] = ("submit", "approve", "undo")
"""Roles that let somebody have a part in a run."""

SignedInBy = Literal["password", "link", "passkey", "provider"]

Action = Literal[
    "signed_in",
    "signed_out",
    "sign_in_refused",
    "set_password",
    "password_refused",
    "account_made",
    "set_email",
    "roles_given",
    "roles_taken",
    "account_ended",
    "link_made",
    "identity_linked",
    "passkey_added",
    "passkey_removed",
    "passkey_refused",
    "submitted",
    "looked",
    "confirmed",
    "cancelled",
    "approved",
    "turned_down",
    "approval_refused",
    "took_back",
    "applied",
    "undid",
    "downloaded",
    "dropped",
    "switched_on",
    "switched_off",
]


BY_PROVIDER = "identity provider"
"""Who does what follows from what the provider of identities says, in the audit trail."""
AT_TERMINAL, IN_PREFECT, AT_START = "(terminal)", "(in Prefect)", "(named at the start)"
"""What stands behind a name in the audit trail that somebody gave, and nobody proved."""


def is_free(name: str) -> bool:
    """Say whether an account may be called so, and is not taken in the audit trail for who is none."""
    return bool(name) and name != BY_PROVIDER and not name.endswith((AT_TERMINAL, IN_PREFECT, AT_START))


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody with an account. ``roles`` are by shop; that of an installation with one shop is called ''.

    ``language`` is the one that they chose; None where their browser chooses. ``mailed_about`` is what they
    are mailed, to ``email``; nothing while that is empty.
    """

    person_id: str
    name: str
    roles: dict[str, frozenset[Role]] = field(default_factory=dict)
    language: Language | None = None
    email: str = field(default="", repr=False)
    mailed_about: tuple[NotificationKind, ...] = USUAL_KINDS

    def may(self, role: Role, shop: str) -> bool:
        """Say whether they have a role in a shop; whoever has any may look."""
        held = self.roles.get(shop, frozenset())
        return role in held or (role == "look" and bool(held))

    def may_act(self, shop: str) -> bool:
        """Say whether they may do more in a shop than look: whoever stops something harms nobody."""
        return any(self.may(role, shop) for role in ACTING)

    @property
    def shops(self) -> tuple[str, ...]:
        """The shops that they may look into."""
        return tuple(sorted(shop for shop, held in self.roles.items() if held))


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Who signed in to a session, when and by which way; of sessions of earlier versions only who."""

    person_id: str
    at: datetime | None
    by: SignedInBy | None


@dataclass(frozen=True, kw_only=True)
class AuditEntry:
    """One thing that somebody did. *about* is a run, a plan or a file's name; *detail* says more, never a value."""

    number: int
    at: datetime
    person: str
    shop: str
    action: Action
    about: str
    detail: str
    previous_sha256: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """A run that was asked for at the desk. *follows* is the run whose preview it carries out or undoes, if any."""

    run_id: str
    flow_run_id: str
    deployment: str
    parameters: dict[str, Any]
    person: str
    follows: str
    asked_at: datetime

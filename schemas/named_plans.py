"""A plan that a run is started with, because someone looked at it. What is decided about plans is in records."""

from dataclasses import dataclass

_WITH = ":"


@dataclass(frozen=True, kw_only=True)
class NamedPlan:
    """The plan that a run was started with, and who found it right and why; empty where nothing was said.

    ``plan_id`` may say behind a colon which concerns were seen beside it, by their digest.
    """

    plan_id: str = ""
    approver: str = ""
    reason: str = ""

    @property
    def only_id(self) -> str:
        """The id alone."""
        return self.plan_id.partition(_WITH)[0]

    @property
    def concerns(self) -> str:
        """The digest of the concerns that were seen; empty where it was not said which."""
        return self.plan_id.partition(_WITH)[2].strip()


def seen_with(plan_id: str, concerns: str) -> str:
    """Name a plan together with the digest of the concerns that were seen beside it."""
    return f"{plan_id}{_WITH}{concerns}"

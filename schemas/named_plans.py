"""A plan that a run is started with, because someone looked at it. What is decided about plans is in records."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NamedPlan:
    """The plan that a run was started with, and who found it right and why; empty where nothing was said."""

    plan_id: str = ""
    approver: str = ""
    reason: str = ""

"""Two plans of one run: about records, and about those that they refer to."""

from collections.abc import Mapping
from dataclasses import replace

from schemas.records import Plan, Verification


def in_order(plan: Plan, dependent: Plan | None) -> tuple[Plan, ...]:
    """Say what comes first: records are made before others refer to them, and go after these let go of them."""
    if dependent is None:
        return (plan,)
    return (plan, dependent) if dependent.counts.removed else (dependent, plan)


def joined(verifications: Mapping[str, Verification], domain: str) -> Verification:
    """Add to the verification of *domain* what was found wrong with the records beside."""
    others = [each for name, each in verifications.items() if name != domain]
    own = verifications[domain]
    return replace(own, discrepancies=own.discrepancies + sum((each.discrepancies for each in others), ()))

"""What the settings ask of an approval."""

from collections.abc import Sequence

from infra.context import settings
from schemas.approval_policy import Demands
from schemas.tables import Concern
from tasks.core.planning.limits import SECOND_PERSON


def demands_of(concerns: Sequence[Concern]) -> Demands:
    """Return what an approval of a plan with these concerns takes in this shop."""
    so_much = any(concern.code == SECOND_PERSON for concern in concerns)
    return Demands(four_eyes=settings().approver_must_differ or so_much, proof=settings().approval_proof)

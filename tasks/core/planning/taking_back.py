"""Whether the approval of a plan can be taken back: until a run goes by it, whoever approved in error may."""

from collections.abc import Sequence


def why_not_back(plan_id: str, *, is_carried_out: bool, claimed_by: Sequence[str]) -> str:
    """Say why the approval of a plan cannot be taken back; empty where it can.

    *claimed_by* names, for each approval that counts, the run that goes by it: '' while none does.
    """
    if is_carried_out:
        return f"Plan {plan_id} was carried out already. To put it back, undo the run that did."
    if not claimed_by:
        return f"No approval of plan {plan_id} counts any more: there is none to take back. Look at the page again."
    run_id = next(filter(None, claimed_by), "")
    if run_id:
        return (
            f"Plan {plan_id} is being carried out already, by run {run_id}, so its approval cannot be taken back. "
            "Once that run has ended, undo it."
        )
    return ""

"""Whether the clocks of others go as ours does: signatures, links and what changed since hang on that."""

from datetime import datetime, timedelta

from infra.clock import now
from infra.health.checks import Attention
from tasks.core.wording.durations import duration_text

_MAY_DIFFER = timedelta(minutes=2)


def compare_clocks(theirs: datetime) -> str:
    """Say by how much another's clock differs from ours.

    Raises:
        Attention: By so much that signed requests may be refused.
    """
    behind = now() - theirs
    apart = duration_text(round(abs(behind).total_seconds()))
    if abs(behind) <= _MAY_DIFFER:
        return f"its clock and this machine's differ by {apart}"
    raise Attention(
        f"its clock is {apart} {'behind' if behind > timedelta(0) else 'ahead of'} this machine's. Set the wrong one "
        "by a time server: signed requests and links may be refused."
    )

"""How many calls a system that counts them still takes."""

from infra.health.checks import Attention
from schemas.capabilities import CallWindow
from tasks.core.wording.durations import duration_text


def calls_left(windows: tuple[CallWindow, ...]) -> str:
    """Say how many calls are left in each window.

    Raises:
        Attention: In one of them none are.
    """
    each = [f"{one.left:,} of {one.calls:,} calls left in {duration_text(one.seconds)}" for one in windows]
    if not all(one.left for one in windows):
        raise Attention(f"it takes no more calls for now: {', '.join(each)}")
    return ", ".join(each)

"""How likely it is that chance alone made what is seen in a column."""

from math import exp, log


def chance_of(seen: int, among: int, share: float) -> float:
    """Bound the chance that *seen* or more *among* so many are of a kind that each is with probability *share*.

    Chernoff's bound: the chance is never more than this.
    """
    part = seen / among if among else 0.0
    if part <= share:
        return 1.0
    rest = (1 - part) * log((1 - part) / (1 - share)) if part < 1 else 0.0
    return exp(-among * (part * log(part / share) + rest))

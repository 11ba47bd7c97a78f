"""Concerns of one plan beside those of another, and the names by which people say which of them they saw."""

import hashlib
from collections.abc import Sequence

from schemas.tables import Concern


def concerns_since(now: Sequence[Concern], seen: Sequence[Concern]) -> tuple[Concern, ...]:
    """Return those of *now* that were not *seen*: how much they count may move, not what they are about."""
    known = {(concern.code, about) for concern in seen for about in concern.about or ("",)}
    return tuple(concern for concern in now if not known.issuperset((concern.code, a) for a in concern.about or ("",)))


def names_of(concerns: Sequence[Concern]) -> tuple[str, ...]:
    """Name concerns by what they are about, such as ``LIMIT_ADDED:EUR``: the same whatever they count."""
    return tuple(sorted({f"{concern.code}:{about}" for concern in concerns for about in concern.about or ("",)}))


def digest_of(concerns: Sequence[Concern]) -> str:
    """Return what stands for exactly these concerns beside the id of a plan."""
    return hashlib.sha256("\n".join(names_of(concerns)).encode()).hexdigest()[:12]

"""How the ids of a list are read so that whatever stays in it is seen, however the list moves meanwhile. Pure.

A list is sorted by id and asked for by place. What leaves it moves all that follow to the front. So each part
overlaps the one before: it must begin with an id that was seen already, or it is asked for from further back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

PER_PART = 100
_OVERLAP = 5


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where to read on, after the *last* id that was seen and the *end* of the part that it was in.

    ``far`` is how far was looked ahead in vain, 0 where that is not so. What is *unjoined* need not overlap.
    """

    offset: int = 0
    last: int = -1
    end: int = 0
    total: int | None = None
    far: int = 0
    unjoined: bool = False


def read_on(place: Place, ids: Sequence[int], total: int | None) -> Place | None:
    """Return where to read on after these *ids* came of *place*, None where the list has ended.

    *total* is how long the list is now, where the shop says so. What it cannot show it leaves out: a part with few
    ids is not the last, and where a whole part is left out nothing overlaps, and the place alone has to do.
    """
    total = place.total if total is None else total
    joined = not place.offset or place.unjoined or min(ids, default=place.last + 1) <= place.last
    if not joined:
        back = max(0, place.end - 2 * (place.end - place.offset))
        far = max(place.far, place.offset + PER_PART)
        return Place(offset=back, last=place.last, end=place.end, total=total, far=far)
    last, end = max([place.last, *ids]), place.offset + PER_PART
    withheld = last == place.last and len(ids) < PER_PART
    if withheld if total is None else end >= total:
        return None
    if withheld and place.far:
        return Place(offset=place.far, last=last, end=place.far, total=total, unjoined=True)
    return Place(offset=end - _OVERLAP, last=last, end=end, total=total)

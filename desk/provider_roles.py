"""What somebody may do at the desk, by the groups that an identity provider says they are in."""

from collections.abc import Collection, Mapping, Sequence
from typing import cast

from schemas.people import Role

_ALL = "*"


def roles_of(
    groups: Collection[str], granted: Mapping[str, Sequence[str]], shops: Collection[str]
) -> dict[str, frozenset[Role]]:
    """Return their roles by shop. Groups that the settings do not name, and shops that there are not, give none.

    A grant is a role in all shops (``*:look``), in a named one (``lyon:approve``), or, where there is one shop, in it.
    """
    held: dict[str, frozenset[Role]] = {}
    for grant in (each for group in sorted(groups) for each in granted.get(group, ())):
        shop, _, role = grant.rpartition(":")
        for each in shops if shop == _ALL else {shop} & set(shops):
            held[each] = held.get(each, frozenset()) | {cast(Role, role)}
    return held

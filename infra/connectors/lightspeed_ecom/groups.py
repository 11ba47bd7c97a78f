"""Who is in which group of customers: eCom keeps memberships apart from customers, each a thing of its own."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from infra.connectors.lightspeed_ecom.api import EcomApi
from infra.connectors.lightspeed_ecom.lists import Row
from schemas.customer_systems import GROUPS_JOINED_BY

GROUPS, MEMBERS = "groups", "groups/customers"


@dataclass(frozen=True, kw_only=True)
class Groups:
    """All groups by name, and the memberships of each customer: which group, under which id."""

    ids: dict[str, int]
    members: dict[str, dict[str, int]] = field(repr=False)

    def of(self, customer_id: str) -> str:
        """Return the names of a customer's groups as we hold them."""
        return GROUPS_JOINED_BY.join(sorted(self.members.get(customer_id, {})))

    def unknown(self, names: Iterable[str]) -> list[str]:
        """Return those of *names* that are no groups."""
        return [name for name in names if name not in self.ids]


def read_groups(api: EcomApi) -> Groups:
    """Return all groups and memberships as they are now; of groups with one name the first counts."""
    ids: dict[str, int] = {}
    names: dict[int, str] = {}
    for row in api.everything(GROUPS):
        name = str(row.get("title") or row.get("name") or "").strip()
        ids.setdefault(name, row["id"])
        names[row["id"]] = name
    members: dict[str, dict[str, int]] = defaultdict(dict)
    for row in api.everything(MEMBERS):
        group, customer = _reference(row, "group"), _reference(row, "customer")
        if group in names and customer is not None:
            members[str(customer)][names[group]] = row["id"]
    return Groups(ids=ids, members=dict(members))


def move(api: EcomApi, groups: Groups, customer_id: str, wanted: str) -> None:
    """Put a customer into the groups that *wanted* names, and out of all others."""
    held = groups.members.setdefault(customer_id, {})
    names = names_in(wanted)
    for name in [each for each in names if each not in held]:
        fields = {"group": groups.ids[name], "customer": int(customer_id)}
        held[name] = api.create(MEMBERS, "groupsCustomer", fields)["id"]
    for name in [each for each in held if each not in names]:
        api.delete(MEMBERS, str(held[name]))
        del held[name]


def names_in(text: str) -> list[str]:
    """Return the names that a text of groups holds."""
    return [name for name in text.split(GROUPS_JOINED_BY) if name]


def _reference(row: Row, name: str) -> int | None:
    """Return the id of a thing that another refers to: the id itself, or a thing with one, or with a link to one."""
    value = row.get(name)
    for _ in range(2):
        if isinstance(value, dict):
            value = value.get("id") or value.get("resource")
    return value if isinstance(value, int) and not isinstance(value, bool) else None

"""What the systems that shops have know of a customer: which of our columns they have no place for.

How a column is called there, and in which form, is the connector's business.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from schemas.customer_rows import CUSTOMER_COLUMNS

GROUPS_JOINED_BY = ", "
"""Between the names of groups, as we hold them."""


@dataclass(frozen=True, kw_only=True)
class System:
    """One system. *title* begins sentences.

    ``lacks`` are the columns it has no place for; ``joins`` names those of them that stand in another one there, in
    order (street and number). ``own`` are columns that it fills by itself. ``words`` are the only texts that it takes
    in a column, ``usual`` is what it makes of a blank one. ``needs`` are columns without which it takes nobody.
    Groups are names with ``groups_apart`` between them in a file.
    """

    title: str
    lacks: frozenset[str]
    joins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    usual: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ("email",)
    groups_apart: str = ","

    def missing(self, change: Mapping[str, str | None]) -> list[str]:
        """Name what a change leaves blank that the system needs; what was blank before is no matter of the change."""
        return [
            column
            for column in self.needs
            if not change[f"{column}_after"] and (change["kind"] == "create" or change[f"{column}_before"])
        ]

    @property
    def holds(self) -> tuple[str, ...]:
        """The columns it has a place for, in our order."""
        return tuple(column for column in CUSTOMER_COLUMNS if column not in self.lacks)


LIGHTSPEED_ECOM_SYSTEM = System(
    title="Lightspeed eCom",
    lacks=frozenset({"registered", "extra"}),
    own=frozenset({"registered"}),
    words={"gender": ("male", "female"), "customer_type": ("private", "company")},
    usual={"confirmed": "No", "customer_type": "private", "language": "en"},
    needs=("email", "first_name", "last_name"),
)

_NUMBERED = ("street", "house_number", "house_extension")
_JOINS: Mapping[str, tuple[str, ...]] = {
    "last_name": ("name_prefix", "last_name"),
    "street": _NUMBERED,
    "shipping_street": tuple(f"shipping_{column}" for column in _NUMBERED),
}
_UNJOINED = (*_NUMBERED[1:], *(f"shipping_{column}" for column in _NUMBERED[1:]))
"""What stands within the street."""

WOOCOMMERCE_SYSTEM = System(
    title="WooCommerce",
    lacks=frozenset(
        {
            *("name_prefix", "mobile", "born_on", "gender", "language", "customer_type", "company_number"),
            *("vat_number", "attention", "shipping_attention", "groups", "confirmed", "registered", "extra"),
            *_UNJOINED,
        }
    ),
    own=frozenset({"registered"}),
    joins=_JOINS,
)

LIGHTSPEED_X_SYSTEM = System(
    title="Lightspeed X-Series",
    lacks=frozenset(
        {
            *("name_prefix", "language", "customer_type", "company_number", "attention", "shipping_attention"),
            *("shipping_company", "groups", "confirmed", "registered", "extra"),
            *_UNJOINED,
        }
    ),
    own=frozenset({"registered"}),
    words={"gender": ("male", "female")},
    joins=_JOINS,
    needs=(),
)


def ecom_system(*, language: str, groups: bool, groups_apart: str) -> System:
    """Return Lightspeed eCom as a shop has it: whose language is *language*, and whether groups are written."""
    usual = {**LIGHTSPEED_ECOM_SYSTEM.usual, "language": language}
    lacks = LIGHTSPEED_ECOM_SYSTEM.lacks if groups else LIGHTSPEED_ECOM_SYSTEM.lacks | {"groups"}
    return replace(LIGHTSPEED_ECOM_SYSTEM, usual=usual, lacks=lacks, groups_apart=groups_apart)

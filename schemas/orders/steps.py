"""What the steps of a run that imports orders hand on, beside what every run hands on."""

from dataclasses import dataclass
from typing import Literal

from schemas.exhibits import Exhibit
from schemas.records import Artifact, Plan, Verification
from schemas.tables import Concern

MissingProducts = Literal["hold", "create", "map"]
"""What becomes of an order one of whose products the till does not have. hold: it waits. create: the product is
made. map: the product is looked up in the shop's own mapping; what is not in there waits."""

MAPPING = "inbox/mappings/orders.csv"
"""Where a shop keeps which product of the till stands for a SKU of its web shop."""


@dataclass(frozen=True, kw_only=True)
class Matched:
    """Lines of orders with their products (``tasks.core.orders.matching``), and the products to be made.

    Once the shop's catalogue was asked: what it says of products (WebProducts), and from where each field of those to
    be made is (``tasks.core.orders.catalogue_details``).
    """

    lines: Artifact
    wanted: Artifact
    origins: Artifact | None = None
    catalogue: Artifact | None = None
    concerns: tuple[Concern, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrderPlans:
    """The two plans of a run: products first, then sales. The id of the first stands in the options of the second.

    ``stock`` is what they do to it (``tasks.core.orders.stock``).
    """

    products: Plan
    sales: Plan
    stock: Artifact
    exhibits: tuple[Exhibit, ...]


@dataclass(frozen=True, kw_only=True)
class Booked:
    """What the read-back found of products, sales and stock, and the exhibits that prove it."""

    verification: Verification
    exhibits: tuple[Exhibit, ...]

"""What the steps of a run that imports orders hand on, beside what every run hands on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from schemas.records import Artifact, Plan, Verification
from schemas.report_tables import ReportTable
from schemas.tables import Concern

MissingProducts = Literal["hold", "create", "map"]
"""What becomes of an order one of whose products the till does not have. hold: it waits. create: the product is
made. map: the product is looked up in the shop's own mapping; what is not in there waits."""

MAPPING = "inbox/mappings/orders.csv"
"""Where a shop keeps which product of the till stands for a SKU of its web shop."""


CORRECTIONS = pl.Schema(
    dict.fromkeys(("order_key", "line", "source_product_id", "source_variation_id", "sku", "new_sku"), pl.String)
)
"""What a file says of lines, by the columns by which they are found; texts that say nothing are empty."""


@dataclass(frozen=True, kw_only=True)
class PaymentTypes:
    """Which payment type of a till an order is paid with: ids, by the shop's words for a payment in small letters.

    ``others`` is that of all payment methods that are not named; ``names`` are what the till calls its types, by id.
    """

    by_method: Mapping[str, str]
    others: str
    names: Mapping[str, str]


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
    report_tables: tuple[ReportTable, ...]


@dataclass(frozen=True, kw_only=True)
class Booked:
    """What the read-back found of products, sales and stock, and the report tables that prove it."""

    verification: Verification
    report_tables: tuple[ReportTable, ...]

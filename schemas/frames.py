"""The columns of every frame that steps of orders, loyalty and invitations store for each other, by its file.

What a target holds, changes of it and findings have the columns of their domain, and are declared there.
"""

from collections.abc import Mapping
from types import MappingProxyType

import polars as pl

from schemas import file_names as files
from schemas.columns import shape_of
from schemas.invitations import Invitees
from schemas.loyalty.actions import WANTED
from schemas.loyalty.failures import Failures
from schemas.loyalty.records import Diagnoses, Evidence, FailureStates
from schemas.loyalty.witnesses import ITEMS, PARSED_SALES, SALES, SOLD_ITEMS
from schemas.orders.pages import PAGES
from schemas.orders.records import OrderLines, Orders
from schemas.orders.steps import CORRECTIONS
from schemas.stock import Levels, Products
from schemas.web_shop import WebProducts


def _texts(*names: str) -> dict[str, pl.DataType]:
    return dict.fromkeys(names, pl.String())


def _numbers(*names: str) -> dict[str, pl.DataType]:
    return dict.fromkeys(names, pl.Int64())


_ORDERS: Mapping[files.FileName, Mapping[str, pl.DataType]] = {
    files.PAGES: PAGES,
    files.ORDERS: shape_of(Orders),
    files.LINES: shape_of(OrderLines),
    files.CORRECTIONS: CORRECTIONS,
    files.PRODUCTS: shape_of(Products),
    files.LEVELS: shape_of(Levels),
    files.MATCHED: {**shape_of(OrderLines), "told": pl.Boolean(), **_texts("product_id", "code", "detail")},
    files.WANTED_PRODUCTS: shape_of(Products),
    files.WANTED_DESCRIBED: shape_of(Products),
    files.WANTED_ORIGINS: _texts("product_id", "from_catalogue", "from_line"),
    files.CATALOGUE: shape_of(WebProducts),
    files.STOCK_EFFECT: {
        **_texts("sku", "name", "product_id", "outlet_id"),
        **_numbers("before_milli", "sold_milli", "compensated_milli", "after_milli"),
        "negative": pl.Boolean(),
    },
    files.HELD_ORDERS: _texts("order_id"),
}
_LOYALTY: Mapping[files.FileName, Mapping[str, pl.DataType]] = {
    files.FAILURES: {**shape_of(Failures), "told_on": pl.Date(), "slice": pl.Int64()},
    files.CAME_BACK: {**_numbers("place", "from_line"), **_texts("from_run", "kind", "dropped")},
    files.REMEMBERED: shape_of(FailureStates),
    files.OPEN: shape_of(FailureStates),
    files.DECIDED_ABOUT: shape_of(FailureStates),
    files.DAY: {**_texts("failure_key", "change"), **_numbers("warned_days")},
    files.NAMES: _texts("failure_key", "customer_name", "customer_link"),
    files.PARSED_SALES_LINES: PARSED_SALES,
    files.SALES: SALES,
    files.SOLD_DAYS: {"day": pl.Date()},
    files.SOLD_ITEMS: SOLD_ITEMS,
    files.TAKEN_FOR_FREE: _texts("customer_id", "upc"),
    files.ITEMS: ITEMS,
    files.EVIDENCE: shape_of(Evidence),
    files.DIAGNOSES: shape_of(Diagnoses),
    files.CAUSES: {
        **_texts("section", "failure_class", "cause", "says"),
        **_numbers("failures", "customers", "at_risk_cents", "unknown", "days_left"),
        **_texts("who", "currency"),
    },
    files.WANTED: WANTED,
    files.DECISIONS: _texts("failure_key", "decision", "note", "outcome", "status", "doubt"),
}
_INVITATIONS: Mapping[files.FileName, Mapping[str, pl.DataType]] = {
    files.INVITEES: shape_of(Invitees),
    files.PEOPLE: {**shape_of(Invitees), "suppressed": pl.Boolean(), **_texts("outcome", "code")},
}
FRAMES: Mapping[files.FileName, Mapping[str, pl.DataType]] = MappingProxyType({**_ORDERS, **_LOYALTY, **_INVITATIONS})

"""What the README says of every target is what its connector promises."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest

from infra.connectors.astro.target import Astro
from infra.connectors.customer_files import CustomerFiles
from infra.connectors.lightspeed.x_upload import LightspeedXCsv
from infra.connectors.lightspeed_ecom.customers import CAN as ECOM_CUSTOMERS
from infra.connectors.lightspeed_x.customers import CAN as X_CUSTOMERS
from infra.connectors.lightspeed_x.gift_cards import GiftCards
from infra.connectors.lightspeed_x.till import LightspeedTill
from infra.connectors.own_database.target import CAN as OWN_DATABASE
from infra.connectors.sql.target import SqlTarget
from infra.connectors.woocommerce.customers import CAN as WOO_CUSTOMERS
from infra.connectors.woocommerce.orders import WebOrdersTarget
from infra.connectors.woocommerce.products import WebProductsTarget
from schemas.capabilities import EVERY_KIND, Capabilities, Guard
from schemas.target_names import TargetName

PROMISES: Mapping[str, Capabilities] = {
    "sql": SqlTarget.can,
    "own_database": OWN_DATABASE,
    "lightspeed_x": GiftCards.can,
    "lightspeed_x_customers": X_CUSTOMERS,
    "lightspeed_x_till": LightspeedTill.can,
    "lightspeed_ecom": ECOM_CUSTOMERS,
    "woocommerce_customers": WOO_CUSTOMERS,
    "woocommerce": WebProductsTarget.can,
    "woocommerce_orders": WebOrdersTarget.can,
    "astro": Astro.can,
    "tixly": CustomerFiles.can,
    "lightspeed_ecom_csv": CustomerFiles.can,
    "lightspeed_x_csv": LightspeedXCsv.can,
}
WORDS: Mapping[Guard, str] = {
    "compare_and_set": "compared in one step",
    "look_then_write": "looked at just before",
    "keyed": "sent under a key",
    "blind": "uploaded by a person",
}
LANDS = {"batch": ("whole batches", "whole files"), "record": ("single records",)}
PRACTICE = "memory"


def names_in(literal: object) -> set[str]:
    """Every word of a Literal, or of several in a union."""
    return {name for part in get_args(literal) for name in (names_in(part) if get_args(part) else {part})}


def table() -> dict[str, tuple[str, str, str]]:
    """What the README says of undo, of how a write is guarded and of what lands as a whole, by target."""
    rows = re.findall(r"^\| (`[\w`, ]+`) \|(.*)\|$", Path("README.md").read_text(encoding="utf-8"), flags=re.M)
    cells = [(re.findall(r"\w+", names), [cell.strip() for cell in rest.split("|")]) for names, rest in rows]
    return {name: (undo, guard, lands) for names, (_, _, undo, guard, lands) in cells for name in names}


def test_every_target_stands_in_the_table_of_the_readme() -> None:
    assert set(table()) == set(PROMISES) == names_in(TargetName) - {PRACTICE}


@pytest.mark.parametrize("name", PROMISES)
def test_the_readme_promises_of_a_target_what_its_connector_does(name: str) -> None:
    undo, guard, lands = table()[name]
    can = PROMISES[name]
    assert guard == WORDS[can.guard]
    assert lands in LANDS[can.unit]
    assert ("file" in lands) is (can.guard == "blind")
    assert undo.startswith("yes") is (can.undo and "update" in can.takes)
    assert ("by hand" in undo) is (can.undo and can.takes != EVERY_KIND)
    if name in (
        "lightspeed_x",
        "lightspeed_x_customers",
        "lightspeed_x_till",
        "lightspeed_ecom",
        "woocommerce_customers",
    ):
        assert can.final and ";" in undo, "what is final is said"

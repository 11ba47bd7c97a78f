"""A till and a web shop side by side, and a command line that dies at some moment."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crash.boundaries import Boundaries
from tests.desk import Desk, command
from tests.fakes.woo_orders import a_line, a_product, a_shop, a_variation, an_order
from tests.fakes.woo_shop import Shop
from tests.fakes.woocommerce import Fake
from tests.tills import open_till

AT = "COUNTERFOIL_TEST_DIES_AT"
"""The moment, counted from 0, or empty; a blank; and the file that moments are written to."""
KILLED = -9


@dataclass(frozen=True, kw_only=True)
class Both:
    """A till, and a web shop."""

    desk: Desk
    fake: Fake

    def run(self, *arguments: str, code: int = 0, **settings: str) -> dict[str, Any]:
        return self.desk.ask(*arguments, code=code, **settings)

    def die(self, *arguments: str, fatal: int | str = "") -> int:
        """Type a command that dies at that moment; return its exit code. The run is the one that is typed next."""
        moments = self.desk.folder / "moments"
        moments.write_text("")
        environment = {**self.desk.environment, AT: f"{fatal} {moments}"}
        return (
            Desk(environment=environment, folder=self.desk.folder, numbers=self.desk.numbers)
            .type(*arguments, be=dying_command, alone=fatal != "")
            .code
        )

    def moments(self) -> list[str]:
        return (self.desk.folder / "moments").read_text().splitlines()

    def stock(self) -> dict[str, Any]:
        """Return the stock that the web shop shows, by SKU."""
        things = [
            *self.fake.shop.products.values(),
            *(v for vs in self.fake.shop.variations.values() for v in vs.values()),
        ]
        return {thing["sku"]: thing["stock_quantity"] for thing in things if thing["type"] != "variable"}


def while_writing(moments: list[str]) -> list[int]:
    """Return the moments from when the plan is stored to when it is known what became of it."""
    planned = max(number for number, moment in enumerate(moments) if "/plan-" in moment)
    known = max(number for number, moment in enumerate(moments) if "/outcomes-" in moment)
    return [*range(planned + 1, known + 1)]


def dying_command(folder: str, arguments: list[str]) -> None:
    """Be the command line until then."""
    fatal, _, moments = os.environ[AT].partition(" ")
    with Boundaries(Path(moments), int(fatal) if fatal else None).watching():
        command(folder, arguments)


def a_web_shop() -> Shop:
    """Make a shop with five orders; it counts mug, cap and the small shirt, but not the poster."""
    shop = a_shop(5)
    counted = {"manage_stock": True, "stock_quantity": 9}
    shop.products = {
        1: a_product(1, "mug", **counted),
        2: a_product(2, "CAP", regular_price="12", **counted),
        3: a_product(3, "SHIRT", type="variable", regular_price=""),
        4: a_product(4, "POSTER"),
    }
    shop.variations = {3: {30: a_variation(30, 3, "SHIRT-S", **counted)}}
    shop.put(an_order(6, a_line(60, 1, "mug"), status="on-hold"))
    return shop


def fill_till(desk: Desk) -> None:
    """Stock the till. It has no poster either."""
    open_till(desk.target_url, {"MUG": 4, "CAP": 2.5, "TEA": 7, "SHIRT-S": 9})

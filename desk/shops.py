"""The shops of the installation: the systems of each, and which of them a page is about, as its address says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from infra.context import Systems, working_with
from infra.desk_address import ONLY
from infra.settings import read_installation
from infra.shops import read_shops
from infra.systems import systems_of


@dataclass(frozen=True)
class Shops:
    """The open systems of each shop, by its name."""

    by_name: Mapping[str, Systems]

    def of_path(self, path: str) -> Systems:
        """Return the systems that a page works with; of one that is about no shop, those of the first.

        An address of a shop that there is not leads there too, and to no page: ``has`` says so.
        """
        return self.by_name.get(shop_in(path) or "", next(iter(self.by_name.values())))

    def among(self, names: Iterable[str]) -> dict[str, Systems]:
        """Return those of the shops that are named, by name; accounts may name shops that are no more."""
        return {name: self.by_name[name] for name in names if name in self.by_name}

    def has(self, name: str) -> bool:
        """Say whether there is such a shop: somebody may have a role in one that there was."""
        return name in self.by_name

    def title(self, name: str) -> str:
        """Return what people call a shop."""
        return self.by_name[name].settings.shop_name or name

    def close(self) -> None:
        """Close what was opened of each."""
        for systems in self.by_name.values():
            systems.closing.close()


def open_shops() -> Shops:
    """Return the shops that the settings name; nothing is connected yet."""
    installation = read_installation()
    if not installation.shops_file:
        return Shops({"": systems_of(installation)})
    return Shops({name: systems_of(shop.settings) for name, shop in read_shops(installation).items()})


def shop_in(path: str) -> str | None:
    """Return the shop that an address is about; None where it is about none."""
    parts = path.split("/")
    if len(parts) < 3 or parts[1] != "shops":
        return None
    return "" if parts[2] == ONLY else parts[2]


@dataclass(frozen=True)
class InShop:
    """Lets every page work with the systems of the shop that its address names."""

    app: ASGIApp
    shops: Shops

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with working_with(self.shops.of_path(scope.get("path", ""))):
            await self.app(scope, receive, send)

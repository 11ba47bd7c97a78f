"""Commands about the shops of a group."""

from cli.answers import Answer
from infra.settings import read_installation
from infra.shops import read_shops


def check() -> Answer:
    """Read the file of shops (COUNTERFOIL_SHOPS_FILE) and say what is set for each; nothing is asked of any system."""
    shops = read_shops(read_installation())
    found = {
        name: {
            "title": shop.settings.shop_name or name,
            "currency": shop.settings.currency,
            "country": shop.settings.country,
            "time_zone": shop.settings.time_zone,
            "inbox": f"inbox/{name}/",
        }
        for name, shop in shops.items()
    }
    lines = [f"{name:<12}  {'  '.join(str(said) for said in table.values())}" for name, table in found.items()]
    return {"shops": found}, "\n".join(lines), 0

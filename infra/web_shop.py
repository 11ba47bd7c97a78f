"""The web shop of this process, opened on first use and kept."""

from functools import lru_cache

from infra.connectors.woocommerce.api import WooCommerce, open_woocommerce
from infra.settings import settings


@lru_cache(maxsize=1)
def web_shop() -> WooCommerce:
    """Return the shop of the settings.

    Raises:
        FileNeedsFixing: They name none.
    """
    return open_woocommerce(settings())

"""All domains by name: the one list that grows when a domain is added."""

from collections.abc import Mapping
from types import MappingProxyType

from schemas.customers import CUSTOMERS
from schemas.domain import Domain
from schemas.gift_cards import GIFT_CARDS
from schemas.loyalty.actions import LOYALTY_ACTIONS
from schemas.orders.records import ORDERS
from schemas.stock import PRODUCTS, STOCK
from schemas.web_shop import WEB_ORDERS, WEB_PRODUCTS

_ALL = (
    GIFT_CARDS,
    CUSTOMERS,
    ORDERS,
    PRODUCTS,
    STOCK,
    WEB_PRODUCTS,
    WEB_ORDERS,
    LOYALTY_ACTIONS,
)
DOMAINS: Mapping[str, Domain] = MappingProxyType({domain.name: domain for domain in _ALL})

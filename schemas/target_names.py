"""What a run may write into, by the names that people choose from; and the ways in which people are invited.

Which connector serves a target is said in ``infra.target_connectors``.
"""

from typing import Literal

GiftCardTarget = Literal["sql", "own_database", "lightspeed_x", "lightspeed_x_csv", "memory"]
WebCustomerTarget = Literal["lightspeed_ecom", "lightspeed_x_customers", "woocommerce_customers"]
CustomerTarget = Literal["sql", "own_database", "tixly", "lightspeed_ecom_csv", WebCustomerTarget, "memory"]
LoyaltyTarget = Literal["astro"]
WebShopTarget = Literal["woocommerce", "woocommerce_orders"]
SaleTarget = Literal["sql", "lightspeed_x_till", "memory"]
TargetName = GiftCardTarget | CustomerTarget | LoyaltyTarget | WebShopTarget | SaleTarget
Channel = Literal["mail", "mailing_list", "ecom_password"]
"""How people are invited: we mail them, write a list for a mail tool, or have eCom send its mail about passwords."""

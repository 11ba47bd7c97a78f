"""What can be put right in Astro through its API, as records that are there or not: a change of one is an action.

A purchase that was imported, a reward that was redeemed, the contact data of a pet owner. What has no endpoint
(to enrol, to add an exception, to hide) is no record, but an item of the worklist.
"""

from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urlencode

import pandera.polars as pa
import polars as pl

from schemas.columns import column, is_private
from schemas.domain import Domain, Limits, Resource
from schemas.loyalty.codes import LOYALTY_CODES
from schemas.loyalty.records import Failures

LOYALTY_DECISIONS = "loyalty-decisions"
"""The folder of the inbox where filled-in worklists are dropped."""

Thing = Literal["purchase", "reward", "owner"]
CONTACT = ("email", "address", "city", "region", "postcode")
"""The contact data that a programme may ask for."""


class LoyaltyRecords(pa.DataFrameModel):
    """One row a purchase, a reward or an owner, as Astro shows it; what does not apply to one is empty.

    ``standing``: imported (a purchase), redeemed or incomplete (a reward), known (an owner).
    """

    action_key: str
    standing: str = pa.Field(isin=["imported", "redeemed", "incomplete", "known"])
    item: str
    quantity: pl.Int64
    email: str = pa.Field(metadata=column(private=True))
    address: str = pa.Field(metadata=column(private=True))
    city: str = pa.Field(metadata=column(private=True))
    region: str = pa.Field(metadata=column(private=True))
    postcode: str = pa.Field(metadata=column(private=True))

    class Config:
        strict = True


def purchase_key(customer_id: str, transaction_id: str, **details: str) -> str:
    """Name a purchase on a card. *details* is what Astro is told of it but does not show: sale, amount, date."""
    return _key("purchase", customer_id, transaction_id, **details)


def reward_key(customer_id: str, reward_id: str) -> str:
    """Name an earned reward."""
    return _key("reward", customer_id, reward_id)


def owner_key(customer_id: str) -> str:
    """Name a pet owner."""
    return _key("owner", customer_id)


def _key(*parts: str, **details: str) -> str:
    path = "/".join(quote(part, safe="") for part in parts)
    return f"{path}?{urlencode(sorted(details.items()))}" if details else path


def parts_of(key: str) -> tuple[str, str, str, dict[str, str]]:
    """Return thing, customer id, id (empty for an owner) and what Astro is told besides."""
    path, _, details = key.partition("?")
    thing, customer_id, *of = (unquote(part) for part in path.split("/"))
    return thing, customer_id, of[0] if of else "", dict(parse_qsl(details))


LOYALTY_ACTIONS = Domain(
    name="loyalty",
    title="Loyalty failures",
    flow="flows.loyalty.sweep_loyalty_failures",
    codes=LOYALTY_CODES,
    dialects=(),
    resource=Resource(
        name="loyalty_actions",
        key="action_key",
        columns=("standing", "item", "quantity", *CONTACT),
        known_by="action_key",
        private=is_private(LoyaltyRecords),
        one_way=(("standing", "incomplete"),),
    ),
    rows=(Failures,),
    records=LoyaltyRecords,
    limits=Limits(changed_share=1.0, changed_rows_floor=1_000_000, changed_rows=50),
)

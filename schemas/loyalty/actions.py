"""What can be put right in Astro through its API, as records that are there or not: a change of one is an action.

A purchase that was imported, a reward that was redeemed, the contact data of a pet owner. What has no endpoint
(to enrol, to add an exception, to hide) is no record, but an item of the worklist.
"""

import pandera.polars as pa
import polars as pl

from schemas.columns import column, is_private
from schemas.domain import Domain, Limits, Resource
from schemas.loyalty.codes import LOYALTY_CODES
from schemas.loyalty.failures import Failures

LOYALTY_DECISIONS = "loyalty-decisions"
"""The folder of the inbox where filled-in worklists are dropped."""

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


WANTED = pl.Schema(
    {"failure_key": pl.String, "failure_class": pl.String, "proven": pl.Boolean, "action_key": pl.String}
    | {"standing": pl.String}
    | {"item": pl.String, "quantity": pl.Int64}
    | dict.fromkeys(CONTACT, pl.String)
)
"""What a record is to be. Contact data are those of our own register, for where Astro has none."""


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

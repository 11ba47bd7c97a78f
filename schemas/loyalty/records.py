"""Loyalty failures: redemptions and purchases that a till reported and Astro did not take.

Sources: the help article on Astro's RestAPI reports, and contracts/astro.md 5. What a failure means and
what is to be done about it is decided in ``tasks.core.loyalty``; how reports tell it is in
``schemas.loyalty.failures``.

Texts are empty where a source does not tell them; numbers, dates and answers are null where nobody
knows them: *unknown is not no*.
"""

from typing import Annotated, Literal, get_args

import pandera.polars as pa
import polars as pl

Section = Literal["redemption", "transaction"]
"""redemption: a free good was given, and the distributor owes its credit. transaction: a purchase is on no card."""

FailureSource = Literal["report", "journal", "relay"]
"""report: Astro's screen, as a file; it shows all failures of its days. relay: the same over HTTP. journal:
failed API answers; it tells what failed, and its silence says nothing."""

ReasonCode = Literal[
    "contact_missing",
    "item_not_eligible",
    "not_redeemed",
    "no_items_found",
    "transaction_exists",
    "customer_not_found",
    "other",
]
"""What the wording of a reason comes to. not_redeemed: any redemption that did not take, for no reason we know.
other: words that we do not know; the failure is looked at by hand."""

FailureStatus = Literal["open", "resolved", "hidden", "duplicate", "expired"]
"""open: to be dealt with. resolved: done, or gone from the report before its time. hidden: to be left alone.
duplicate: what it asks for was there already. expired: left the report after 30 days, and nobody dealt with it."""

FailureClass = Literal[
    "reward_waiting",
    "reward_in_history",
    "contact_missing",
    "item_not_eligible",
    "redeemed",
    "in_no_programme",
    "not_enrolled",
    "new_item",
    "rerun",
    "duplicate",
    "purchase_missing",
    "free_good",
    "not_bought",
    "recorded_too_often",
    "same_sale",
    "customer_unknown",
    "to_look_up",
    "by_hand",
]
"""Redemptions: reward_waiting (at checkout), reward_in_history (incomplete there), contact_missing,
item_not_eligible (dearer than what was bought), redeemed (it is done).
Transactions, no items found: in_no_programme, not_enrolled, new_item (belongs in a programme),
rerun (enrolled since: the same row would be taken now).
Transactions, id exists: duplicate (all there), purchase_missing, free_good (not a purchase at all),
not_bought (cancelled or brought back), recorded_too_often, same_sale (settled with another row of one sale).
Both: customer_unknown (to Astro), to_look_up (evidence is missing; the steps say which), by_hand."""

Action = Literal[
    "redeem",
    "redo_redemption",
    "add_contact_and_redeem",
    "add_contact_and_redo",
    "add_purchase",
    "hide",
    "worklist",
]
"""What settles a failure. redeem: addRedemption. redo_redemption: removeRedemption, then addRedemption, by reward id.
add_contact_and_...: updateCustomer first. add_purchase: addTransaction, with the same transaction id.
hide: Astro has no call for it; ours is marked, and a person presses Hide. worklist: people do it, by the steps."""

Decision = Literal["hide", "done", "added_by_hand", "enrolled", "exception_added", "wrong"]
"""What a person writes into a worklist. wrong: the diagnosis is, and the failure stays open."""

Who = Literal["cashier", "admin", "manager"]
"""Who can do it. cashier: whoever is at the till. admin: Astro's user *Admin*, who sees the report and can press Hide.
manager: who may join a programme, and knows the account number at the distributor."""

RewardState = Literal["waiting", "incomplete", "redeemed", "absent"]
"""Where Astro has a reward: waiting at checkout, incomplete in the history, redeemed, or nowhere."""

DAYS_SHOWN = 30
"""For how many days Astro's report shows a failure."""

WARNED_DAYS = (7, 3, 1)
"""So many days before it expires, a failure is told again."""

Instant = Annotated[pl.Datetime, "us", "UTC"]


class FailureStates(pa.DataFrameModel):
    """One row a failure, as the ledger remembers it: what was told (not by whose name), and how far it is.

    A row is added once and never taken away. All days are the shop's.
    """

    failure_key: str = pa.Field(str_matches="^[0-9a-f]{64}$", unique=True)
    source: str = pa.Field(isin=get_args(FailureSource), description="the first that told it")
    section: str = pa.Field(isin=get_args(Section))
    customer_id: str
    reward_id: str
    transaction_id: str
    upc: str
    program: str
    occurred_at: Instant
    occurred_on: pl.Date
    reason: str
    reason_code: str = pa.Field(isin=get_args(ReasonCode))
    quantity_milli: pl.Int64 = pa.Field(nullable=True)
    amount_cents: pl.Int64 = pa.Field(nullable=True)
    expires_at: Instant = pa.Field(description="occurred_at and 30 days: the report no longer shows it")
    expires_on: pl.Date = pa.Field(description="occurred_on and 30 days")
    first_seen_on: pl.Date = pa.Field(description="first day on which any source told it")
    last_seen_on: pl.Date = pa.Field(description="last day on which any source told it")
    shown: str = pa.Field(
        str_matches="^[0-9a-f]*$",
        description="hexadecimal: bit n is set where a report showed it n days after it happened",
    )
    reported_on: pl.Date = pa.Field(nullable=True, description="last day a report showed it; null: only a journal did")
    gone_on: pl.Date = pa.Field(nullable=True, description="first day after reported_on whose report lacks it")
    reopened_on: pl.Date = pa.Field(
        nullable=True, description="first day it was shown again after it had last been gone"
    )
    status: str = pa.Field(isin=get_args(FailureStatus))
    settled_on: pl.Date = pa.Field(nullable=True, description="when it left the status open; null while open")
    failure_class: str = pa.Field(isin=get_args(FailureClass), nullable=True, description="of the last diagnosis")
    at_risk_cents: pl.Int64 = pa.Field(nullable=True, description="of the last diagnosis; null: nobody knows")
    decision: str = pa.Field(isin=get_args(Decision), nullable=True, description="what a person decided last")
    decided_by: str = pa.Field(nullable=True)
    decided_on: pl.Date = pa.Field(nullable=True)
    warned_days: pl.Int64 = pa.Field(
        nullable=True, description="of WARNED_DAYS, the fewest that is reached; null if settled"
    )

    class Config:
        strict = True


class Evidence(pa.DataFrameModel):
    """One row a failure, with what reading Astro and the till gave. Null everywhere: nobody could say.

    Empty text is an answer (no contact data is missing, there is no such programme); null is none.
    """

    failure_key: str = pa.Field(unique=True)
    customer_known: pl.Boolean = pa.Field(nullable=True, description="Astro knows the customer (code 310: it does not)")
    missing_contact: str = pa.Field(
        nullable=True, description="what Astro lacks and the programme needs: email, address, or email,address"
    )
    contact_at_hand: pl.Boolean = pa.Field(nullable=True, description="the shop's own register has what is missing")
    reward_state: str = pa.Field(isin=get_args(RewardState), nullable=True)
    free_item_eligible: pl.Boolean = pa.Field(
        nullable=True, description="what the customer took may be the free good (checkRedemptionEligibility)"
    )
    free_item_id: str = pa.Field(nullable=True, description="astro_item_id of what the customer took")
    cheapest_item_id: str = pa.Field(
        nullable=True, description="astro_item_id of the lowest-value item bought on the card"
    )
    cheapest_item: str = pa.Field(nullable=True, description="its description")
    programme_id: str = pa.Field(nullable=True, description="programme of the UPC (eligiblePurchaseItems); empty: none")
    programme: str = pa.Field(nullable=True, description="its title; empty: the UPC is in no programme")
    enrolled: pl.Boolean = pa.Field(nullable=True, description="the shop has joined that programme")
    brand_programme: str = pa.Field(
        nullable=True, description="programme of its maker that this UPC might belong in; empty: there is none"
    )
    similar_item: str = pa.Field(nullable=True, description="an item of that programme that it most resembles")
    item_name: str = pa.Field(nullable=True, description="as the till calls the UPC, with its weight")
    has_card: pl.Boolean = pa.Field(nullable=True, description="the customer has a card of that programme")
    bought_milli: pl.Int64 = pa.Field(
        nullable=True, description="of the UPC in this sale, free goods included, less what was brought back"
    )
    free_milli: pl.Int64 = pa.Field(nullable=True, description="of these, taken as free goods")
    recorded_milli: pl.Int64 = pa.Field(
        nullable=True, description="of the UPC on the customer's cards, bought on the day of the sale"
    )
    recorded_with_id: pl.Boolean = pa.Field(
        nullable=True, description="one of these has this transaction id (imported_transaction_id)"
    )
    recorded_later_milli: pl.Int64 = pa.Field(
        nullable=True, description="of the UPC, put on a card by hand on a later day (no imported_transaction_id)"
    )
    value_cents: pl.Int64 = pa.Field(
        nullable=True, description="what is lost with the failure: the credit for the free good, the price of the items"
    )

    class Config:
        strict = True


class Diagnoses(pa.DataFrameModel):
    """One row a failure: what it is, how we know, and what is to be done."""

    failure_key: str = pa.Field(unique=True)
    failure_class: str = pa.Field(isin=get_args(FailureClass))
    proof: str = pa.Field(description="one sentence: how we know")
    steps: str = pa.Field(description="what to do, in the manual's order, one step a line")
    who: str = pa.Field(isin=get_args(Who))
    action: str = pa.Field(isin=get_args(Action), description="what a run may carry out once approved, or worklist")
    proven: pl.Boolean = pa.Field(description="evidence leaves no other reading; only then may a policy act by itself")
    item_id: str = pa.Field(description="of redemptions: the astro_item_id to redeem; empty: a person picks it")
    missing_milli: pl.Int64 = pa.Field(nullable=True, description="of purchases: how many to add")
    cause: str = pa.Field(description="what it shares with others: UPC, programme or customer; one cure for all")
    at_risk_cents: pl.Int64 = pa.Field(nullable=True, description="money lost if nothing is done; null: nobody knows")
    deadline_at: Instant = pa.Field(description="when the report drops it")

    class Config:
        strict = True

"""Where a reward is, what may be had for it, and whether Astro has the contact data that its programme needs."""

import polars as pl

from schemas.loyalty.witnesses import Witnesses
from tasks.core.loyalty.evidence.items import prices
from tasks.core.loyalty.evidence.purchases import taken_for_free

_KEY = "failure_key"
_ORDER = ("redeemed", "incomplete", "waiting")
"""Should a reward be in two places at once: where it counts."""


def owner_evidence(failures: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Say whether Astro knows the customer, and which contact data it lacks of those the reason speaks of."""
    rows = failures.join(witnesses.owners, on="customer_id", how="left", maintain_order="left")
    lacks = {
        "email": ~pl.col("has_email") & _speaks_of(r"mail|courriel", but_of=r"address|adresse|postal"),
        "address": ~pl.col("has_address") & _speaks_of(r"address|adresse|postal", but_of=r"mail|courriel"),
    }
    words = [pl.when(lacking).then(pl.lit(name)) for name, lacking in lacks.items()]
    missing = pl.concat_str(words, separator=",", ignore_nulls=True).fill_null("")
    known = pl.col("known") & (pl.col("section") == "redemption")
    # what a programme needs is told by its refusal alone; where there is nothing it could lack, none is needed
    asked = known & ((pl.col("reason_code") == "contact_missing") | (missing == ""))
    return rows.select(
        _KEY,
        customer_known="known",
        missing_contact=pl.when(asked).then(missing),
        contact_at_hand=pl.when(asked & (missing != "")).then(pl.col("at_hand")),
    )


def _speaks_of(words: str, *, but_of: str) -> pl.Expr:
    """Say whether a reason names this; one that names neither, or both, may mean either."""
    reason = pl.col("reason").str.to_lowercase().str.replace_all(r"e-?mail address", "e-mail")
    return reason.str.contains(words) | ~reason.str.contains(but_of)


def reward_evidence(failures: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Say where each reward is, and which item may be redeemed for it."""
    wanted = failures.filter(section="redemption").select(_KEY, "customer_id", "reward_id")
    known = witnesses.owners.filter("known").select("customer_id", owner=pl.lit(True))
    states = witnesses.rewards.select("customer_id", "reward_id", "reward_state").unique()
    ranked = states.sort(pl.col("reward_state").cast(pl.Enum(_ORDER))).unique(
        ["customer_id", "reward_id"], keep="first"
    )
    rows = wanted.join(known, on="customer_id", how="left").join(ranked, on=["customer_id", "reward_id"], how="left")
    rows = rows.with_columns(reward_state=pl.when("owner").then(pl.col("reward_state").fill_null("absent")))
    rows = rows.join(_taken(failures, witnesses), on=_KEY, how="left").join(
        _cheapest(wanted, witnesses), on=_KEY, how="left"
    )
    wanted_columns = ("reward_state", "free_item_eligible", "free_item_id", "cheapest_item_id", "cheapest_item")
    return rows.select(_KEY, *wanted_columns)


def _taken(failures: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Say of the one item that a customer took for free whether it may be, and what Astro calls it."""
    taken = taken_for_free(failures, witnesses.sales)
    one = taken.filter(pl.len().over(_KEY) == 1)
    ids = failures.select(_KEY, "reward_id")
    named = witnesses.rewards.filter(pl.col("upc") != "").select(
        "customer_id", "reward_id", "upc", free_item_id="item_id"
    )
    rows = one.join(witnesses.eligible, on=["customer_id", "upc"], how="left").join(ids, on=_KEY)
    rows = rows.join(
        named.unique(["customer_id", "reward_id", "upc"]), on=["customer_id", "reward_id", "upc"], how="left"
    )
    return rows.select(_KEY, "free_item_id", free_item_eligible="eligible")


def _cheapest(wanted: pl.DataFrame, witnesses: Witnesses) -> pl.DataFrame:
    """Find the lowest-value item bought: known where there is but one, or where the till knows every price."""
    items = witnesses.rewards.filter((pl.col("reward_state") == "waiting") & (pl.col("item_id") != ""))
    priced = items.join(prices(witnesses), on="upc", how="left")
    clear = (pl.len() == 1) | pl.col("price_cents").is_not_null().all()
    best = (
        priced.sort("price_cents", "item_id", nulls_last=True)
        .group_by("customer_id", "reward_id", maintain_order=True)
        .agg(
            clear=clear,
            cheapest_item_id=pl.col("item_id").first(),
            cheapest_item=pl.col("item").first(),
        )
        .filter("clear")
        .drop("clear")
    )
    return wanted.join(best, on=["customer_id", "reward_id"], how="inner").drop("customer_id", "reward_id")

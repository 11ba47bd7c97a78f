"""Which records of Astro would have to change so that failures are put right, and which of these may.

Only what Astro has a call for; everything else is for people. A class that nobody asked to be put right, in the
policy or for this run, is held.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import polars as pl

from schemas.domain import Resource
from schemas.loyalty.actions import CONTACT, WANTED
from schemas.tables import Concern
from tasks.core.loyalty.action_keys import owner_key, purchase_key, reward_key
from tasks.core.planning.changes import AS_WANTED, WRITTEN, arranged, equal
from tasks.core.wording.money import plain_decimal

NO_CALL = ("hide", "worklist")
"""Actions for which Astro has no call: people do these."""


def not_proven_where_doubted(found: pl.DataFrame) -> pl.DataFrame:
    """Take nothing for proven of which a person said that it was wrong: no policy acts against that."""
    return found.with_columns(proven=pl.col("proven") & pl.col("decision").ne_missing(pl.lit("wrong")))


def wanted_actions(found: pl.DataFrame, contacts: pl.DataFrame, *, exponent: int) -> pl.DataFrame:
    """List what *found* (failures with their diagnosis) asks of Astro; one failure may ask for two records."""
    ours = {row["customer_id"]: row for row in contacts.iter_rows(named=True)}
    acting = found.filter(~pl.col("action").is_in(NO_CALL))
    rows = [
        {name: row[name] for name in ("failure_key", "failure_class", "proven")} | wanted
        for row in acting.iter_rows(named=True)
        for wanted in _records(row, ours.get(row["customer_id"], {}), exponent)
    ]
    return pl.DataFrame(rows, schema=WANTED)


def _records(row: Mapping[str, Any], contact: Mapping[str, str], exponent: int) -> Iterator[dict[str, Any]]:
    customer_id = row["customer_id"]
    if row["action"].startswith("add_contact"):
        if not contact:
            return
        fields = {name: contact[name] for name in CONTACT}
        yield _record(owner_key(customer_id), standing="known", **fields)
    if row["action"] == "add_purchase" and row["missing_milli"]:
        key = purchase_key(
            customer_id,
            row["transaction_id"],
            sale=_sale_of(row["transaction_id"]),
            amount="" if row["at_risk_cents"] is None else plain_decimal(row["at_risk_cents"], exponent),
            date=row["occurred_on"].isoformat(),
        )
        yield _record(key, standing="imported", item=row["upc"], quantity=row["missing_milli"] // 1000)
    elif row["reward_id"] and row["item_id"]:
        yield _record(reward_key(customer_id, row["reward_id"]), standing="redeemed", item=row["item_id"])


def _record(key: str, **values: Any) -> dict[str, Any]:
    return {"action_key": key, "item": "", "quantity": 0} | dict.fromkeys(CONTACT, "") | values


def _sale_of(transaction_id: str) -> str:
    """Return the sale a till named a line of (assumed: what stands before the last hyphen)."""
    sale, hyphen, _ = transaction_id.rpartition("-")
    return sale if hyphen else transaction_id


def decide_actions(
    wanted: pl.DataFrame, before: pl.DataFrame, resource: Resource, *, policy: Collection[str], asked: Collection[str]
) -> tuple[pl.DataFrame, int]:
    """List the changes that *wanted* asks of *before* (LoyaltyRecords), and count what is as wanted already.

    The *policy* lets through what is proven of its classes; of the classes a person *asked* for, everything goes.
    """
    once = wanted.unique("action_key", keep="first", maintain_order=True)
    held = before.rename({column: f"{column}_before" for column in resource.columns})
    joined = once.join(held, on="action_key", how="left", maintain_order="left").with_columns(_contact_kept())
    sides = [pl.col(column).alias(f"{column}_after") for column in resource.columns]
    joined = joined.with_columns(sides)
    exists = pl.col("standing_before").is_not_null()
    same = pl.all_horizontal([pl.col(f"{c}_before").eq_missing(pl.col(f"{c}_after")) for c in resource.columns])
    redeemed = pl.col("standing_before") == "redeemed"
    code = (
        pl.when(pl.col("standing_before") == "imported")
        .then(pl.lit("LOYALTY_THERE"))
        .when(~(_is_in(asked) | (_is_in(policy) & pl.col("proven"))))
        .then(pl.lit("LOYALTY_WAITS"))
        .otherwise(pl.lit(""))
    )
    kind = (
        pl.when(same | redeemed.fill_null(value=False))
        .then(pl.lit("unchanged"))
        .when(code != "")
        .then(pl.lit("held"))
        .when(exists)
        .then(pl.lit("update"))
        .otherwise(pl.lit("create"))
    )
    judged = joined.with_columns(
        kind=kind,
        line=pl.lit(None, pl.UInt32),
        operation_id=pl.lit(None, pl.String),
        operation=pl.lit(None, pl.String),
        detail=pl.col("failure_class"),
        code=code,
    )
    changed = judged.filter(pl.col("kind") != "unchanged")
    return arranged(changed, resource), judged.height - changed.height


def _is_in(classes: Collection[str]) -> pl.Expr:
    named = pl.Series(sorted(classes), dtype=pl.String)  # with its type: a list of nothing says neither yes nor no
    return pl.col("failure_class").is_in(named.implode()).fill_null(value=False)


def _contact_kept() -> list[pl.Expr]:
    """Keep what Astro has; of an owner we only ever add what it lacks."""
    return [
        pl.when(pl.col(f"{name}_before").fill_null("") != "")
        .then(pl.col(f"{name}_before"))
        .otherwise(pl.col(name))
        .alias(name)
        for name in CONTACT
    ]


def asked_concerns(changes: pl.DataFrame, policy: Collection[str]) -> tuple[Concern, ...]:
    """Raise a concern where anything would be done that no policy names: a person looks at it first."""
    named = pl.Series(sorted(policy), dtype=pl.String)
    beyond = changes.filter((pl.col("kind") != "held") & ~pl.col("detail").is_in(named.implode()))
    if beyond.is_empty():
        return ()
    classes = sorted(beyond["detail"].unique())
    actions = "1 action in Astro is" if beyond.height == 1 else f"{beyond.height:,} actions in Astro are"
    says = f"{actions} of classes that no policy lets through by itself: {', '.join(classes)}"
    return (Concern(code="LOYALTY_UNATTENDED", says=says, about=tuple(classes)),)


def outcomes_by_now(changes: pl.DataFrame, records: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Say of *changes* that were begun, and of whose end nobody told, which of them are done by what Astro shows."""
    shown = records.rename({column: f"{column}_now" for column in resource.columns})
    joined = changes.join(shown, on=resource.key, how="left", maintain_order="left")
    there = pl.all_horizontal([equal(f"{column}_now", f"{column}_after") for column in resource.columns])
    done = there & pl.col("kind").is_in(WRITTEN)
    return joined.select(resource.key, outcome=pl.when(done).then(pl.lit("done")).otherwise(pl.lit("")))


def failures_done(wanted: pl.DataFrame, outcomes: pl.DataFrame) -> pl.Series:
    """Return the keys of the failures of which everything that was wanted is done, or was done before."""
    left = outcomes.filter(~pl.col("outcome").is_in(AS_WANTED))["action_key"]
    per_failure = wanted.group_by("failure_key").agg(left=pl.col("action_key").is_in(left.implode()).any())
    return per_failure.filter(~pl.col("left"))["failure_key"].sort()


def failures_undone(wanted: pl.DataFrame, done: pl.DataFrame, outcomes: pl.DataFrame) -> pl.Series:
    """Return the keys of the failures of which something that settled them is *done* no more, by a restore's outcomes.

    What is not among the outcomes was taken back before. Contact data settle nothing by themselves.
    """
    left = outcomes.filter(~pl.col("outcome").is_in(AS_WANTED))["action_key"]
    gone = done.filter(~pl.col("action_key").is_in(left.implode()) & ~pl.col("action_key").str.starts_with("owner/"))
    return wanted.join(gone, on="action_key", how="semi")["failure_key"].unique().sort()

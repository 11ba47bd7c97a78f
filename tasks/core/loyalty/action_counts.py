"""What a sweep would do in Astro, or did, in counts that may be shown to whoever is asked: no customer, no item."""

import polars as pl

from schemas.report_tables import ReportTable

ACTIONS = ReportTable(
    name="actions",
    title="In Astro",
    says="What Astro can be asked to do, by the class of the failures it settles, and what becomes of it.",
    private=False,
    headings={"what": "What", "failure_class": "Class", "becomes": "What becomes of it"},
)

_NEW = {"purchase": "add purchase", "reward": "redeem"}
_CHANGED = {"purchase": "add purchase", "reward": "undo and redeem again", "owner": "enter contact data"}
_HELD = {"LOYALTY_WAITS": "not allowed yet", "LOYALTY_THERE": "for people: Astro has it with something else"}
ACTION_WORDS = (*_NEW.values(), *_CHANGED.values(), *_HELD.values())


def action_rows(changes: pl.DataFrame, wanted: pl.DataFrame, at_risk: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Count *changes* (of a plan, or with their outcomes) by what they do.

    Money stands with what settles a failure (``wanted``, ``at_risk``); to enter contact data alone settles none.
    """
    thing = pl.col("action_key").str.split("/").list.first()
    is_new = pl.col("standing_before").is_null()
    what = pl.when(is_new).then(thing.replace(_NEW)).otherwise(thing.replace(_CHANGED))
    by_action = wanted.join(at_risk, on="failure_key", how="left").group_by("action_key").agg(_sum_known())
    joined = changes.join(by_action, on="action_key", how="left").with_columns(
        what=what,
        failure_class=pl.col("detail").str.replace_all("_", " "),
        becomes=_becomes(changes),
        at_risk_cents=pl.when(thing != "owner").then("at_risk_cents"),
    )
    counted = joined.group_by("what", "failure_class", "becomes").agg(
        actions=pl.len().cast(pl.Int64), at_risk_cents=_sum_known()
    )
    return counted.with_columns(currency=pl.lit(currency)).sort("becomes", "failure_class", "what")


def _sum_known() -> pl.Expr:
    """Add up; what nobody knows is not nothing."""
    money = pl.col("at_risk_cents")
    return pl.when(money.is_not_null().any()).then(money.sum()).alias("at_risk_cents")


def _becomes(changes: pl.DataFrame) -> pl.Expr:
    """Say what becomes of each; a plan has no outcomes yet."""
    outcome = pl.col("outcome").replace("written", "done") if "outcome" in changes.columns else pl.lit("")
    planned = pl.when(outcome.fill_null("") != "").then(outcome).otherwise(pl.lit("planned"))
    held = pl.col("code").replace_strict(_HELD, default="not done", return_dtype=pl.String)
    return pl.when(pl.col("kind") == "held").then(held).otherwise(planned)

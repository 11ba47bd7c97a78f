"""What an act would settle, before anybody does it: the rules are asked again, as if it were done.

Nothing is assumed but the evidence that the act itself would leave. What else is unknown stays unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Literal, get_args

import polars as pl

from schemas.columns import shape_of
from schemas.loyalty.records import Evidence
from tasks.core.loyalty.diagnosis import decide
from tasks.core.reading.headings import fold

Act = Literal["enrol", "add_exception", "link_customer", "enter_contact", "redeem", "add_purchases"]
"""enrol: join a programme, by its title. add_exception: add an item to its maker's programme, by UPC. link_customer
and enter_contact: by customer. redeem: the rewards, and add_purchases: what is missing, of one customer."""

ACTS: tuple[Act, ...] = get_args(Act)
_KEY = "failure_key"
_NEAREST = 5
_TYPES = shape_of(Evidence)


@dataclass(frozen=True, kw_only=True)
class WhatIf:
    """An act, and what or whom it is about (``of``): a programme, a UPC or a customer; empty: all of them."""

    act: Act
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What an act would do. ``moved``: one row a failure that it touches, with class and action before and after.

    ``settled`` of them then need nothing but Hide, ``callable`` can then be done by a run, and ``freed_cents`` is the
    money at risk of both.
    """

    moved: pl.DataFrame
    settled: int
    callable: int
    customers: int
    freed_cents: int


def simulate(failures: pl.DataFrame, evidence: pl.DataFrame, what_if: WhatIf, *, day: date) -> Effect:
    """Ask the rules about *failures* (FailureStates, those that are open) as if the act were done."""
    known = failures.select(_KEY).join(evidence, on=_KEY, how="left", maintain_order="left")
    before = decide(failures, known, day)
    after = decide(failures, _as_if_done(failures, known, what_if), day)
    compared = ("failure_class", "action", "proof", "at_risk_cents")
    joined = (
        failures.select(_KEY, "section", "customer_id", "upc", "reward_id")
        .join(before.select(_KEY, *compared), on=_KEY, how="left", maintain_order="left")
        .join(after.select(_KEY, *compared), on=_KEY, how="left", maintain_order="left", suffix="_after")
    )
    same = [pl.col(name).eq_missing(pl.col(f"{name}_after")) for name in compared]
    return _effect(joined.filter(~pl.all_horizontal(same)))


def _effect(moved: pl.DataFrame) -> Effect:
    settled = pl.col("action_after") == "hide"  # some that are harmless still need a person: see deciding.HARMLESS
    called = ~settled & ~pl.col("action_after").is_in(["worklist", "hide"])
    newly = called & pl.col("action").is_in(["worklist", "hide"])
    return Effect(
        moved=moved,
        settled=moved.filter(settled).height,
        callable=moved.filter(newly).height,
        customers=moved["customer_id"].n_unique(),
        freed_cents=int(moved.filter(settled | newly)["at_risk_cents"].sum()),
    )


def _as_if_done(failures: pl.DataFrame, evidence: pl.DataFrame, what_if: WhatIf) -> pl.DataFrame:
    """Return the evidence that there would be after the act."""
    rows = _with_names(failures, evidence)
    meant = _meant(what_if)
    left = _LEAVES[what_if.act]
    moved = [pl.when(meant).then(value).otherwise(name).alias(name) for name, value in left.items()]
    return rows.with_columns(moved).select(pl.col(name).cast(dtype) for name, dtype in _TYPES.items())


def could_be_about(failures: pl.DataFrame, evidence: pl.DataFrame, act: Act) -> list[str]:
    """List the programmes, items or customers for which an act could be done, by open failures."""
    known_by, holds = _ABOUT[act]
    rows = _with_names(failures, failures.select(_KEY).join(evidence, on=_KEY, how="left"))
    names: list[str] = rows.filter(holds)[known_by].drop_nulls().unique().sort().to_list()
    return [name for name in names if name]


def nearest_names(of: str, names: Sequence[str]) -> list[str]:
    """Return up to a few of *names* that look like *of*: those that begin with it or hold it, then near misses."""
    by_case = {fold(name): name for name in names}
    holding = [name for name in by_case if fold(of) in name]
    near = get_close_matches(fold(of), by_case, n=_NEAREST, cutoff=0.4)
    return [by_case[name] for name in dict.fromkeys([*holding, *near])][:_NEAREST]


def _with_names(failures: pl.DataFrame, evidence: pl.DataFrame) -> pl.DataFrame:
    about = failures.select(_KEY, "section", "customer_id", "upc")
    rows = evidence.join(about, on=_KEY, how="left", maintain_order="left")
    return rows.with_columns(due=pl.col("bought_milli") - pl.col("free_milli"))


def _meant(what_if: WhatIf) -> pl.Expr:
    """Say which failures the act is about."""
    known_by, holds = _ABOUT[what_if.act]
    named = pl.col(known_by) == what_if.of if what_if.of else pl.lit(value=True)
    return (named & holds).fill_null(value=False)


_ABOUT: Mapping[Act, tuple[str, pl.Expr]] = {
    "enrol": ("programme", (pl.col("programme") != "") & pl.col("enrolled").ne_missing(pl.lit(value=True))),
    "add_exception": ("upc", pl.col("brand_programme") != ""),
    "link_customer": ("customer_id", pl.col("customer_known").ne_missing(pl.lit(value=True))),
    "enter_contact": ("customer_id", pl.col("missing_contact") != ""),
    "redeem": ("customer_id", pl.col("reward_state").is_in(["waiting", "incomplete"])),
    "add_purchases": ("customer_id", pl.col("due") > 0),
}
"""By which column an act names what it is about, and of which failures it can be done at all."""

_LEAVES: Mapping[Act, Mapping[str, pl.Expr]] = {
    "enrol": {"enrolled": pl.lit(value=True)},
    "add_exception": {
        "programme": pl.col("brand_programme"),
        "programme_id": pl.lit(None),
        "brand_programme": pl.lit(None),
        "enrolled": pl.lit(value=True),
    },
    "link_customer": {"customer_known": pl.lit(value=True)},
    "enter_contact": {"missing_contact": pl.lit("")},
    "redeem": {"reward_state": pl.lit("redeemed")},
    "add_purchases": {
        "recorded_milli": pl.max_horizontal("recorded_milli", "due"),
        "recorded_with_id": pl.lit(value=True),
    },
}
"""The evidence that an act leaves."""

"""By which key a failure is known again, and rows that tell one failure more than once."""

import hashlib

import polars as pl

from schemas.columns import shape_of
from schemas.loyalty.failures import Failures
from schemas.tables import Concern, Originals
from tasks.core.loyalty.reasons import folded
from tasks.core.reading.row_numbers import span_on
from tasks.core.wording.words import are, counted

_COLUMNS = tuple(shape_of(Failures))
_APART = "\x1f"
_AT_ONCE = 65_536
"""Rows whose texts are held at once: they are longer than what they tell apart."""
_SAYS = {"quantity_milli": "quantity", "amount_cents": "amount", "program": "programme"}
"""What a row says of a failure that does not tell it from others, in words."""


def with_keys(failures: pl.DataFrame) -> pl.DataFrame:
    """Give each failure its key.

    Rows with an id that are the same are one failure, told twice. Without one, nobody can tell: they stay apart.
    """
    keys = [_hashed(rows, _content()) for rows in failures.iter_slices(_AT_ONCE)]
    keyed = failures.with_columns(failure_key=pl.concat([pl.Series([], dtype=pl.String), *keys]))
    nameless = keyed.with_row_index("at").filter((pl.col("reward_id") == "") & (pl.col("transaction_id") == ""))
    nth = pl.int_range(pl.len()).over("failure_key")
    apart = nameless.with_columns(nth=nth).filter(pl.col("nth") > 0)
    others = _hashed(apart, pl.format("{}{}{}", _content(), pl.lit(_APART), "nth"))
    whole = keyed.with_columns(failure_key=keyed["failure_key"].scatter(apart["at"], others))
    return whole.select(_COLUMNS)


def without_repeats(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Leave out rows that repeat an earlier one; where none does, nothing is copied."""
    first = rows.select(
        pl.struct(by).is_first_distinct() if len(by) > 1 else pl.col(by).is_first_distinct()
    ).to_series()
    return rows if first.all() else rows.filter(first)


def contradictory_repeats(failures: pl.DataFrame, originals: Originals) -> tuple[Concern, ...]:
    """Ask about failures that several rows tell under one key, and not as the first of them does.

    A blank counts: where one row says an amount and the other none, only a person knows whether both are one.
    """
    again = failures.filter(pl.col("failure_key").is_duplicated())
    values = again.select("failure_key", "line", "quantity_milli", "amount_cents", folded(pl.col("program")))
    differing = values.group_by("failure_key", maintain_order=True).agg("line", pl.col(*_SAYS).n_unique() > 1)
    other = differing.filter(pl.any_horizontal(*_SAYS))
    if other.is_empty():
        return ()
    what = " or ".join(word for name, word in _SAYS.items() if other[name].any())
    lines = span_on(originals, sorted(other["line"].explode().to_list()))
    which = f"{counted(other.height, 'failure')} {are(other.height)} told more than once, with another {what}"
    return (Concern(code="LOYALTY_TOLD_OTHERWISE", says=f"{which} (lines {lines}): the first row is taken"),)


def _content() -> pl.Expr:
    """Write what tells a failure from others."""
    customer = pl.when(pl.col("customer_id") == "").then(folded(pl.col("customer_name"))).otherwise("customer_id")
    at = pl.col("occurred_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = ["section", customer, "reward_id", "transaction_id", "upc", at, folded(pl.col("reason"))]
    return pl.concat_str(parts, separator=_APART)


def _hashed(rows: pl.DataFrame, text: pl.Expr) -> pl.Series:
    return rows.select(text).to_series().map_elements(_sha256, pl.String)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

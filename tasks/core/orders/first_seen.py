"""Which orders stand on the pages of a web shop, and which of their refunds are fetched. Pure.

What an order means is not decided here.
"""

from collections.abc import Collection, Iterable, Mapping

import polars as pl

SEEN: dict[str, pl.DataType | type[pl.DataType]] = {
    "order_id": pl.String,
    "modified_at": pl.String,
    "refund_ids": pl.List(pl.String),
}
"""One row an order and page: the same order may stand on several, in several versions."""


def seen_on(items: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    """Return which orders stand on a page."""
    rows = [(str(item["id"]), str(item.get("date_modified_gmt") or ""), _ids(item.get("refunds"))) for item in items]
    return pl.DataFrame(rows, schema=SEEN, orient="row")


def with_refunds_due(seen: pl.DataFrame, have: Collection[str]) -> list[str]:
    """Return the orders of which a refund is not among those we *have*."""
    named = seen.explode("refund_ids", empty_as_null=True).drop_nulls("refund_ids")
    due = named.filter(~pl.col("refund_ids").is_in([*have]))
    return due["order_id"].unique(maintain_order=True).to_list()


def _ids(refunds: object) -> list[str]:
    return [str(each["id"]) for each in refunds if isinstance(each, dict)] if isinstance(refunds, list) else []

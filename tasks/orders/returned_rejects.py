"""Orders of a JSON file that came back: what earlier runs gave back of them."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import polars as pl

from infra.artifacts.run_files import load_bytes, load_frame
from infra.context import ledger
from schemas import file_names
from tasks.chain.returned_rejects import MOST_RUNS
from tasks.core.orders.returned_orders import Rejected, orders_by_reference


def rejected_orders(references: Sequence[str]) -> Rejected:
    """Return the orders that the *references* of a JSON file name, as earlier runs gave them back."""
    runs = Counter(reference.rpartition(":")[0] for reference in references)
    orders: dict[str, Any] = {}
    codes: dict[str, frozenset[str]] = {}
    for run_id, _ in runs.most_common(MOST_RUNS):
        stored = ledger().list_latest_artifacts(run_id)
        if file_names.REJECTS_JSON in stored:
            orders |= orders_by_reference(load_bytes(stored[file_names.REJECTS_JSON]))
            found = load_frame(stored[file_names.FINDINGS]).group_by("line").agg(pl.col("code").unique())
            codes |= {f"{run_id}:{line}": frozenset(each) for line, each in found.iter_rows()}
    return Rejected(orders=orders, codes=codes)

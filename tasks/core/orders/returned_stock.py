"""Which lines of refunds went back on the shelf.

A shop keeps with each line of an order how much of it was put back in stock, over all its refunds
(``_restock_refunded_items``), and not by which: a refund puts back all it takes of a line, or nothing.
"""

from collections.abc import Sequence
from itertools import combinations

import polars as pl

_OF = ["line", "of_item"]
_MOST_TRIED = 12
"""Refunds of one line among which every combination is tried."""


def restocked(taken: pl.DataFrame) -> tuple[pl.Series, int]:
    """Say of each line of a refund in *taken* whether it moves stock, and of how many items that is unclear.

    *taken* has ``line, of_item, quantity_milli`` and ``tally``, what was put back of the item in all; null: unreadable.
    """
    amount = pl.col("quantity_milli").fill_null(0).abs()
    tally = pl.col("tally").fill_null(0)
    of = taken.select(*_OF, amount=amount, whole=amount.sum().over(_OF), tally=tally).with_row_index("at")
    all_of_it = (pl.col("tally") >= pl.col("whole")) & (pl.col("amount") > 0)
    moves = of.select(moves=all_of_it & (pl.col("tally") > 0)).to_series()
    unclear = taken.filter(pl.col("tally").is_null(), amount > 0).unique(_OF).height
    for item in of.filter((pl.col("tally") > 0) & (pl.col("tally") < pl.col("whole"))).partition_by(_OF):
        chosen = _that_sum_to(item["amount"].to_list(), item.item(0, "tally"))
        unclear += chosen is None
        moves = moves.scatter(item["at"].gather(list(chosen or ())), True)
    return moves, unclear


def _that_sum_to(amounts: Sequence[int], tally: int) -> tuple[int, ...] | None:
    """Return the places of the fewest and earliest amounts that sum to *tally*, or None."""
    some = range(min(len(amounts), _MOST_TRIED))
    tries = (chosen for size in range(1, len(some) + 1) for chosen in combinations(some, size))
    return next((chosen for chosen in tries if sum(amounts[at] for at in chosen) == tally), None)

"""Rejected orders, as a JSON list to correct: each as it stands, with what is wrong and where it stood."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from tasks.core.orders.objects import ERROR, REFERENCE, as_they_stand
from tasks.core.wording.messages import with_messages


def write_json_rejects(pages: Sequence[bytes], places: pl.DataFrame, findings: pl.DataFrame, *, run_id: str) -> bytes:
    """Write the orders that are in *findings*, found by their *places* (``line, page, at``) on the *pages*."""
    messages = with_messages(findings).group_by("line").agg(pl.col("message").str.join("; ")).sort("line")
    placed = messages.join(places, on="line", how="left").sort("page", "at")
    rejects: list[tuple[int, Any]] = []
    for (number,), some in placed.group_by("page", maintain_order=True):
        objects = as_they_stand(pages[int(str(number))])
        rejects += _marked(objects, some.select("line", "message", "at").iter_rows(), run_id)
    whole = [order for _, order in sorted(rejects, key=lambda each: each[0])]
    # half a character goes back as it came, as its escape
    return json.dumps(whole, ensure_ascii=False, indent=1).encode(errors="backslashreplace")


def _marked(objects: Sequence[Any], rows: Iterable[tuple[int, str, int]], run_id: str) -> list[tuple[int, Any]]:
    marked = []
    for line, message, at in rows:
        order = objects[at] if isinstance(objects[at], Mapping) else {"was": objects[at]}
        marked.append((line, {**order, ERROR: message, REFERENCE: f"{run_id}:{line}"}))
    return marked

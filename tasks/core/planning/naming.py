"""Plan ids: names that follow from content, the same on any machine and at any time."""

import hashlib
import json
from dataclasses import asdict

import polars as pl

from schemas.records import Plan

_PLAN_FORMAT = 2
"""Raised when the content below changes: ids of other formats are never compared."""


def plan_content(plan: Plan) -> bytes:
    """Return the head of a plan's canonical content: everything but its changes, free of times and run ids."""
    head = {
        "format": _PLAN_FORMAT,
        "domain": plan.domain,
        "target": plan.target,
        "options": plan.options,
        "counts": asdict(plan.counts),
        "totals": asdict(plan.totals),
        "concerns": [asdict(concern) for concern in plan.concerns],
    }
    return json.dumps(head, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def plan_id(content: bytes, changes: pl.DataFrame) -> str:
    """Hash a plan's canonical content: its head and its changes, without their line numbers.

    Two files that ask the same of the same target in another order are the same plan.
    """
    digest = hashlib.sha256(content)
    for part in changes.drop("line").iter_slices(1_000_000):
        digest.update(b"\n")
        digest.update(part.write_csv(null_value="\\N", quote_style="non_numeric").encode())
    return digest.hexdigest()[:16]

"""Plan ids: names that follow from what would be written, the same on any machine and at any time.

An id is a hash over the hashes of buckets (``tasks.core.planning.buckets``), so that partitions of a plan can be hashed
wherever they lie, and the id is the same however many there are.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import polars as pl

from schemas.records import Plan
from tasks.core.planning.buckets import by_bucket
from tasks.core.planning.changes import writable

_PLAN_FORMAT = 4
"""Raised when what makes an id changes: ids of other formats are never compared. A migration of the ledger then
closes the plans that are still open, as ``0018_plan_ids_over_buckets`` does."""

_IN_ONE_PIECE = 3
"""Up to this format, all changes were hashed one after the other."""
_WITH_WHOLE_TARGETS = 2
"""Up to this format, the totals of the whole target, and rows that are held, were part of an id."""

_NOT_WRITTEN = ("line", "code", "detail")
"""Columns of a change that say where it comes from and why: another file may ask for the same."""

_ROWS_AT_ONCE = 1_000_000


def plan_content(plan: Plan) -> bytes:
    """Return a plan's canonical content but for its changes, free of times and run ids.

    The *evidence* stands beside what names the plan: it is what people judge by, and it moves while a till is in use.
    """
    content = {
        "format": _PLAN_FORMAT,
        "domain": plan.domain,
        "target": plan.target,
        "options": plan.options,
        "evidence": {
            "counts": asdict(plan.counts),
            "totals": asdict(plan.totals),
            "concerns": [asdict(concern) for concern in plan.concerns],
        },
    }
    return _canonical(content)


def plan_id(content: bytes, changes: pl.DataFrame) -> str:
    """Hash what would be written: where, under which options, and each change with its *before*.

    Two files that ask the same of the same records are the same plan, in whatever order their lines come, and
    whatever else the target holds. What is held or unchanged is not written, and is no part of it.
    """
    named = json.loads(content)
    if named["format"] <= _WITH_WHOLE_TARGETS:
        return _hashed(content, _with_whole_targets(changes))
    if named["format"] <= _IN_ONE_PIECE:
        del named["evidence"]
        return _hashed(_canonical(named), _written(changes))
    return plan_id_of(content, bucket_hashes(changes))


def bucket_hashes(changes: pl.DataFrame) -> dict[int, str]:
    """Hash what would be written of each bucket that has any; whole buckets of a plan may be hashed apart."""
    key = changes.columns[3]  # behind line, kind and code, see tasks.core.planning.changes
    rows = writable(changes).drop(_NOT_WRITTEN, strict=False)
    names = "\n".join(["", *rows.columns, ""]).encode()
    return {
        bucket: hashlib.sha256(names + _as_csv(part, include_header=False)).hexdigest()
        for bucket, part in by_bucket(rows, key).items()
    }


def plan_id_of(content: bytes, buckets: Mapping[int, str]) -> str:
    """Return the id of a plan with this ``plan_content`` whose *buckets* have these hashes."""
    named = json.loads(content)
    del named["evidence"]
    return _hashed(_canonical(named), (f"\n{bucket}:{buckets[bucket]}".encode() for bucket in sorted(buckets)))


def _written(changes: pl.DataFrame) -> Iterator[bytes]:
    """Write the changes that are to be carried out in the order of their keys, a part at a time."""
    key = changes.columns[3]  # behind line, kind and code, see tasks.core.planning.changes
    ordered = changes if changes.get_column(key).is_sorted() else changes.sort(key)
    yield "\n".join(["", *(name for name in changes.columns if name not in _NOT_WRITTEN), ""]).encode()
    for part in ordered.iter_slices(_ROWS_AT_ONCE):
        yield _as_csv(writable(part).drop(_NOT_WRITTEN, strict=False), include_header=False)


def _with_whole_targets(changes: pl.DataFrame) -> Iterator[bytes]:
    for part in changes.drop("line").iter_slices(_ROWS_AT_ONCE):
        yield b"\n" + _as_csv(part, include_header=True)


def _as_csv(part: pl.DataFrame, *, include_header: bool) -> bytes:
    return part.write_csv(null_value="\\N", quote_style="non_numeric", include_header=include_header).encode()


def _canonical(content: object) -> bytes:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def _hashed(head: bytes, parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256(head)
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:16]

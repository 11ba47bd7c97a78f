"""Where rejected rows of a sweep stand: it reads several files, and each of them has a line 3.

The ledger knows a reject by its run and a line; of a sweep that is a place, made of the file, of what the file tells
of, and of the line in it. Of the first report of redemptions they are the same.
"""

from collections.abc import Iterable, Sequence
from typing import Literal, get_args

import polars as pl

from schemas import file_names
from schemas.frames import FRAMES

RejectKind = Literal["redemption", "transaction", "answer"]
_KINDS: tuple[RejectKind, ...] = get_args(RejectKind)
_LINES_A_FILE = 10_000_000
CAME_BACK_SCHEMA = pl.Schema(FRAMES[file_names.CAME_BACK])
"""Rows of rejects files that came back: of which line of which run, told of what, and why left out, if they are."""


def place_of(number: int, kind: RejectKind, line: int) -> int:
    """Return the place of a *line* of the file *number* of a run, counted from 1."""
    return ((number - 1) * len(_KINDS) + _KINDS.index(kind)) * _LINES_A_FILE + line


def kind_of(place: int) -> RejectKind:
    """Say what the file of a place tells of."""
    return _KINDS[place // _LINES_A_FILE % len(_KINDS)]


def places_of(number: int, kind: RejectKind, findings: pl.DataFrame) -> pl.DataFrame:
    """List the rejected rows of a file as the ledger enters them: ``line, codes, key_sha256``, which is empty."""
    codes = findings.group_by("line").agg(pl.col("code").unique().sort().str.join(" ").alias("codes"))
    moved = pl.col("line").cast(pl.Int64) + place_of(number, kind, 0)
    return codes.select(moved, "codes", key_sha256=pl.lit("")).sort("line")


def named_by(answered: Sequence[tuple[int, str]], places: Iterable[int]) -> tuple[int, ...]:
    """Return which *places* those are that came back as (line, kind): where two could be meant, neither is."""
    by_name: dict[tuple[int, str], list[int]] = {}
    for place in places:
        by_name.setdefault((place % _LINES_A_FILE, kind_of(place)), []).append(place)
    return tuple(found[0] for name in answered if len(found := by_name.get(name, [])) == 1)

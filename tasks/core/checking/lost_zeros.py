"""Whether the lengths of codes can come of leading zeros that a spreadsheet has dropped.

One code in ten begins with a zero, one in a hundred with two: so many are shorter by one, and by two, where all
had one length. No row is rejected for it; nobody can tell the short code that was cut from the one that is short.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from schemas.tables import Concern
from tasks.core.checking.chance import chance_of

SHORTEST_USUAL = 6
MOST_ZEROS_LOST = 3
FEWEST_JUDGED = 20
"""Of fewer codes hardly more than one in ten may be shorter: any mix of lengths could be chance."""

_SHARE = 0.1
_IMPROBABLE = 0.001
_KEPT_SHARE = (0.05, 0.2)
"""Of codes with their zeros, this many begin with one: more where some are kept that others lost, less by repair."""


@dataclass(frozen=True, kw_only=True)
class _Lengths:
    """How many codes have each length, and how many of these begin with a zero."""

    counts: Mapping[int, int]
    with_zero: Mapping[int, int]

    def shorter(self, usual: int, by: range) -> int:
        """Count codes that are shorter than *usual* by so many digits, and do not begin with a zero."""
        return sum(self.counts.get(usual - n, 0) - self.with_zero.get(usual - n, 0) for n in by)


def lost_zeros(codes: pl.Series, name: str) -> tuple[Concern, ...]:
    """Return the concern about *codes* (digits only), which people call *name*, if there is one."""
    grouped = pl.DataFrame({"length": codes.str.len_bytes(), "zero": codes.str.starts_with("0")}).group_by("length")
    rows = grouped.agg(pl.len(), pl.col("zero").sum()).rows()
    lengths = _Lengths(
        counts={length: count for length, count, _ in rows}, with_zero={length: zeros for length, _, zeros in rows}
    )
    usual = next((usual for usual in sorted(lengths.counts, reverse=True) if _may_have_lost(lengths, usual)), None)
    if usual is None:
        return ()
    many, kept = lengths.counts[usual], lengths.with_zero[usual]
    few = lengths.shorter(usual, range(1, usual if kept else MOST_ZEROS_LOST + 1))
    says = (
        f"{few} of {codes.len()} {name} are shorter than the other {many} ({usual} digits): leading zeros may be lost"
    )
    return (Concern(code="CELL_LEADING_ZERO_LOST", says=says),)


def _may_have_lost(lengths: _Lengths, usual: int) -> bool:
    if lengths.with_zero[usual] and lengths.shorter(usual, range(1, usual)):
        return not _are_whole(lengths, usual)
    few = lengths.shorter(usual, range(1, MOST_ZEROS_LOST + 1))
    return bool(few) and usual >= SHORTEST_USUAL and _like_lost_zeros(lengths, usual, few)


def _like_lost_zeros(lengths: _Lengths, usual: int, few: int) -> bool:
    """Say whether one in ten is shorter, and of these one in ten by more than one digit, as far as chance goes."""
    all_codes = lengths.counts[usual] + few
    if all_codes < FEWEST_JUDGED:
        return few <= _SHARE * all_codes
    by_more = lengths.shorter(usual, range(2, MOST_ZEROS_LOST + 1))
    return chance_of(few, all_codes, _SHARE) > _IMPROBABLE and chance_of(by_more, few, _SHARE) > _IMPROBABLE


def _are_whole(lengths: _Lengths, usual: int) -> bool:
    """Say whether codes of two kinds have all their zeros: one kind is of the *usual* length, the other shorter."""
    many, kept = lengths.counts[usual], lengths.with_zero[usual]
    below = [length for length in lengths.counts if length < usual]
    others, kept_there = (sum(count[length] for length in below) for count in (lengths.counts, lengths.with_zero))
    if _as_chance_has_it(kept_there, others):
        return True
    few = others - kept_there
    return _as_chance_has_it(kept, many) and chance_of(few + kept, few + many, _SHARE) <= _IMPROBABLE


def _as_chance_has_it(with_zero: int, codes: int) -> bool:
    least, most = _KEPT_SHARE
    return codes >= FEWEST_JUDGED and least <= with_zero / codes <= most

"""Control totals side by side, and whether what was read back is what was expected."""

from dataclasses import dataclass
from typing import Literal

from schemas.records import Total, Totals
from tasks.core.wording.money import amount
from tasks.core.wording.words import counted

Agreement = Literal["agrees", "differs", "not read back"]


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One line of the table of control totals. ``count`` and ``sum`` are empty where unknown."""

    label: str
    count: str = ""
    sum: str = ""


@dataclass(frozen=True, kw_only=True)
class CurrencyTotals:
    """The control totals in one currency ("": of records that are not money) and the verdict on them."""

    currency: str
    stages: tuple[Stage, ...]
    agreement: Agreement
    says: str


def compare_totals(totals: Totals) -> tuple[CurrencyTotals, ...]:
    """Lay out the totals of every currency that occurs anywhere, sorted by currency."""
    every = (*totals.file, *totals.before, *totals.expected, *totals.after)
    return tuple(_compare(totals, currency) for currency in sorted({total.currency for total in every}))


def _compare(totals: Totals, currency: str) -> CurrencyTotals:
    expected, after = _find(totals.expected, currency), _find(totals.after, currency)
    agreement, says = _judge(expected, after) if totals.after else ("not read back", "nothing was read back")
    stages = (
        *([_stage("In the file", _find(totals.file, currency))] if totals.file else []),
        _stage("Before", _find(totals.before, currency)),
        _stage("Expected after", expected),
        _stage("After, read back", after if totals.after else None),
    )
    return CurrencyTotals(currency=currency, stages=stages, agreement=agreement, says=says)


def _find(side: tuple[Total, ...], currency: str) -> Total | None:
    """A side that names other currencies only holds nothing in this one; an empty side is unknown."""
    nothing = Total(currency=currency, count=0, sum_cents=0) if side else None
    return next((total for total in side if total.currency == currency), nothing)


def _stage(label: str, total: Total | None) -> Stage:
    if total is None:
        return Stage(label=label)
    return Stage(label=label, count=f"{total.count:,}", sum=_sum(total.sum_cents, total.currency))


def _sum(cents: int, currency: str) -> str:
    return amount(cents, currency) if currency else ""


def _judge(expected: Total | None, after: Total | None) -> tuple[Agreement, str]:
    if expected is None or after is None or expected == after:
        return "agrees", "after is as expected"
    cents, count = after.sum_cents - expected.sum_cents, after.count - expected.count
    parts = [
        f"{'+' if cents > 0 else ''}{_sum(cents, after.currency)}" if cents else "",
        f"{'+' if count > 0 else '-'}{counted(abs(count), 'record')}" if count else "",
    ]
    return "differs", f"after differs from expected by {' and '.join(part for part in parts if part)}"

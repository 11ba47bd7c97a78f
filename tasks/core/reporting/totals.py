"""Control totals side by side, and whether what was read back is what was expected."""

from dataclasses import dataclass
from typing import Literal

from schemas.records import Total, Totals
from tasks.core.wording.speech import ENGLISH, Speech

Agreement = Literal["agrees", "differs", "not read back"]
IN_FILE, BEFORE, EXPECTED, AFTER = "In the file", "Before", "Expected after", "After, read back"
AS_EXPECTED, NOT_READ_BACK = "after is as expected", "nothing was read back"
DIFFERS = "after differs from expected by %(by)s"
DIFFERS_IN_BOTH = "after differs from expected by %(sum)s and %(count)s"
TOTALS_SAY = (IN_FILE, BEFORE, EXPECTED, AFTER, AS_EXPECTED, NOT_READ_BACK, DIFFERS, DIFFERS_IN_BOTH)
"""What is said of totals."""


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


def compare_totals(totals: Totals, speech: Speech = ENGLISH) -> tuple[CurrencyTotals, ...]:
    """Lay out the totals of every currency that occurs anywhere, sorted by currency, in the language of *speech*."""
    every = (*totals.file, *totals.before, *totals.expected, *totals.after)
    return tuple(_compare(totals, currency, speech) for currency in sorted({total.currency for total in every}))


def _compare(totals: Totals, currency: str, speech: Speech) -> CurrencyTotals:
    expected, after = _find(totals.expected, currency), _find(totals.after, currency)
    agreement, says = (
        _judge(expected, after, speech) if totals.after else ("not read back", speech.gettext(NOT_READ_BACK))
    )
    stages = (
        *([_stage(IN_FILE, _find(totals.file, currency), speech)] if totals.file else []),
        _stage(BEFORE, _find(totals.before, currency), speech),
        _stage(EXPECTED, expected, speech),
        _stage(AFTER, after if totals.after else None, speech),
    )
    return CurrencyTotals(currency=currency, stages=stages, agreement=agreement, says=says)


def _find(side: tuple[Total, ...], currency: str) -> Total | None:
    """A side that names other currencies only holds nothing in this one; an empty side is unknown."""
    nothing = Total(currency=currency, count=0, sum_cents=0) if side else None
    return next((total for total in side if total.currency == currency), nothing)


def _stage(label: str, total: Total | None, speech: Speech) -> Stage:
    if total is None:
        return Stage(label=label)
    return Stage(label=label, count=speech.number(total.count), sum=_sum(total.sum_cents, total.currency, speech))


def _sum(cents: int, currency: str, speech: Speech) -> str:
    return speech.amount(cents, currency) if currency else ""


def _judge(expected: Total | None, after: Total | None, speech: Speech) -> tuple[Agreement, str]:
    if expected is None or after is None or expected == after:
        return "agrees", speech.gettext(AS_EXPECTED)
    cents, count = after.sum_cents - expected.sum_cents, after.count - expected.count
    amounts = f"{'+' if cents > 0 else ''}{_sum(cents, after.currency, speech)}" if cents else ""
    records = f"{'+' if count > 0 else '-'}{_records(abs(count), speech)}" if count else ""
    if amounts and records:
        return "differs", speech.gettext(DIFFERS_IN_BOTH) % {"sum": amounts, "count": records}
    return "differs", speech.gettext(DIFFERS) % {"by": amounts or records}


def _records(count: int, speech: Speech) -> str:
    return speech.ngettext("%(num)s record", "%(num)s records", count)

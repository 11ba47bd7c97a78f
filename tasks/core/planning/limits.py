"""When a plan is too big to go through without a person: limits, as concerns.

What a limit is for a domain, and what its records are called, stands in its schema file; a run may raise it.
"""

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from schemas.domain import Limits, Resource
from schemas.records import Total, Totals
from schemas.tables import Concern
from tasks.core.planning.changes import WRITTEN, writable
from tasks.core.planning.chosen_lines import NOT_CHOSEN
from tasks.core.wording.words import counted

SECOND_PERSON = "SECOND_PERSON"
"""The code of the concern that a plan moves so much money that whoever submitted it may not approve it."""
_FEWEST_TO_COMPARE = 5
_CENTS_FOR_UNITS = (50, 200)


def raise_concerns(
    changes: pl.DataFrame, resource: Resource, limits: Limits, totals: Totals, *, exponent: int
) -> tuple[Concern, ...]:
    """List every limit that *changes* (those to be carried out) would pass, each with its smallest override."""
    in_target = sum(total.count for total in totals.before)
    found = [
        _too_many_rows(changes.height, limits),
        _too_large_a_share(changes, resource, in_target, limits),
        *(_of_amounts(changes, resource, limits, totals, exponent) if resource.amount else ()),
    ]
    return tuple(concern for concern in found if concern is not None)


def _of_amounts(
    changes: pl.DataFrame, resource: Resource, limits: Limits, totals: Totals, exponent: int
) -> list[Concern | None]:
    return [
        *_too_much_added(changes, resource, limits, exponent),
        _too_large_an_amount(changes, resource, limits, exponent),
        *_cents_for_units(totals),
    ]


def needs_second_person(
    changes: pl.DataFrame,
    resource: Resource,
    above: int | None,
    *,
    exponent: int,
    other_parts: Sequence[pl.DataFrame] = (),
) -> tuple[Concern, ...]:
    """List the currencies in which a file moves more than so many whole units; no override lets such a plan pass.

    It counts as a whole, however it is cut: of its *changes* (ChangeSet) those of lines that were not chosen too, and
    what its *other_parts* wrote before. What is added and what is taken away do not make up for each other.
    """
    if above is None or not resource.amount:
        return ()
    here, whole = _moved([writable(changes)], resource), _moved([_of_all_lines(changes), *other_parts], resource)
    return tuple(
        Concern(
            code=SECOND_PERSON,
            says=f"{_whole(cents, exponent):,} {unit} would be moved in all{_with_others(cents, here.get(unit, 0))}, "
            f"more than {above:,}: somebody who did not submit it has to approve it",
            about=(unit,),
        )
        for unit, cents in sorted(whole.items())
        if unit in here and cents > above * 10**exponent
    )


def _of_all_lines(changes: pl.DataFrame) -> pl.DataFrame:
    return changes.filter(pl.col("kind").is_in(WRITTEN) | (pl.col("code") == NOT_CHOSEN))


def _moved(parts: Sequence[pl.DataFrame], resource: Resource) -> dict[str, int]:
    """Add up by how much amounts grow or shrink, in cents by currency."""
    after, before = (pl.col(f"{resource.amount}_{side}").fill_null(0) for side in ("after", "before"))
    rows = pl.concat([part.select(_unit(resource), moved=(after - before).abs()) for part in parts])
    return dict(rows.group_by("unit").agg(pl.col("moved").sum()).iter_rows())


def _with_others(whole: int, here: int) -> str:
    return " with the other parts of the same file or run" if whole > here else ""


def _unit(resource: Resource) -> pl.Expr:
    return pl.coalesce(f"{resource.unit}_after", f"{resource.unit}_before").alias("unit")


def _too_many_rows(changed: int, limits: Limits) -> Concern | None:
    if changed <= limits.changed_rows:
        return None
    says = f"{counted(changed, 'record')} would change, more than the usual {limits.changed_rows:,}"
    return Concern(code="LIMIT_CHANGED_ROWS", says=says, override=f"max_changed_rows={changed}")


def _too_large_a_share(changes: pl.DataFrame, resource: Resource, live: int, limits: Limits) -> Concern | None:
    """Judge the share of *existing* records that change: new ones do not overwrite anything.

    A target counts those that are *live*; what changes and is not, such as a parked sale, exists besides.
    """
    existing = changes.filter(pl.col("kind") != "create")
    changed = existing.height
    others = existing.filter(pl.col(f"{resource.status}_before") != resource.live).height if resource.status else 0
    in_target = live + others
    if changed < limits.changed_rows_floor or changed <= limits.changed_share * in_target:
        return None
    percent = -(-changed * 100 // max(in_target, 1))
    says = (
        f"{changed:,} of {counted(in_target, 'existing record')} would change ({percent} %), "
        f"more than the usual {limits.changed_share:.0%}"
    )
    return Concern(code="LIMIT_CHANGED_SHARE", says=says, override=f"max_changed_percent={percent}")


def _too_much_added(changes: pl.DataFrame, resource: Resource, limits: Limits, exponent: int) -> list[Concern]:
    added = changes.group_by(_unit(resource)).agg(
        (pl.col(f"{resource.amount}_after").fill_null(0) - pl.col(f"{resource.amount}_before").fill_null(0)).sum()
    )
    return [
        Concern(
            code="LIMIT_ADDED",
            says=f"{_whole(cents, exponent):,} {unit} would be added in all, more than the usual {limits.added:,}",
            override=f"max_added={_whole(cents, exponent)}",
            about=(unit,),
        )
        for unit, cents in sorted(added.iter_rows())
        if cents > limits.added * 10**exponent
    ]


def _too_large_an_amount(changes: pl.DataFrame, resource: Resource, limits: Limits, exponent: int) -> Concern | None:
    """Judge amounts that grow: a large balance that shrinks is no danger."""
    after, before = pl.col(f"{resource.amount}_after"), pl.col(f"{resource.amount}_before").fill_null(0)
    large = changes.filter((after > limits.amount * 10**exponent) & (after > before))
    if large.is_empty():
        return None
    largest = _whole(int(large[f"{resource.amount}_after"].max()), exponent)  # type: ignore[arg-type]  # not empty
    says = (
        f"{counted(large.height, limits.noun)} would be worth more than {limits.amount:,}, "
        f"the largest {largest:,} (rounded up)"
    )
    return Concern(code=limits.amount_code, says=says, override=f"max_amount={largest}")


def _cents_for_units(totals: Totals) -> list[Concern]:
    before = {total.currency: total for total in totals.before}
    return [
        Concern(code="SCALE_SUSPECT", says=_scale_words(total.currency, ratio), about=(total.currency,))
        for total in totals.file
        if (ratio := _ratio_of_means(total, before.get(total.currency))) and _smells(ratio)
    ]


def _ratio_of_means(file: Total, held: Total | None) -> Fraction | None:
    if held is None or min(file.count, held.count) < _FEWEST_TO_COMPARE or not (file.sum_cents and held.sum_cents):
        return None
    return Fraction(file.sum_cents * held.count, held.sum_cents * file.count)


def _smells(ratio: Fraction) -> bool:
    low, high = _CENTS_FOR_UNITS
    return low <= ratio <= high or low <= 1 / ratio <= high


def _scale_words(currency: str, ratio: Fraction) -> str:
    larger = ratio if ratio > 1 else 1 / ratio
    direction = "larger" if ratio > 1 else "smaller"
    return (
        f"the {currency} amounts of the file are on average {round(larger)} times {direction} than those of the "
        "target: are they cents written as units, or the other way round?"
    )


def _whole(cents: int, exponent: int) -> int:
    """Round an amount up to whole units, so that the override named really lets it pass."""
    return -(-cents // int(10**exponent))

"""Reading a column of times: what the clock on the wall showed, and of which zone where a cell says so.

No order of day and month is taken for granted where both stand before the year: the column settles it, or the days
that it can show, or nobody knows. Dates with points are day first, those with a name of a month say it themselves.
Which instant is meant, and what follows where none is, is for the domain to say (``orders.file_dates``,
``loyalty.times``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from tasks.core.checking.day_order import DayOrder

_MONTHS = (
    ("jan", "janv", "january", "janvier", "januari"),
    ("feb", "fev", "fév", "févr", "february", "février", "februari"),
    ("mar", "mrt", "mars", "march", "maart"),
    ("apr", "avr", "april", "avril"),
    ("may", "mai", "mei", "maj"),
    ("jun", "juin", "june", "juni"),
    ("jul", "juil", "july", "juillet", "juli"),
    ("aug", "aoû", "août", "aout", "august", "augustus", "augusti"),
    ("sep", "sept", "september", "septembre"),
    ("oct", "okt", "october", "octobre", "oktober"),
    ("nov", "november", "novembre"),
    ("dec", "déc", "december", "décembre"),
)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}

_GAP = r"(?:T|,\s*|,?\s+(?:at\s+|à\s+|om\s+|kl\.?\s+|[-@]\s+)?)"
_TIME = (
    r"(?<hour>[0-9]{1,2})[:.h](?<minute>[0-9]{2})(?:[:.](?<second>[0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"(?:\s?(?<half>[AaPp])\.?[Mm]\.?)?\s?(?<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
_DAYS = (
    r"(?<year>[0-9]{4})(?<mark>[-/.])(?<month>[0-9]{1,2})(?<again>[-/.])(?<day>[0-9]{1,2})",
    r"(?<one>[0-9]{1,2})(?<mark>[-/.])(?<two>[0-9]{1,2})(?<again>[-/.])(?<year>[0-9]{4})",
    r"(?:\p{L}{2,9}\.?,?\s+)?(?<name>\p{L}{3,9})\.?\s+(?<day>[0-9]{1,2})(?:st|nd|rd|th)?,?\s+(?<year>[0-9]{4})",
    r"(?:\p{L}{2,9}\.?,?\s+)?(?:le\s+)?(?<day>[0-9]{1,2})(?:st|nd|rd|th|er)?\.?[\s-]+(?<name>\p{L}{3,9})\.?,?[\s-]+"
    r"(?<year>[0-9]{4})",
)
_FORMS = tuple(rf"^{day}(?:{_GAP}{_TIME})?$" for day in _DAYS)
_NUMBERS = ("year", "month", "day", "one", "two", "hour", "minute", "second")
_TEXTS = ("mark", "again", "name", "half", "zone")
_ORDERS: Sequence[DayOrder] = ("day first", "month first")


@dataclass(frozen=True, kw_only=True)
class WallTimes:
    """A column of times, and the *order* of day and month that it has.

    Cell by cell in *read*: ``wall`` (Datetime; midnight where no time stands; null: no time of any clock), ``timed``
    (a time of day stands there), ``ahead`` (minutes that its zone is ahead of UTC; null: it names none), and
    ``either``: its two readings where they differ, null where the order of day and month does not matter.
    """

    read: pl.DataFrame
    order: DayOrder


def read_wall_times(cells: pl.Series, shown: tuple[date, date] | None = None) -> WallTimes:
    """Read a column of times, null where nothing stands; *shown* are the first and the last day that it can show."""
    distinct = cells.rename("cell").unique().to_frame()
    parts = distinct.select("cell", *_parts()).with_columns(_in_order(order).alias(order) for order in _ORDERS)
    order = _concluded(parts, shown)
    read = parts.select("cell", wall=_wall(order), timed=pl.col("hour").is_not_null(), ahead=_ahead(), either=_either())
    whole = cells.rename("cell").to_frame().join(read, on="cell", how="left", maintain_order="left", nulls_equal=True)
    return WallTimes(read=whole, order=order)


def _parts() -> list[pl.Expr]:
    """Take each cell apart by the one form it has."""
    groups = [pl.col("cell").str.extract_groups(form) for form in _FORMS]
    found = {
        part: pl.coalesce(
            group.struct.field(part) for group, form in zip(groups, _FORMS, strict=True) if f"<{part}>" in form
        )
        for part in (*_NUMBERS, *_TEXTS)
    }
    named = found["name"].str.to_lowercase().replace_strict(_MONTH_NUMBERS, default=None, return_dtype=pl.Int32)
    numbers = {part: found[part].cast(pl.Int32) for part in _NUMBERS} | {
        "month": pl.coalesce(found["month"].cast(pl.Int32), named)
    }
    return [expr.alias(part) for part, expr in (found | numbers).items()]


def _in_order(order: DayOrder) -> pl.Expr:
    """Return the day of a cell with the year last, read in this order; null: there is no such day."""
    day, month = ("one", "two") if order == "day first" else ("two", "one")
    return pl.when(pl.col("mark") == pl.col("again")).then(_day(pl.col(month), pl.col(day)))


def _day(month: pl.Expr, day: pl.Expr) -> pl.Expr:
    return pl.format("{}-{}-{}", "year", month, day).str.to_date("%Y-%m-%d", strict=False)


def _concluded(parts: pl.DataFrame, shown: tuple[date, date] | None) -> DayOrder:
    """Conclude the order in which all cells are days, and of two the one in which all are *shown*."""
    some = parts.filter(pl.col("mark") != ".", pl.any_horizontal(pl.col(order).is_not_null() for order in _ORDERS))
    possible = [order for order in _ORDERS if some[order].null_count() == 0]
    likely = [order for order in possible if shown and some[order].is_between(*shown).all()]
    return next((found[0] for found in (likely, possible) if len(found) == 1), "unsettled")


def _either() -> pl.Expr:
    first, last = (pl.col(order) for order in _ORDERS)
    differ = (pl.col("mark") != ".") & first.ne_missing(last)
    return pl.when(differ).then(pl.concat_str(first, last, separator=" or ", ignore_nulls=True))


def _wall(order: DayOrder) -> pl.Expr:
    """Return what the clock on the wall showed; null where none does, or where nothing says which of two."""
    first, last = (pl.col(which) for which in _ORDERS)
    either = pl.when(first.is_null() | (first == last)).then(last).when(last.is_null()).then(first)
    numeric = pl.when(pl.col("mark") == ".").then(first).otherwise(either if order == "unsettled" else pl.col(order))
    written = pl.when(pl.col("mark").eq_missing(pl.col("again"))).then(_day(pl.col("month"), pl.col("day")))
    day = pl.when(pl.col("one").is_null()).then(written).otherwise(numeric)
    clock = pl.format("{}:{}:{}", _hour(), pl.col("minute").fill_null(0), pl.col("second").fill_null(0))
    return pl.format("{} {}", day, clock).str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)


def _hour() -> pl.Expr:
    """Return the hour of the day, null where am or pm stands beside one that has no half."""
    hour, half = pl.col("hour").fill_null(0), pl.col("half").str.to_lowercase()
    by_half = hour % 12 + pl.when(half == "p").then(12).otherwise(0)
    return pl.when(half.is_null()).then(hour).when(hour.is_between(1, 12)).then(by_half)


def _ahead() -> pl.Expr:
    zone = pl.col("zone").str.replace(":", "", literal=True)
    minutes = zone.str.slice(1, 2).cast(pl.Int32, strict=False) * 60 + zone.str.slice(3, 2).cast(pl.Int32, strict=False)
    offset = pl.when(zone.str.starts_with("-")).then(-minutes).when(zone.str.starts_with("+")).then(minutes)
    return pl.when(zone.is_not_null()).then(offset.fill_null(0))

"""Dates and times of an export: as the database writes them, as plugins and spreadsheets do, or in words.

No order of day and month is taken for granted where both stand before the year: the column settles it, or the cell
goes back. Dates with points are day first, those with a name of a month say it themselves.
"""

from dataclasses import dataclass

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

_GAP = r"(?:T|,?\s+(?:at\s+|à\s+|om\s+|kl\.?\s+|[-@]\s+)?)"
_TIME = (
    r"(?<hour>\d{1,2})[:.](?<minute>\d\d)(?:[:.](?<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"(?:\s?(?<half>[AaPp])\.?[Mm]\.?)?\s?(?<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?"
)
_FORMS = (
    r"(?<year>\d{4})(?<mark>[-/.])(?<month>\d{1,2})(?<again>[-/.])(?<day>\d{1,2})",
    r"(?<first>\d{1,2})(?<mark>[-/.])(?<other>\d{1,2})(?<again>[-/.])(?<year>\d{4})",
    r"(?:\p{L}{2,9}\.?,?\s+)?(?<name>\p{L}{3,9})\.?\s+(?<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})",
    r"(?:\p{L}{2,9}\.?,?\s+)?(?:le\s+)?(?<day>\d{1,2})(?:st|nd|rd|th|er)?\.?[\s-]+(?<name>\p{L}{3,9})\.?,?[\s-]+(?<year>\d{4})",
)
_PARTS = ("year", "month", "day", "first", "other", "mark", "again", "name", "hour", "minute", "second", "half", "zone")


@dataclass(frozen=True, kw_only=True)
class DatesRead:
    """A column of dates, cell by cell: ``local`` or ``utc``, each as ``2024-03-09T14:02:11`` and null where the other
    holds or neither can be read; and ``twofold``, the two readings of a cell that nothing settles.
    """

    read: pl.DataFrame
    says: str


def read_dates(cells: pl.Series) -> DatesRead:
    """Read a column of dates, null where nothing stands; and say which order of day and month it has, if any."""
    distinct = cells.rename("cell").unique().to_frame()
    parts = _with_month(_parts(distinct))
    order = _concluded(parts)
    read = parts.select("cell", **_instants(order), twofold=_twofold(order))
    whole = cells.rename("cell").to_frame().join(read, on="cell", how="left", maintain_order="left", nulls_equal=True)
    return DatesRead(read=whole, says="" if order == "unsettled" else f"dates: {order} (concluded from the column)")


def _parts(cells: pl.DataFrame) -> pl.DataFrame:
    """Take each cell apart by the one form it has."""
    found = [pl.col("cell").str.extract_groups(rf"^{form}{_GAP}{_TIME}$") for form in _FORMS]
    apart = cells.with_columns(group.alias(f"form {at}") for at, group in enumerate(found))
    named = {
        part: pl.coalesce(
            pl.col(f"form {at}").struct.field(part) for at, form in enumerate(_FORMS) if f"<{part}>" in form + _TIME
        )
        for part in _PARTS
    }
    return apart.select("cell", **named)


def _with_month(parts: pl.DataFrame) -> pl.DataFrame:
    named = pl.col("name").str.to_lowercase().replace_strict(_MONTH_NUMBERS, default=None, return_dtype=pl.Int64)
    numbers = [pl.col(name).cast(pl.Int64) for name in ("year", "month", "day", "first", "other", "hour")]
    return parts.with_columns(numbers).with_columns(month=pl.coalesce("month", named))


def _concluded(parts: pl.DataFrame) -> DayOrder:
    """Conclude the order of day and month from the cells that have only one reading: they must agree."""
    some = parts.filter(_before_year(), pl.col("mark") != ".")
    day_first = some.filter(_day(day_first=True).is_not_null() & _day(day_first=False).is_null()).height
    month_first = some.filter(_day(day_first=False).is_not_null() & _day(day_first=True).is_null()).height
    if bool(day_first) == bool(month_first):
        return "unsettled"
    return "day first" if day_first else "month first"


def _before_year() -> pl.Expr:
    return pl.col("first").is_not_null() & (pl.col("mark") == pl.col("again"))


def _day(*, day_first: bool) -> pl.Expr:
    """Return the day that a cell with the year last means, read in this order; null: there is no such day."""
    day, month = ("first", "other") if day_first else ("other", "first")
    return _iso(pl.col("year"), pl.col(month), pl.col(day))


def _iso(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    two = [part.cast(pl.String).str.zfill(2) for part in (month, day)]
    text = pl.concat_str(year.cast(pl.String).str.zfill(4), *two, separator="-")
    return text.str.to_date("%Y-%m-%d", strict=False).dt.strftime("%Y-%m-%d")


def _one_day(order: DayOrder) -> pl.Expr:
    """Return the day of each cell; null where it has none, or two and *order* does not say which."""
    first, last = _day(day_first=True), _day(day_first=False)
    either = pl.when(first.is_null() | (first == last)).then(last).when(last.is_null()).then(first)
    by_order = {"day first": first, "month first": last}.get(order, either)
    numeric = pl.when(pl.col("mark") == ".").then(first).otherwise(by_order)
    written = _iso(pl.col("year"), pl.col("month"), pl.col("day"))
    same = pl.col("mark").is_null() | (pl.col("mark") == pl.col("again"))
    return pl.when(same).then(pl.when(pl.col("first").is_not_null()).then(numeric).otherwise(written))


def _twofold(order: DayOrder) -> pl.Expr:
    if order != "unsettled":
        return pl.lit(None, pl.String)
    first, last = _day(day_first=True), _day(day_first=False)
    doubtful = _before_year() & (pl.col("mark") != ".") & (first != last)
    return pl.when(doubtful).then(pl.format("{} or {}", first, last))


def _instants(order: DayOrder) -> dict[str, pl.Expr]:
    """Return when it was on the clocks of the shop, or in UTC where the cell says of which zone it is."""
    half = pl.col("half").str.to_lowercase()
    by_half = pl.when(pl.col("hour").is_between(1, 12)).then(
        pl.col("hour") % 12 + pl.when(half == "p").then(12).otherwise(0)
    )
    hour = pl.when(half.is_null()).then("hour").otherwise(by_half).cast(pl.String).str.zfill(2)
    clock = pl.concat_str(hour, "minute", pl.col("second").fill_null("00"), separator=":")
    when = pl.concat_str(_one_day(order), clock, separator="T").str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False)
    written = "%Y-%m-%dT%H:%M:%S"
    return {
        "local": pl.when(pl.col("zone").is_null()).then(when).dt.strftime(written),
        "utc": pl.when(pl.col("zone").is_not_null()).then(when - _offset()).dt.strftime(written),
    }


def _offset() -> pl.Expr:
    """Return how far the cell's zone is ahead of UTC."""
    zone = pl.col("zone").str.replace(":", "", literal=True)
    ahead = zone.str.slice(1, 2).cast(pl.Int64, strict=False) * 60 + zone.str.slice(3, 2).cast(pl.Int64, strict=False)
    minutes = pl.when(zone.str.starts_with("-")).then(-ahead).when(zone.str.starts_with("+")).then(ahead).otherwise(0)
    return pl.duration(minutes=minutes)

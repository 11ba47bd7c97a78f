"""What a spreadsheet makes of a cell when a file is only opened and saved: which two texts are one and the same to it.

It takes zeros off, writes numbers and dates as its own country does, and loses letters that its encoding does
not have. None of this is a correction. The texts are those of the cell before and after; of which sign was meant
by which number nothing is decided here.
"""

import polars as pl

_NOTHING = pl.lit(None, pl.String)
_CURRENCY = r"(?i)^(?:[€$£¥]|kr\.?|sek|nok|dkk|eur|usd|gbp|chf)|(?:[€$£¥]|kr\.?|sek|nok|dkk|eur|usd|gbp|chf)$"
_NUMBER = r"^-?[0-9.,]*[0-9][0-9.,]*$"
_POINT = r"^-?[0-9,]*\.?[0-9]*$"
_COMMA = r"^-?(?:[0-9]*|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]*)?$"
_SCIENTIFIC = r"^-?[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+$"
_CLOSE = 5e-3
"""How far a number in scientific notation may be off: three digits are shown of it at least."""
_KEPT_DIGITS = 15
"""So many digits of a number a spreadsheet keeps."""
_MONTHS = (
    "jan",
    "f[eé]v|feb",
    "mar|mrt",
    "apr|avr",
    "maj|mai|may|mei",
    "jun|juin",
    "jul|juil",
    "aug|ao[uû]",
    "sep",
    "o[kc]t",
    "nov",
    "d[eé]c",
)
_TIME = r"[T ]+[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2}(?:\.[0-9]+)?)?(?:[+-][0-9:]+|Z)?$"
_DATE = r"^[0-9]{1,4}(?:[-/. ]+[0-9]{1,4}){1,2}\.?$"
_BY_YEAR = r"^[0-9]{4}-"
_YES, _NO = "true|vrai|sant|waar|wahr", "false|faux|falskt|onwaar|falsch"
_LOST = r"\?|\x{FFFD}|[ÂÃÅâ][^\x00-\x7f]"
"""How letters look that an encoding does not have, or that were read in another one."""
_FOREIGN = r"(?:[^\x00-\x7f]|\?)+"


def are_same(pairs: pl.DataFrame) -> pl.Series:
    """Say of *pairs* of texts (``before, after``) which a spreadsheet may have made of one another automatically."""
    before, after = pl.col("before"), pl.col("after")
    day, bare = [_as_day(each) for each in (before, after)], [_bare(each) for each in (before, after)]
    read = pairs.with_columns(
        day_before=day[0], day_after=day[1], bare_before=bare[0], bare_after=bare[1], same=_text(before) == _text(after)
    )
    judged = (_is_same_number(), _is_share(before, after), _is_same_date(), _is_same_but_letters(before, after))
    return read.select(pl.any_horizontal("same", *judged).fill_null(False)).to_series()


def lost_zeros(before: pl.Expr, after: pl.Expr) -> pl.Expr:
    """Say whether *after* is a code *before* without the zeros it began with."""
    return before.str.contains("^0[0-9]+$") & (after != before) & (after == before.str.strip_chars_start("0"))


def _text(cell: pl.Expr) -> pl.Expr:
    """Write a text as any file may hold it: with one kind of line break, none around it, and truth in one language."""
    plain = cell.str.replace_all("\r\n|\r", "\n").str.strip_chars().str.replace("^'", "")
    return plain.str.replace(rf"(?i)^(?:{_YES})$", "TRUE").str.replace(rf"(?i)^(?:{_NO})$", "FALSE")


def _is_same_number() -> pl.Expr:
    before, after = pl.col("bare_before"), pl.col("bare_after")
    readings = [(_as_point(one), _as_comma(one)) for one in (before, after)]
    equal = [(left == right).fill_null(False) for left in readings[0] for right in readings[1]]
    return pl.any_horizontal(equal) | _is_rounded(before, after)


def _bare(cell: pl.Expr) -> pl.Expr:
    """Return a number without what stands around or between its digits but says nothing of their value."""
    plain = cell.str.replace_all(r"[\s'’]", "").str.replace_all(_CURRENCY, "").str.replace(r"^\+", "")
    return pl.when(plain.str.contains(_NUMBER) | plain.str.contains(_SCIENTIFIC)).then(plain).otherwise(_NOTHING)


def _as_point(number: pl.Expr) -> pl.Expr:
    """Read a number with a decimal point; commas are thousands marks, wherever they stand."""
    return _plain(pl.when(number.str.contains(_POINT)).then(number.str.replace_all(",", "")).otherwise(_NOTHING))


def _as_comma(number: pl.Expr) -> pl.Expr:
    pointed = number.str.replace_all(".", "", literal=True).str.replace(",", ".")
    return _plain(pl.when(number.str.contains(_COMMA)).then(pointed).otherwise(_NOTHING))


def _plain(number: pl.Expr) -> pl.Expr:
    """Write a number in one way: no zeros that say nothing."""
    whole = number.str.replace(r"^(-?)0+([0-9])", "${1}${2}").str.replace(r"^(-?)\.", "${1}0.")
    return whole.str.replace(r"(\.[0-9]*?)0+$", "${1}").str.replace(r"\.$", "")


def _is_rounded(before: pl.Expr, after: pl.Expr) -> pl.Expr:
    """Say whether the last digits of a long number were lost, or hidden in scientific notation."""
    was, now = (one.str.replace(",", ".").cast(pl.Float64, strict=False) for one in (before, after))
    shortened = after.str.contains(_SCIENTIFIC) & ((was - now).abs() <= was.abs() * _CLOSE)
    long = before.str.contains(rf"^[0-9]{{{_KEPT_DIGITS + 1},}}$") & (before.str.len_chars() == after.str.len_chars())
    cut = long & (before.str.head(_KEPT_DIGITS - 1) == after.str.head(_KEPT_DIGITS - 1))
    return (shortened | cut).fill_null(False)


def _is_share(before: pl.Expr, after: pl.Expr) -> pl.Expr:
    """Say whether 25 % has become 0.25."""
    of_hundred = before.str.extract(r"^\s*(-?[0-9]+(?:[.,][0-9]+)?)\s*%\s*$").str.replace(",", ".")
    was = of_hundred.cast(pl.Float64, strict=False) / 100
    now = after.str.strip_chars().str.replace(",", ".").cast(pl.Float64, strict=False)
    return ((was - now).abs() < 1e-9).fill_null(False)


def _is_same_date() -> pl.Expr:
    """Say whether two dates hold the same numbers in any order: which of them is the day, nobody can tell.

    Of two numbers with a point between them at least one text must be more than that, else both are amounts.
    """
    days = [pl.col("day_before"), pl.col("day_after")]
    numbers = [_numbers(day) for day in days]
    sure = pl.all_horizontal([day.str.contains(_BY_YEAR) for day in days])
    amounts = pl.all_horizontal(
        [cell.str.contains(r"^[0-9]*[.,]?[0-9]*$") for cell in (pl.col("before"), pl.col("after"))]
    )
    short, long = (pl.min_horizontal(n.list.len() for n in numbers), pl.max_horizontal(n.list.len() for n in numbers))
    shared = numbers[0].list.set_intersection(numbers[1]).list.len()
    same = pl.when(short == long).then(numbers[0] == numbers[1]).otherwise(shared >= short)
    return (same & ~amounts & ~(sure & (days[0] != days[1]))).fill_null(False)


def _as_day(cell: pl.Expr) -> pl.Expr:
    """Return a date without its time and with its month in digits; null where it is no date."""
    day = cell.str.strip_chars().str.replace(_TIME, "")
    for number, names in enumerate(_MONTHS, 1):
        day = day.str.replace(rf"(?i)\b(?:{names})\p{{L}}*\.?", str(number))
    return pl.when(day.str.contains(_DATE)).then(day).otherwise(_NOTHING)


def _numbers(day: pl.Expr) -> pl.Expr:
    """Return the numbers of a date in ascending order; of a year its last two digits."""
    return day.str.extract_all("[0-9]+").list.eval(pl.element().cast(pl.Int64) % 100).list.sort()


def _is_same_but_letters(before: pl.Expr, after: pl.Expr) -> pl.Expr:
    """Say whether letters were lost; to put back those that were lost before is a correction."""
    marks = [cell.str.count_matches(_LOST) for cell in (before, after)]
    shapes = [_text(cell).str.replace_all(_FOREIGN, "?") for cell in (before, after)]
    return (shapes[0] == shapes[1]) & (marks[1] > marks[0])

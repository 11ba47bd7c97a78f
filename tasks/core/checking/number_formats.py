"""Concluding in which one format a column writes its amounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import polars as pl

from schemas.domain import NumberFormat, ThousandsMark

NumberFormatName = Literal[
    "auto", "1234.56", "1,234.56", "1 234.56", "1'234.56", "1234,56", "1.234,56", "1 234,56", "1'234,56"
]
NUMBER_FORMAT_CHOICES: tuple[NumberFormatName, ...] = get_args(NumberFormatName)

BLANKS = " \u00a0\u2009\u202f"
_MARKS: Mapping[str, str] = {"": "", ".": r"\.", ",": ",", "'": "['’]"} | dict.fromkeys(BLANKS, f"[{BLANKS}]")
_ANY_MARK = f"[.,'’{BLANKS}]"
_AMBIGUOUS = r"^[1-9][0-9]{0,2}[.,][0-9]{3}$"
_WORDS = {"": "no thousands mark", " ": "thousands blank", "'": "thousands apostrophe"} | {
    ".": "thousands point",
    ",": "thousands comma",
}

_NAMED: Mapping[str, NumberFormat] = {
    "1234.56": NumberFormat(decimal=".", thousands=""),
    "1,234.56": NumberFormat(decimal=".", thousands=","),
    "1 234.56": NumberFormat(decimal=".", thousands=" "),
    "1'234.56": NumberFormat(decimal=".", thousands="'"),
    "1234,56": NumberFormat(decimal=",", thousands=""),
    "1.234,56": NumberFormat(decimal=",", thousands="."),
    "1 234,56": NumberFormat(decimal=",", thousands=" "),
    "1'234,56": NumberFormat(decimal=",", thousands="'"),
}


@dataclass(frozen=True, kw_only=True)
class Concluded:
    """The format of a column, and how we came to it.

    ``declared`` means that nothing in the column settled the decimal sign: then a cell that
    can be read two ways is not read at all.
    """

    format: NumberFormat
    how: Literal["chosen", "concluded", "declared"]
    says: str


def named_format(name: NumberFormatName) -> NumberFormat | None:
    """Return the format that people call *name*; None for ``auto``: conclude it from the cells."""
    return _NAMED.get(name)


def example(number_format: NumberFormat) -> str:
    """Write twelve and a half as the format does."""
    return f"12{number_format.decimal}50"


def thousands_pattern(number_format: NumberFormat) -> str:
    """Return a regular expression for the thousands mark. All blanks are one mark, ' and ’ too."""
    return _MARKS[number_format.thousands]


def decimal_pattern(number_format: NumberFormat) -> str:
    """Return a regular expression for the decimal sign."""
    return _MARKS[number_format.decimal]


def amount_pattern(number_format: NumberFormat) -> str:
    """Return a regular expression for any amount without sign, of any size and precision.

    Thousands marks may be left out, but where one stands all must stand, at every third digit.
    """
    sign, mark = decimal_pattern(number_format), thousands_pattern(number_format)
    whole = rf"[0-9]+|[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+" if mark else "[0-9]+"
    return rf"^(?:(?:{whole})(?:{sign}[0-9]*)?|{sign}[0-9]+)$"


def is_ambiguous(cells: pl.Expr) -> pl.Expr:
    """Tell cells such as ``1,234``: one mark before just three digits may be either sign."""
    return cells.str.contains(_AMBIGUOUS)


def conclude_format(cells: pl.Series, declared: NumberFormat, chosen: NumberFormat | None) -> Concluded:
    """Conclude the one format of a column; never one cell by one.

    - A *chosen* format wins.
    - Otherwise every cell with a mark between or beside its digits votes for all formats
      under which it can be read. A cell that no format can read does not vote.
    - ``1,234`` and ``1.234`` are ambiguous and do not vote. Once other cells have settled the
      decimal sign they are read under it, and the other sign is then a thousands mark.
    - If one decimal sign and one way to mark thousands serves all voters, that is the format.
    - A mixed column falls back to the *declared* format. What does not fit it is rejected.
    - Where only ambiguous cells carry marks the *declared* format stands and they are rejected.
    """
    if chosen is not None:
        return Concluded(format=chosen, how="chosen", says=f"amounts: {describe(chosen)} (as chosen)")
    ballots = _ballots(cells, declared)
    clear = ballots.filter(~pl.col("ambiguous"))
    shared = [name for name in _NAMED if clear[name].all()]
    if len({_NAMED[name].decimal for name in shared}) == 1:
        filled = int((cells != "").sum())
        return _concluded(_narrow(shared, ballots), declared, f"{clear['count'].sum()} of {filled} cells")
    return _fall_back(shared, ballots, declared)


def conclude_from_other(cells: pl.Series, other: Concluded) -> Concluded:
    """Conclude the format of a column by itself; where it does not say, it has the decimal sign of the *other*.

    The thousands mark of the other is not forced on it where it may be a decimal sign here: beside 12,50 a cell such
    as 1.500 may be either, and is not read. A format that was chosen holds where the column itself says nothing.
    """
    own = conclude_format(cells, other.format, None)
    if own.how == "concluded" or other.how == "declared":
        return own
    if other.how == "chosen":
        return other
    mark: ThousandsMark = "" if own.format.thousands in (".", ",") else own.format.thousands
    return replace(other, format=NumberFormat(decimal=other.format.decimal, thousands=mark))


def describe(number_format: NumberFormat) -> str:
    """Name the two signs in words: ``decimal comma, thousands blank``."""
    decimal = "decimal comma" if number_format.decimal == "," else "decimal point"
    return f"{decimal}, {_WORDS[_fold(number_format).thousands]}"


def _ballots(cells: pl.Series, declared: NumberFormat) -> pl.DataFrame:
    """Return distinct voting cells: ``cell, count``, one column a format (fits or not), ``ambiguous``."""
    common = cells.str.contains(rf"^[0-9]+{decimal_pattern(declared)}[0-9]{{1,2}}$")
    rest = cells.filter(~common)
    counted = rest.filter(rest.str.contains(_ANY_MARK)).rename("cell").value_counts()
    # the one form nearly all cells of a clean file have is counted at once, under a specimen
    specimen = pl.DataFrame({"cell": [example(declared)], "count": [common.sum()]}, schema=counted.schema)
    fits = [pl.col("cell").str.contains(amount_pattern(known)).alias(name) for name, known in _NAMED.items()]
    ballots = pl.concat([specimen, counted]).with_columns(*fits, ambiguous=is_ambiguous(pl.col("cell")))
    return ballots.filter(pl.col("count") > 0, pl.any_horizontal(list(_NAMED)))


def _narrow(shared: Sequence[str], ballots: pl.DataFrame) -> list[NumberFormat]:
    """Let ambiguous cells choose the thousands mark, now that the decimal sign is settled."""
    formats = [_NAMED[name] for name in shared]
    other = "." if formats[0].decimal == "," else ","
    grouped = ballots.filter(pl.col("ambiguous"), pl.col("cell").str.contains(other, literal=True)).height > 0
    return [known for known in formats if known.thousands == other and grouped] or formats


def _concluded(formats: Sequence[NumberFormat], declared: NumberFormat, evidence: str) -> Concluded:
    best = _nearest(formats, declared)
    return Concluded(format=best, how="concluded", says=f"amounts: {describe(best)} (concluded from {evidence})")


def _fall_back(shared: Sequence[str], ballots: pl.DataFrame, declared: NumberFormat) -> Concluded:
    best = _nearest([_NAMED[name] for name in shared], declared) if shared else declared
    why = _why_not(ballots) if shared else f"as declared; the column mixes formats: {_sides(ballots)}"
    return Concluded(format=best, how="declared", says=f"amounts: {describe(best)} ({why})")


def _nearest(formats: Sequence[NumberFormat], declared: NumberFormat) -> NumberFormat:
    home = _fold(declared)
    return min(formats, key=lambda known: (known != home, known.decimal != home.decimal))


def _why_not(ballots: pl.DataFrame) -> str:
    doubtful = ballots.filter(pl.col("ambiguous"))["count"].sum()
    if doubtful:
        return f"as declared; cells such as 1,234 can be read two ways and are rejected: {doubtful}"
    return "as declared; no cell says otherwise"


def _sides(ballots: pl.DataFrame) -> str:
    fits = {
        sign: pl.any_horizontal([name for name, known in _NAMED.items() if known.decimal == sign])
        for sign in (".", ",")
    }
    comma = ballots.filter(fits[","] & ~fits["."])["count"].sum()
    point = ballots.filter(fits["."] & ~fits[","])["count"].sum()
    return f"{comma} cells fit only a decimal comma, {point} only a decimal point"


def _fold(number_format: NumberFormat) -> NumberFormat:
    """Fold the many blanks into one, as the patterns do."""
    return replace(number_format, thousands=" ") if number_format.thousands in tuple(BLANKS) else number_format

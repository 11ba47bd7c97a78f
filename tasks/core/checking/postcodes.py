"""Reading postcodes by the rule of their country, where we know it.

The rules are those of the countries' posts as Google's public address data (libaddressinput)
gives them: the postcode alone, without the country before it, unless it is a part of it as in
Latvia. A rule looks at the form; whether a postcode is given out is not asked. The tests hold the
rules to the package of that data, which itself neither repairs nor writes postcodes the usual way.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, SCIENTIFIC, ReadColumn, no_rejects, pick
from tasks.core.checking.distinct_values import Unreadable, known_where, read_unread

_BLANKS_AND_DASHES = r"[\s‐-―-]"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """How a country writes its postcodes.

    *pattern* is for the letters and digits alone, in upper case; *written* puts its groups
    together the usual way.
    """

    pattern: str
    written: str
    example: str


_TABLE: tuple[tuple[str, str, str, str], ...] = (
    ("AT", r"(?:AT?)?([1-9]\d{3})", r"\1", "1010"),
    ("AU", r"(?:AU)?(\d{4})", r"\1", "2000"),
    ("AX", r"(?:AX)?(22\d{3})", r"\1", "22100"),
    ("BE", r"(?:BE?)?([1-9]\d{3})", r"\1", "1000"),
    ("BG", r"(?:BG)?([1-9]\d{3})", r"\1", "1000"),
    ("CA", r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])(\d[ABCEGHJ-NPRSTV-Z]\d)", r"\1 \2", "K1A 0B1"),
    ("CH", r"(?:CH)?([1-9]\d{3})", r"\1", "8001"),
    ("CY", r"(?:CY)?(\d{4})", r"\1", "1010"),
    ("CZ", r"(?:CZ)?([1-7]\d{2})(\d{2})", r"\1 \2", "110 00"),
    ("DE", r"(?:DE?)?(\d{5})", r"\1", "10115"),
    ("DK", r"(?:DK)?(\d{4})", r"\1", "1050"),
    ("EE", r"(?:EE)?(\d{5})", r"\1", "10111"),
    ("ES", r"(?:ES?)?((?:0[1-9]|[1-4]\d|5[0-2])\d{3})", r"\1", "28013"),
    ("FI", r"(?:FIN?)?(\d{5})", r"\1", "00100"),
    ("FO", r"(?:FO)?(\d{3})", r"\1", "100"),
    ("FR", r"(?:FR?)?(\d{5})", r"\1", "75001"),
    ("GB", r"(GIR|[A-Z]{1,2}\d[A-Z0-9]?)(\d[A-Z]{2})|(BFPO)(\d{1,4})", r"\1\3 \2\4", "SW1A 1AA"),
    ("GR", r"(?:GR)?(\d{3})(\d{2})", r"\1 \2", "104 31"),
    ("HR", r"(?:HR)?(\d{5})", r"\1", "10000"),
    ("HU", r"(?:HU?)?(\d{4})", r"\1", "1051"),
    ("IE", r"([AC-FHKNPRTV-Y]\d[0-9W])([0-9AC-FHKNPRTV-Y]{4})", r"\1 \2", "D02 AF30"),
    ("IS", r"(?:IS)?(\d{3})", r"\1", "101"),
    ("IT", r"(?:IT?)?(\d{5})", r"\1", "00184"),
    ("LI", r"(?:FL|LI)?(94\d{2})", r"\1", "9490"),
    ("LT", r"(?:LT)?(\d{5})", r"\1", "01103"),
    ("LU", r"(?:LU?)?(\d{4})", r"\1", "1009"),
    ("LV", r"(?:LV)?(\d{4})", r"LV-\1", "LV-1010"),
    ("MC", r"(?:MC)?(980\d{2})", r"\1", "98000"),
    ("MT", r"([A-Z]{3})(\d{4})", r"\1 \2", "VLT 1117"),
    ("NL", r"(?:NL)?([1-9]\d{3})([A-RT-Z][A-Z]|S[BCE-RT-Z])", r"\1 \2", "1012 AB"),
    ("NO", r"(?:NO?)?(\d{4})", r"\1", "0150"),
    ("NZ", r"(?:NZ)?(\d{4})", r"\1", "6011"),
    ("PL", r"(?:PL)?(\d{2})(\d{3})", r"\1-\2", "00-950"),
    ("PT", r"(?:PT?)?([1-9]\d{3})(\d{3})", r"\1-\2", "1000-205"),
    ("RO", r"(?:RO)?(\d{6})", r"\1", "010011"),
    ("SE", r"(?:SE?)?([1-9]\d{2})(\d{2})", r"\1 \2", "114 55"),
    ("SI", r"(?:SI)?(\d{4})", r"\1", "1000"),
    ("SK", r"(?:SK)?(\d{3})(\d{2})", r"\1 \2", "811 01"),
    ("US", r"(\d{5})(\d{4})?", r"\1-\2", "90210 or 90210-1234"),
)

RULES: Mapping[str, Rule] = {
    country: Rule(pattern=pattern.replace(r"\d", "[0-9]"), written=written, example=example)
    for country, pattern, written, example in _TABLE
}
"""ISO alpha-2 -> rule. A country that is not here keeps its postcodes as they are written."""


def read_postcodes(cells: pl.Series, countries: pl.Series) -> ReadColumn:
    """Read postcodes the way the country of their row writes them: ``11455`` as ``114 55`` in SE.

    *cells* is trimmed text without nulls, *countries* as read_countries gives them (ISO alpha-2,
    "" or null). Other forms are REF_POSTCODE; without a rule or a country a cell stays as it is.
    """
    shortened = pick(cells, cells.str.contains(SCIENTIFIC) & ~countries.is_in(list(RULES)).fill_null(False))
    lost = shortened.select("index", code=pl.lit("CELL_SCI_NOTATION"), detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)
    values, rejects, given = cells.clone().scatter(lost["index"], None), [no_rejects(), lost], cells != ""
    for country in sorted(RULES.keys() & set(countries.unique())):
        rows = pick(cells, given & (countries == country).fill_null(False))
        column = _read_in(country, rows["cell"])
        values = values.scatter(rows["index"], column.values)
        rejects.append(column.rejects.with_columns(index=rows["index"].gather(column.rejects["index"])))
    return ReadColumn(values=values, rejects=pl.concat(rejects).sort("index").cast(CELL_REJECTS_SCHEMA))


def _read_in(country: str, cells: pl.Series) -> ReadColumn:
    rule = RULES[country]
    pattern, written = f"^(?:{rule.pattern})$", re.sub(r"\\(\d)", r"${\1}", rule.written)
    bare = cells.str.replace_all(_BLANKS_AND_DASHES, "").str.to_uppercase()
    usual = bare.str.replace(pattern, written).str.strip_chars_end("-")  # a ZIP code may end before its dash
    known = known_where(usual, bare.str.contains(pattern))
    wrong = Unreadable(code="REF_POSTCODE", detail=f"in {country} it is like {rule.example}")
    return read_unread(cells, known, lambda _: wrong)

"""What findings say to people: which cell, what is wrong with it, and what would be right, in their language."""

from collections.abc import Callable
from functools import partial

import polars as pl

from schemas.catalogue import CATALOGUE, EXAMPLE
from schemas.tables import Language
from schemas.wordings import LANGUAGES, WORDINGS
from tasks.core.wording.asides import aside_in

LONGEST_SHOWN = 60
"""Characters of a cell that a message shows; the rejects file has the whole cell anyway."""


def message(line: int, heading: str, value: str, code: str, detail: str = "") -> str:
    """Say one finding in one line. It holds the cell's value: for artifacts, not for logs."""
    finding = {"line": line, "heading": heading, "value": value, "code": code, "detail": detail}
    row = with_messages(pl.DataFrame([finding])).row(0, named=True)
    return f"line {line}{', ' if heading else ': '}{row['message']}"


def with_messages(
    findings: pl.DataFrame, language: Language = "en", *, worded: Callable[[str], tuple[str, str]] | None = None
) -> pl.DataFrame:
    """Return *findings* with the column ``message``, which does not repeat the line, in a *language*.

    *worded* gives what a code says and its remedy, where that is not what ``wording`` says.
    """
    said = worded or partial(wording, language=language)
    entries = pl.DataFrame(
        [(code, *said(code)) for code in CATALOGUE], schema=["code", "_says", "_remedy"], orient="row"
    )
    asides = pl.col("detail").map_elements(partial(aside_in, language=language), pl.String)
    translated = findings if language == "en" else findings.with_columns(asides)
    joined = translated.join(entries, on="code", how="left", maintain_order="left", validate="m:1")
    place = place_of(pl.col("heading"), pl.col("value"))
    return joined.with_columns(message=pl.concat_str(place, _says(), pl.lit("; "), _remedy())).drop("_says", "_remedy")


def wording(code: str, language: Language) -> tuple[str, str]:
    """Return what a code says and its remedy, in a language; in English where it has no words there."""
    entry = CATALOGUE[code]
    return WORDINGS.get(language, {}).get(code, (entry.says, entry.remedy))


def says_of(code: str) -> tuple[str, ...]:
    """Return what a code says, in every language."""
    return tuple(dict.fromkeys(wording(code, language)[0] for language in LANGUAGES))


def place_of(heading: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Say which cell a message is about, as it begins; nothing where there is no heading."""
    printable = value.str.replace_all(r"[\x00-\x1f\x7f]", "?")
    shown = (
        pl.when(printable.str.len_chars() > LONGEST_SHOWN)
        .then(pl.concat_str(printable.str.head(LONGEST_SHOWN), pl.lit("...")))
        .otherwise(printable)
    )
    quoted = pl.when(printable == "").then(pl.lit("")).otherwise(pl.concat_str(pl.lit(" '"), shown, pl.lit("'")))
    return pl.when(heading == "").then(pl.lit("")).otherwise(pl.concat_str(heading, quoted, pl.lit(": ")))


def _says() -> pl.Expr:
    aside = (pl.col("detail") != "") & ~pl.col("_remedy").str.contains("{example}", literal=True)
    detailed = pl.concat_str(pl.col("_says"), pl.lit(" ("), pl.col("detail"), pl.lit(")"))
    return pl.when(aside).then(detailed).otherwise(pl.col("_says"))


def _remedy() -> pl.Expr:
    example = pl.when(pl.col("detail") == "").then(pl.lit(EXAMPLE)).otherwise(pl.col("detail"))
    return pl.col("_remedy").str.replace("{example}", example, literal=True)

"""Which run a file goes back to, and how its rows are known again.

A row is known by the reference that a rejects file gave it, or by a hash of its key.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence

import polars as pl

from schemas.catalogue import CATALOGUE
from schemas.domain import Resource
from schemas.tables import Dropped, Table
from tasks.core.planning.changes import OURS, WRITTEN
from tasks.core.wording.words import times

_KEYS_AT_ONCE = 50_000
_MOST_DIGITS = 9
_APART = "\x1f"


def read_references(references: Mapping[int, str]) -> pl.DataFrame:
    """Turn row references (``run:line``, by line of this file) into ``line, from_run, from_line``; ignore others."""
    split = [(line, *reference.partition(":")[::2]) for line, reference in references.items()]
    rows = [(line, run, int(from_line)) for line, run, from_line in split if run and _is_line(from_line)]
    schema = {"line": pl.UInt32, "from_run": pl.String, "from_line": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def references_and_drops(references: Mapping[int, str], dropped: Sequence[Dropped]) -> pl.DataFrame:
    """Return the same with the rows left out on purpose; ``dropped`` says why, and is empty for all others."""
    left_out = read_references({row.line: row.reference for row in dropped})
    why = {row.line: row.reason for row in dropped}
    reasons = pl.Series("dropped", [why[line] for line in left_out["line"]], dtype=pl.String)
    rows = read_references(references).with_columns(dropped=pl.lit(""))
    return pl.concat([rows, left_out.with_columns(reasons)])


def _is_line(text: str) -> bool:
    """Say whether a text is the number of a line: plain digits, and not more than a file has lines."""
    return text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS


def followed_run(references: pl.DataFrame) -> str:
    """Return the run whose rejects these rows are (the one most rows name), or nothing."""
    named = references.group_by("from_run").len().sort("len", "from_run", descending=[True, False])
    return str(named.item(0, 0)) if named.height else ""


def not_written(outcomes: pl.DataFrame) -> pl.Series:
    """Return the lines of a file that did not go in, by the outcomes: held, in conflict, refused, unknown.

    Lines of which there is no change were in the target already as wanted.
    """
    went_in = pl.col("kind").is_in(WRITTEN) & pl.col("outcome").is_in(OURS)
    return outcomes.filter(~went_in & pl.col("line").is_not_null())["line"].cast(pl.UInt32)


def keys_of(rows: pl.DataFrame, resource: Resource) -> pl.DataFrame:
    """Return ``line, key`` of rows."""
    return rows.select("line", key=known_as(resource, rows.columns))


def known_as(resource: Resource, columns: Collection[str]) -> pl.Expr:
    """Return the text by which a row with these *columns* is known again in a later file; empty where nothing tells.

    Where several may share what they are known by, the key of the record is part of it, or else its names: nobody's
    row speaks for another's.
    """
    there = [name for name in key_columns(resource) if name in columns]
    parts = {name: pl.col(name).fill_null("").str.replace_all(r"\s+", " ").str.strip_chars() for name in there}
    known = parts.pop(resource.known_by, pl.lit(""))
    if not resource.names:
        return known
    number = parts.pop(resource.key, pl.lit("")).str.strip_chars_start("0")  # 0 asks for a new record
    names = pl.concat_str([parts.get(name, pl.lit("")) for name in resource.names], separator=_APART)
    apart = pl.when(number != "").then(number).otherwise(names)
    whole = pl.concat_str(known, apart, separator=_APART)
    return pl.when(known == "").then(pl.lit("")).otherwise(whole)


def key_columns(resource: Resource) -> tuple[str, ...]:
    """Name the columns by which a row is known again."""
    return (resource.known_by, resource.key, *resource.names) if resource.names else (resource.known_by,)


def hash_keys(findings: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """List the rejected rows as ``line, codes, key_sha256``: enough to know them again, nothing to read."""
    codes = findings.group_by("line").agg(pl.col("code").unique().sort().str.join(" ").alias("codes"))
    joined = codes.join(keys, on="line", how="left").sort("line")
    return joined.select("line", "codes", key_sha256=pl.col("key").fill_null("").map_elements(key_hash, pl.String))


def key_hash(key: str) -> str:
    """Hash a record's key so that letter case and surrounding blanks do not matter; no key, no hash."""
    folded = key.strip().lower()
    return hashlib.sha256(folded.encode()).hexdigest() if folded else ""


def hashes_among(keys: pl.Series, waiting: pl.Series) -> pl.Series:
    """Return the hashes of *keys* that are among *waiting*, a slice at a time: a register has very many keys."""
    wanted = set(waiting)
    slices = (part.to_series().to_list() for part in keys.to_frame().iter_slices(_KEYS_AT_ONCE))
    found = [hashed for part in slices for hashed in map(key_hash, part) if hashed in wanted]
    return pl.Series(found, dtype=pl.String)


def reading_lines(table: Table, *says: str) -> tuple[str, ...]:
    """Say how the file was read: its form, its number format, what was repaired and what was left out."""
    form = table.form
    written = f"sheet {form.sheet!r}" if form.sheet else f"{form.encoding}, cells separated by {_named(form.separator)}"
    repaired = [f"{CATALOGUE[code].says}: repaired {times(count)} ({code})" for code, count in table.repairs.items()]
    return (f"{form.kind}, {written}", *says, *sorted(repaired), *table.notes)


def _named(separator: str) -> str:
    names = {";": "semicolon", "\t": "tab", "|": "bar"}
    return "comma" if separator == "," else f"{names.get(separator, repr(separator))} (FILE_DELIMITER)"

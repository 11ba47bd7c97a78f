"""Rejects that come back: which of them nobody has corrected, and which were left out on purpose.

A row is compared with its rejects file, cell by cell. What a spreadsheet changes automatically when a file
is saved is no correction (``resaved_cells``); nor is a cell that fits only because the row was filled up.
What a corrected row is worth is not judged here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

import numpy as np
import polars as pl

from schemas.rejects import DROP_WORDS, REFERENCE_PATTERN
from schemas.tables import FINDINGS_SCHEMA, Dropped, Language, Originals
from tasks.core.reading.headings import ERROR, REFERENCE, SURPLUS
from tasks.core.reading.original_rows import records_at
from tasks.core.reading.positions import Flags
from tasks.core.reading.raw_rows import RawRows, ReadCells, all_columns
from tasks.core.reading.trimmed_cells import trim
from tasks.core.rejects.resaved_cells import are_same, lost_zeros
from tasks.core.wording.messages import place_of, says_of, with_messages

_ROWS_AT_ONCE = 250_000
_OURS = (REFERENCE, SURPLUS, ERROR)
_AT_THE_END = re.compile(r'([\w-]+:[0-9]+)"?\s*$')
_WORDS = "|".join(DROP_WORDS.values())
DROPPED = rf"(?is)^(?:{_WORDS})\s*:\s*(.{{2,}})$"
TO_DROP = rf"(?i)^(?:{_WORDS})\s*(?::|$)"
"""What stands in the error cell of a row that is left out on purpose, with its reason, and without."""
_AMONG_ROWS = frozenset(
    {"GIFT_NUMBER_DUP_FILE", "CUST_EMAIL_DUP_FILE", "TIXLY_CUSTOMER_ID_DUP", "STOCK_SKU_TWICE", "ORDER_TWICE"}
)
"""Rejects that are put right by taking another row out, which leaves the row itself as it was."""
_IN_NO_CELL = ("FILE_ROW_WIDTH", "FILE_ROW_UNCHANGED")
_NO_CODES: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Codes that an option of the run answers, so that a row may come back as it was.

    ``cells`` are those where all depends on how a cell is written: then not even a spreadsheet may have touched it.
    """

    rows: frozenset[str] = _NO_CODES
    cells: frozenset[str] = _NO_CODES


def came_back(raw: RawRows, *, whole: bool = False) -> pl.DataFrame:
    """Return ``line``, the file's columns and those of a rejects file (REFERENCE, SURPLUS, ERROR), as trimmed text.

    Of the rows that bear a reference or an error; of all, where the *whole* file is asked for.
    """
    columns = all_columns(raw.headings)
    marks = [pl.col(name).str.strip_chars() != "" for name in (REFERENCE, ERROR) if name in columns]
    if not marks and not whole:
        return pl.DataFrame(schema={"line": pl.UInt32, **dict.fromkeys((*columns, *_OURS), pl.String)})
    keep = pl.lit(True) if whole else pl.any_horizontal(marks)
    rows = _of_workbook(raw, columns).filter(keep) if raw.originals.rows else _of_text(raw, columns, keep)
    trimmed, _ = trim(rows, list(columns))
    return trimmed.with_columns(pl.lit("").alias(name) for name in _OURS if name not in columns)


def _of_text(raw: RawRows, columns: dict[str, int], keep: pl.Expr) -> pl.DataFrame:
    starts = range(0, max(raw.height, 1), _ROWS_AT_ONCE)
    return pl.concat(raw.read(columns, slice(start, start + _ROWS_AT_ONCE)).filter(keep) for start in starts)


def _of_workbook(raw: RawRows, columns: dict[str, int]) -> pl.DataFrame:
    """Return all rows, those too with a cell that is no longer what was typed."""
    cells = {name: [row[at] for row in raw.originals.rows] for name, at in columns.items()}
    lines = pl.Series("line", raw.originals.lines, dtype=pl.UInt32)
    return pl.DataFrame([lines, *(pl.Series(name, texts, dtype=pl.String) for name, texts in cells.items())])


def runs_named(rows: pl.DataFrame) -> list[str]:
    """Return the runs that the references of *rows* name, the most named first."""
    named = rows.filter(pl.col(REFERENCE).str.contains(REFERENCE_PATTERN))
    runs = named.select(run=pl.col(REFERENCE).str.extract(r"^(.*):[0-9]+$"))
    return runs.group_by("run").len().sort("len", "run", descending=[True, False])["run"].to_list()


def as_rejected(raw: RawRows, findings: pl.DataFrame, run_id: str, *, together: str = "") -> pl.DataFrame:
    """Return the rows of a rejects file of *run_id* with their ``codes``, what was ``said`` of each, and the ``size``
    of what it belongs to: of how many rows that is which are *together* one thing.

    Rows that were too wide for their headings, as rejects files once left them, have a reference and no cells.
    """
    rows = came_back(raw, whole=True)
    sized = rows.with_columns(size=pl.len().over(_thing(together)) if together in rows.columns else pl.lit(1))
    ragged = pl.DataFrame({REFERENCE: _of_ragged(raw)}, schema={REFERENCE: pl.String})
    whole = pl.concat([sized.drop("line"), ragged], how="diagonal")
    errors = _errors_of(findings, raw.form.language).with_columns(
        pl.format("{}:{}", pl.lit(run_id), "line").alias(REFERENCE)
    )
    return whole.join(errors.drop("line"), on=REFERENCE, how="inner", maintain_order="left")


def _thing(together: str) -> pl.Expr:
    """Name what a row belongs to; a row that does not say it belongs to that of the row above."""
    return pl.when(pl.col(together) != "").then(together).forward_fill()


def _of_ragged(raw: RawRows) -> list[str]:
    if raw.originals.rows or raw.findings.is_empty():
        return []
    lines = raw.findings["line"].unique().sort().to_numpy()
    records = records_at(raw.originals, np.searchsorted(np.asarray(raw.originals.lines), lines).tolist())
    return [found.group(1) for record in records if (found := _AT_THE_END.search(record))]


def _errors_of(findings: pl.DataFrame, language: Language) -> pl.DataFrame:
    """Return ``line, codes, said``; of a row that had come back uncorrected before, what was said at first."""
    again = pl.col("code") == "FILE_ROW_UNCHANGED"
    messages = with_messages(findings, language)
    first = pl.col("message").filter(~again).str.join("; ")
    before = pl.col("detail").filter(again).first()
    errors = pl.when(first != "").then(first).otherwise(before).fill_null("")
    return messages.group_by("line").agg(codes=pl.col("code").unique(), said=errors)


def judge_returned(
    raw: RawRows,
    rows: pl.DataFrame,
    earlier: Sequence[pl.DataFrame],
    *,
    answered: Answered | None = None,
    together: str = "",
) -> RawRows:
    """Hold the *rows* that came back against the *earlier* rejects files that they name.

    Findings name those that must not go in; those dropped on purpose are taken out. Rows with the same cell in the
    column *together* are one thing, such as an order: one row of it that was changed changes it.
    """
    if rows.is_empty():
        return raw
    columns = [name for name in all_columns(raw.headings) if name not in (REFERENCE, ERROR)]
    compared = _compared(rows, earlier, columns)
    if together in rows.columns:
        compared = _as_one(compared, together)
    left = compared.filter(~pl.col("drop")).with_columns(uncorrected=_uncorrected(raw, answered or Answered()))
    found = [
        _unknown(left, raw),
        _unchanged(left, as_new=not together),
        _still_stands(left, raw),
        *_zeros(left, raw),
    ]
    judged = replace(raw, returned=pl.concat(found).sort("line", maintain_order=True))
    return _without_dropped(judged, compared.filter(pl.col("drop")))


def _compared(rows: pl.DataFrame, earlier: Sequence[pl.DataFrame], columns: Sequence[str]) -> pl.DataFrame:
    """Put beside each row what it was, and say whether it is ``known``, the ``same``, even ``exact``, and to ``drop``.

    A row may be that of several files of one run, whose attempts each left one: the one it is nearest to counts.
    """
    texts = pl.DataFrame(schema=dict.fromkeys((*columns, REFERENCE, ERROR, "said"), pl.String))
    none = texts.with_columns(codes=pl.lit(None, pl.List(pl.String)), size=pl.lit(None, pl.UInt32))
    known = pl.concat([none, *earlier], how="diagonal_relaxed").rename(lambda name: f"{name}_was")
    joined = rows.join(known, left_on=REFERENCE, right_on=f"{REFERENCE}_was", how="left", maintain_order="left")
    numbered = joined.with_row_index("at")
    readable = pl.col(f"{ERROR}_was").is_not_null()
    differ = _differing(numbered.filter(readable), columns)
    judged = numbered.with_columns(
        known=pl.col("codes_was").is_not_null(),
        same=readable & ~pl.col("at").is_in(differ.filter(~pl.col("same"))["at"].implode()),
        exact=readable & ~pl.col("at").is_in(differ["at"].implode()),
        drop=pl.col("codes_was").is_not_null() & pl.col(ERROR).str.contains(DROPPED),
    )
    nearest = judged.sort("line", "exact", "same", descending=[False, True, True], maintain_order=True)
    return nearest.unique("line", keep="first", maintain_order=True)


def _differing(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """Return ``at`` of every cell that is not what it was, and whether it is the ``same`` for all that."""
    cells = [
        rows.select("at", before=pl.col(f"{name}_was").fill_null(""), after=pl.col(name)).filter(
            pl.col("before") != pl.col("after")
        )
        for name in columns
    ]
    pairs = pl.concat(cells)
    distinct = pairs.select("before", "after").unique()
    return pairs.join(distinct.with_columns(same=are_same(distinct)), on=["before", "after"], how="left")


def _as_one(compared: pl.DataFrame, together: str) -> pl.DataFrame:
    """Judge rows that are one thing alike: it is the same if no row of it is missing, new or changed."""
    of_thing = compared.with_columns(thing=_thing(together))
    complete = (pl.len() == pl.col("size_was").first()) & pl.col("known").all()
    alike = [(complete & pl.col(name).all()).fill_null(False).over("thing").alias(name) for name in ("same", "exact")]
    return of_thing.with_columns(*alike, pl.col("drop").any().over("thing"))


def _uncorrected(raw: RawRows, answered: Answered) -> pl.Expr:
    """Say which rows were left as they were: a person says by an empty error cell that what it is now was meant."""
    touched = (pl.col(ERROR) == "") if raw.headings.error is not None else pl.lit(False)
    unchanged = pl.col("exact") | (pl.col("same") & ~touched)
    undone = pl.col(ERROR).str.contains(TO_DROP)
    in_rows, in_cells = [*_AMONG_ROWS, *answered.rows], [*_AMONG_ROWS, *answered.rows, *answered.cells]
    free = _only(in_rows) | (pl.col("exact") & _only(in_cells))
    return pl.col("known") & ((unchanged & ~free) | undone)


def _only(codes: Sequence[str]) -> pl.Expr:
    return (pl.col("codes_was").list.set_difference(pl.lit([*codes])).list.len() == 0).fill_null(False)


def _unknown(rows: pl.DataFrame, raw: RawRows) -> pl.DataFrame:
    """Find rows whose reference is none, or that are to be dropped and do not say which reject they were."""
    lost = ~pl.col("known") & ((pl.col(REFERENCE) != "") | pl.col(ERROR).str.contains(TO_DROP))
    heading = "" if raw.headings.reference is None else raw.headings.texts[raw.headings.reference].strip()
    return _found(rows.filter(lost), "FILE_ROW_REFERENCE", heading, pl.col(REFERENCE))


def _unchanged(rows: pl.DataFrame, *, as_new: bool) -> pl.DataFrame:
    """Find rows that nobody corrected, with what was said of them where that is not *told anew* of a cell."""
    in_no_cell = pl.col("codes_was").list.set_intersection(pl.lit([*_IN_NO_CELL])).list.len() > 0
    detail = pl.when(pl.col("exact") & ~in_no_cell & as_new).then(pl.lit("")).otherwise(pl.col("said_was"))
    return _found(rows.filter("uncorrected"), "FILE_ROW_UNCHANGED", detail=detail)


def _still_stands(rows: pl.DataFrame, raw: RawRows) -> pl.DataFrame:
    """Find rows without a reference whose error is still said of a cell as it stands, or of no cell at all."""
    texts = {name: raw.headings.texts[at].strip() for name, at in raw.headings.columns.items()}
    named = [
        pl.col(ERROR).str.contains(place_of(pl.lit(text), pl.col(name)), literal=True) for name, text in texts.items()
    ]
    whole = [pl.col(ERROR).str.contains(says, literal=True) for code in _IN_NO_CELL for says in says_of(code)]
    repeated = rows.filter((pl.col(REFERENCE) == "") & (pl.col(ERROR) != "") & pl.any_horizontal([*named, *whole]))
    return _found(repeated, "FILE_ROW_UNCHANGED")


def _zeros(rows: pl.DataFrame, raw: RawRows) -> list[pl.DataFrame]:
    """Find cells of corrected rows from which the spreadsheet took the zeros they began with."""
    corrected = rows.filter(pl.col("known") & ~pl.col("uncorrected") & (pl.col(ERROR) != ""))
    texts = {name: raw.headings.texts[at].strip() for name, at in raw.headings.columns.items()}
    was = {name: pl.col(f"{name}_was").fill_null("") for name in texts}
    return [
        _found(corrected.filter(lost_zeros(was[name], pl.col(name))), "CELL_ZEROS_TAKEN", text, pl.col(name), was[name])
        for name, text in texts.items()
    ]


def _found(
    rows: pl.DataFrame, code: str, heading: str = "", value: pl.Expr | None = None, detail: pl.Expr | None = None
) -> pl.DataFrame:
    nothing = pl.lit("")
    cells = {"value": nothing if value is None else value, "detail": nothing if detail is None else detail}
    found = rows.select("line", **cells, heading=pl.lit(heading), code=pl.lit(code))
    return found.select(FINDINGS_SCHEMA.names()).cast(FINDINGS_SCHEMA)


def _without_dropped(raw: RawRows, rows: pl.DataFrame) -> RawRows:
    """Take rows out that people left out on purpose, and remember which, and why."""
    if rows.is_empty():
        return raw
    reason = pl.col(ERROR).str.extract(DROPPED).fill_null("")
    dropped = rows.select("line", REFERENCE, reason.alias("reason"))
    kept = ~np.isin(np.asarray(raw.originals.lines), dropped["line"].to_numpy())
    return replace(
        raw,
        read=partial(_read_but, raw.read, dropped["line"]),
        originals=_kept(raw.originals, kept),
        findings=raw.findings.join(dropped, on="line", how="anti", maintain_order="left"),
        dropped=tuple(Dropped(line=line, reference=of, reason=why) for line, of, why in dropped.iter_rows()),
        notes=(*raw.notes, f"rows left out on purpose, as their error cells say: {dropped.height}"),
    )


def _read_but(read: ReadCells, lines: pl.Series, wanted: Mapping[str, int], rows: slice) -> pl.DataFrame:
    return read(wanted, rows).filter(~pl.col("line").is_in(lines.implode()))


def _kept(originals: Originals, kept: Flags) -> Originals:
    """Leave rows out of the originals."""
    at = np.flatnonzero(kept)
    if originals.rows:
        lines = np.asarray(originals.lines)[at].tolist()
        return Originals(lines=lines, rows=[originals.rows[place] for place in at.tolist()])
    places = (originals.lines, originals.starts, originals.ends)
    numbers, starts, ends = (cast(Sequence[int], np.asarray(part)[at]) for part in places)
    return replace(originals, lines=numbers, starts=starts, ends=ends)

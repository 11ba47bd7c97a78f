"""Checking every row of a file of customers: cells become values, and two rows about one person are told.

Who is in the register already is not asked here; that is ``tasks.core.planning``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import polars as pl

from schemas.customers import Customers, People
from schemas.domain import Dialect
from schemas.records import RowCounts
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.checking.birth_dates import concluded_order
from tasks.core.checking.cells import CELL_REJECTS_SCHEMA, ReadColumn, damage_code, no_rejects, pick
from tasks.core.checking.day_order import DayOrder
from tasks.core.checking.findings import (
    column_findings,
    count_rows,
    judged_findings,
    without_cells,
    without_rejects,
)
from tasks.core.checking.pandera_checks import judge, other_lines
from tasks.core.checking.qualifiers import (
    ENOUGH_TO_TELL,
    AskedColumn,
    concerns_of,
    judge_some_qualifiers,
    kinds_of,
    look_at_whole,
)
from tasks.core.checking.spreadsheet_codes import without_damage
from tasks.core.customers.identities import same_as
from tasks.core.customers.repairs import placeholder_concerns, without_line_breaks, without_placeholders
from tasks.core.customers.values import Register, read_values
from tasks.core.planning.packed_columns import pack, unpacked
from tasks.core.reading.parts import Parts
from tasks.core.reading.table import joined

BlankCells = Literal["keep", "clear"]

_NEW = "^0*$"
_ASKS = {"dead": "COLUMN_DOUBT", "unknown": "COLUMN_DOUBT", "unsaid": "COLUMN_DOUBT"}
"""What a column beside ours may say of a customer: blocked, deleted. A person looks at it; no row is lost for it."""


@dataclass(frozen=True, kw_only=True)
class CheckedCustomers:
    """What came of a file's rows. ``accepted`` satisfies ``schemas.customers.Customers``; ``file`` has no cells."""

    file: Table
    accepted: pl.LazyFrame
    findings: pl.DataFrame
    rows: RowCounts


@dataclass(frozen=True, kw_only=True)
class WholeColumns:
    """What follows from whole columns: in which order dates are written, and what columns are that no record takes."""

    order: DayOrder
    asked: Mapping[str, AskedColumn]


@dataclass(frozen=True, kw_only=True)
class FoundInPart:
    """What some rows are, but for their values: the ``people`` they are about are compared with all others.

    ``doubts`` are words that may stand for nothing, ``qualified`` what other columns say of rows.
    """

    file: Table
    people: pl.DataFrame
    doubts: pl.DataFrame
    qualified: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class FoundInAll:
    """What was found in a file as a whole. Rows of *repeated* were accepted as long as nobody looked at the others."""

    file: Table
    findings: pl.DataFrame
    repeated: pl.DataFrame


def check_customers(parts: Parts, register: Register, *, blank_cells: BlankCells) -> CheckedCustomers:
    """Check every row; each reject is one finding a cell, and no row is left out of the count.

    Some rows at a time are taken apart (``check_part``); only by whom they are known is looked at in all of them at
    once (``judge_all``).
    """
    columns = look_at_columns(parts)
    checked = [check_part(part, parts.dialect, register, columns, blank_cells) for part in parts]
    found = judge_all(parts, [part for _, part in checked])
    accepted = without_rejects(unpacked([pack(rows) for rows, _ in checked]), found.repeated)
    rows = count_rows(found.file, accepted, found.findings)
    return CheckedCustomers(file=found.file, accepted=accepted, findings=found.findings, rows=rows)


def look_at_columns(parts: Parts) -> WholeColumns:
    """Conclude from whole columns how each row of a file is read."""
    names = parts.file.passed or [name for name in parts.file.qualifier_cells.columns if name != "line"]
    first = parts.untaken(names, slice(ENOUGH_TO_TELL)) if names else pl.DataFrame()
    kinds = kinds_of(first, parts.dialect.qualifiers)
    return WholeColumns(
        order=concluded_order(parts.column("born_on")["born_on"]),
        asked={name: look_at_whole(parts.untaken((name,))[name], kind) for name, kind in kinds.items()},
    )


def judge_all(parts: Parts, checked: Sequence[FoundInPart]) -> FoundInAll:
    """Add up what was found part by part, and look by whom all rows are known."""
    file = joined(parts.file, [part.file for part in checked])
    file = replace(file, concerns=(*file.concerns, *_concerns(file, checked)))
    repeated = _judged(parts, pl.concat([part.people for part in checked]))
    found = pl.concat([file.findings, repeated]).unique(["line", "heading", "code"], maintain_order=True)
    return FoundInAll(file=file, findings=found.sort("line", maintain_order=True), repeated=repeated)


def check_part(
    table: Table, dialect: Dialect, register: Register, whole: WholeColumns, blank_cells: BlankCells
) -> tuple[pl.DataFrame, FoundInPart]:
    """Check some rows; return those accepted so far (Customers), and what else there is to say of all of them."""
    table = without_damage(table, dialect)
    bare, breaks = without_line_breaks(table.cells)
    must_stand = _must_stand(dialect)
    given, placeholders, doubts = without_placeholders(bare, number_may_be_blank=not must_stand)
    ids = read_ids(replace(table, cells=given), dialect)
    columns = read_values(given, register, whole.order)
    values = {name: column.values for name, column in columns.items()}
    cells = table.cells.with_columns(map(_null_where_blank, table.passed)) if blank_cells == "keep" else table.cells
    extra = extra_of(cells, table.passed)
    rows = pl.DataFrame({"line": table.cells["line"], "customer_id": ids.values, **values, **extra})
    read = [("customer_id", ids), *columns.items()]
    findings = [column_findings(table, name, column) for name, column in read if column.rejects.height]
    found = pl.concat([table.findings, *findings, _missing(table, rows, dialect)])
    readable = without_rejects(rows, found)
    judged = judged_findings(table, judge(Customers, readable), {})
    accepted = _left_alone(without_rejects(readable, judged), bare, given)
    for name in values if blank_cells == "keep" else ():  # one by one: all at once there would be two of everything
        accepted = accepted.with_columns(_null_where_blank(name))
    return accepted, FoundInPart(
        file=replace(without_cells(table, breaks + placeholders), findings=pl.concat([found, judged])),
        doubts=doubts,
        qualified=judge_some_qualifiers(_not_taken(table), whole.asked, today=register.today),
        people=_people(rows.with_columns(same_as=same_as(rows, register))),
    )


def _not_taken(table: Table) -> pl.DataFrame:
    """Return ``line`` and the columns whose values no record takes: those passed through, else those beside ours."""
    return table.cells.select("line", *table.passed) if table.passed else table.qualifier_cells


def _concerns(file: Table, checked: Sequence[FoundInPart]) -> tuple[Concern, ...]:
    doubts = placeholder_concerns(pl.concat([part.doubts for part in checked]), file.headings, file.originals)
    columns = {name: at for at, name in enumerate(file.passed or file.qualifier_cells.columns)}
    place = pl.col("heading").replace_strict(columns, return_dtype=pl.Int64)
    qualified = pl.concat([part.qualified for part in checked]).sort(place, maintain_order=True)
    return (*doubts, *concerns_of(qualified, _ASKS, file.originals))


def _people(rows: pl.DataFrame) -> pl.DataFrame:
    """Return by whom the rows are known of which that can be told."""
    known = rows.select("line", "customer_id", "same_as")
    return known.filter(pl.col("customer_id").is_not_null() & pl.col("same_as").is_not_null())


def _left_alone(rows: pl.DataFrame, cells: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """Return rows in which a word for nothing says nothing: it clears no value either, whatever blank cells do."""
    emptied = {name: cells["line"].filter(cells[name] != given[name]) for name in rows.columns if name in given.columns}
    some = {name: lines for name, lines in emptied.items() if lines.len()}
    return rows.with_columns(
        pl.when(~pl.col("line").is_in(lines.implode())).then(name).alias(name) for name, lines in some.items()
    )


def _null_where_blank(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "").then(name).alias(name)


def read_ids(table: Table, dialect: Dialect) -> ReadColumn:
    """Read the numbers of cards: zero asks for a new customer, leading zeros say nothing.

    A blank cell is no number where every row must have one (a Tixly file), and else means that none is known.
    """
    if "customer_id" not in table.headings:
        blank = pl.repeat("", table.cells.height, dtype=pl.String, eager=True)
        return ReadColumn(values=blank, rejects=no_rejects())
    cells = table.cells["customer_id"]
    bare = cells.str.replace(_NEW, "").str.strip_chars_start("0")
    odd = pick(cells, ~bare.str.contains("^[0-9]{0,18}$") | ((cells == "") & _must_stand(dialect)))
    damage = pl.when(pl.col("cell") != "").then(damage_code(pl.col("cell")))
    code = pl.coalesce(damage, pl.lit("TIXLY_CUSTOMER_ID_NOT_INT"))
    rejects = odd.select("index", code=code, detail=pl.lit("")).cast(CELL_REJECTS_SCHEMA)
    return ReadColumn(values=bare.scatter(rejects["index"], None) if rejects.height else bare, rejects=rejects)


def _must_stand(dialect: Dialect) -> bool:
    return any(column.required for column in dialect.columns if column.name == "customer_id")


def extra_of(cells: pl.DataFrame, passed: Sequence[str]) -> dict[str, pl.Series]:
    """Put what only the file's own system knows into one column ``extra``, byte for byte; none where there is nothing.

    Null cells stay null, which says nothing of them.
    """
    if not passed:
        return {}
    packed = pl.struct(pl.col(heading).alias(heading) for heading in passed).struct.json_encode()
    return {"extra": cells.select(packed.alias("extra")).to_series()}


def _missing(table: Table, given: pl.DataFrame, dialect: Dialect) -> pl.DataFrame:
    """Find the rows without what the dialect requires; of a new customer at least a name or an address."""
    required = [c.name for c in dialect.columns if c.required and c.name != "customer_id"]
    blank = [_finding(table, given, pl.col(name) == "", name) for name in required]
    known = [name for name in ("first_name", "last_name", "email", "company") if name in given.columns]
    nobody = pl.all_horizontal([pl.col(name) == "" for name in known]) if known else pl.lit(True)
    return pl.concat([*blank, _finding(table, given, (pl.col("customer_id") == "") & nobody, "")])


def _finding(table: Table, given: pl.DataFrame, where: pl.Expr, name: str) -> pl.DataFrame:
    heading = table.headings.get(name, "")
    return (
        given.filter(where)
        .select("line", heading=pl.lit(heading), value=pl.lit(""), code=pl.lit("CUST_REQUIRED"), detail=pl.lit(""))
        .cast(FINDINGS_SCHEMA)
    )


def _judged(parts: Parts, people: pl.DataFrame) -> pl.DataFrame:
    """Let the schema judge by whom all rows are known, and say of duplicates where the others stand."""
    failures = judge(People, people)
    found = [_copies(parts, people, failures.filter(column=name), name) for name in ("customer_id", "same_as")]
    return pl.concat(found)


def _copies(parts: Parts, people: pl.DataFrame, failures: pl.DataFrame, name: str) -> pl.DataFrame:
    shown = "email" if name == "same_as" else name
    failed = people[failures["index"]].select("line", same=pl.col(name)).with_columns(failures["code"])
    others = other_lines(failed.select("line", "same"), parts.file.originals)
    cells = parts.column_on(failed["line"], shown).rename({shown: "value"})
    joined = failed.join(others, on="line", how="left", maintain_order="left").join(
        cells, on="line", how="left", maintain_order="left"
    )
    heading = pl.lit(parts.file.headings.get(shown, ""))
    texts = (pl.col(column).fill_null("") for column in ("value", "code", "others"))
    return joined.select("line", heading.alias("heading"), *texts).rename({"others": "detail"}).cast(FINDINGS_SCHEMA)

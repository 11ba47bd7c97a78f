"""A table of text -> failures: every cell becomes a value or is named, and every failure has its key.

What a failure means is not asked here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from schemas.columns import names_in_files
from schemas.loyalty.failures import Failures
from schemas.loyalty.records import FailureSource, Section
from schemas.loyalty.reports import REPORT_DIALECTS
from schemas.records import RowCounts
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.core.checking.cells import ReadColumn
from tasks.core.checking.findings import column_findings, count_rows, judged_findings, without_rejects
from tasks.core.checking.own_currency import currency_findings, in_own_currency
from tasks.core.checking.pandera_checks import judge
from tasks.core.checking.readers import filled_in
from tasks.core.checking.spreadsheet_codes import without_damage
from tasks.core.checking.workbook_numbers import in_one_format, without_foreign
from tasks.core.loyalty.readers import read_cells
from tasks.core.loyalty.reasons import reason_code
from tasks.core.loyalty.repeats import contradictory_repeats, with_keys, without_repeats
from tasks.core.loyalty.times import Clock
from tasks.core.wording.words import are, counted


@dataclass(frozen=True, kw_only=True)
class CheckedFailures:
    """What came of a table. ``failures`` satisfies ``schemas.loyalty.records.Failures``.

    ``rows.accepted`` counts rows, and *repeated* of them tell a failure that another row tells as well.
    ``concerns`` and ``repairs`` hold those of the table too.
    """

    failures: pl.DataFrame
    findings: pl.DataFrame
    rows: RowCounts
    repeated: int
    notes: tuple[str, ...]
    concerns: tuple[Concern, ...] = ()
    repairs: Mapping[str, int] = field(default_factory=dict)


def check_failures(
    table: Table, *, section: Section, source: FailureSource, clock: Clock, currency: str
) -> CheckedFailures:
    """Check every row; each reject is one finding a cell, and no row is left out of the count.

    *currency* is the shop's.
    """
    table = without_foreign(without_damage(table, REPORT_DIALECTS[section]), currency)
    foreign, doubts = currency_findings(table, "amount", currency, clock.today)
    table = in_one_format(in_own_currency(table, "amount", currency), "amount")
    read = read_cells(table, Failures, clock, currency)
    columns = _filled_in(table, read.columns, section)
    named = names_in_files(Failures).items()
    values = pl.DataFrame({"line": table.cells["line"], **{name: columns[own].values for name, own in named}})
    findings = _findings(table, columns, values, foreign)
    readable = with_keys(_as_failures(without_rejects(values, findings), section, source, clock))
    judged = _judged(table, readable)
    accepted = without_rejects(readable, judged)
    failures = without_repeats(accepted, "failure_key")
    some = f"{counted(read.twice, 'time')} {are(read.twice)}"
    twice = f"{some} of an hour that there was twice: the first is taken (LOYALTY_TIME_TWICE)"
    return CheckedFailures(
        failures=failures,
        findings=pl.concat([findings, judged]).sort("line", maintain_order=True),
        rows=count_rows(table, accepted, pl.concat([findings, judged])),
        repeated=accepted.height - failures.height,
        notes=(twice,) if read.twice else (),
        concerns=(*table.concerns, *doubts, *contradictory_repeats(accepted, table.originals)),
        repairs=table.repairs,
    )


def _filled_in(table: Table, columns: Mapping[str, ReadColumn], section: Section) -> dict[str, ReadColumn]:
    """Reject what is blank where the section's report must say something."""
    required = [each.name for each in REPORT_DIALECTS[section].columns if each.required]
    filled = {name: filled_in(table.cells[name], columns[name]) for name in required}
    return {name: filled.get(name, column) for name, column in columns.items()}


def _findings(
    table: Table, columns: Mapping[str, ReadColumn], values: pl.DataFrame, foreign: pl.DataFrame
) -> pl.DataFrame:
    found = [column_findings(table, name, column) for name, column in columns.items() if column.rejects.height]
    parts = [*found, _nobody(table, values), foreign, table.findings]
    once = pl.concat(parts).unique(["line", "heading", "code"], maintain_order=True)
    return once.sort("line", maintain_order=True)


def _judged(table: Table, failures: pl.DataFrame) -> pl.DataFrame:
    """Let the schema judge each failure once; what it finds of one goes for every row that tells it."""
    first = without_repeats(failures, "failure_key")
    judged = judge(Failures, first)
    keyed = judged.with_columns(failure_key=first["failure_key"].gather(judged["index"])).drop("line")
    on_every_row = keyed.join(failures.select("failure_key", "line"), on="failure_key", maintain_order="left")
    return judged_findings(table, on_every_row, names_in_files(Failures))


def _nobody(table: Table, values: pl.DataFrame) -> pl.DataFrame:
    """Find the rows that are about no customer."""
    heading = next((table.headings[name] for name in ("customer_name", "customer_id") if name in table.headings), "")
    nobody = values.filter((pl.col("customer_name") == "") & (pl.col("customer_id") == ""))
    findings = nobody.select("line", heading=pl.lit(heading), value=pl.lit(""), code=pl.lit("LOYALTY_NOBODY"))
    return findings.with_columns(detail=pl.lit("")).cast(FINDINGS_SCHEMA)


def _as_failures(rows: pl.DataFrame, section: Section, source: FailureSource, clock: Clock) -> pl.DataFrame:
    return rows.with_columns(
        section=pl.lit(section),
        source=pl.lit(source),
        occurred_on=pl.col("occurred_at").dt.convert_time_zone(clock.zone).dt.date(),
        reason_code=reason_code(section, pl.col("reason")),
    )

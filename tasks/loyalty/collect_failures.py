"""Take in what is told of loyalty failures: reports and journals from the inbox, and what a point of sale relays.

Every row is checked; those that cannot be right go back to the person who can correct them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from pathlib import PurePosixPath

import polars as pl
import polars.selectors as cs

from infra.artifacts.run_files import save_bytes, save_frame
from infra.context import ledger, settings, storage
from infra.http.transport import Call, Http, Site
from schemas import file_names
from schemas.columns import shape_of
from schemas.domain import Dialect
from schemas.inbox import Taken
from schemas.loyalty.failures import Failures
from schemas.loyalty.records import DAYS_SHOWN, FailureSource, Section
from schemas.loyalty.reports import ANSWERS, LOYALTY, REPORT_DIALECTS
from schemas.loyalty.steps import Collected, Reported
from schemas.records import RowCounts, Run
from schemas.tables import FINDINGS_SCHEMA, Concern, Table
from tasks.chain.inbox_files import files_to_take
from tasks.chain.returned_rejects import compare_with_rejects
from tasks.chain.step import long_retrying_step
from tasks.chain.validate import references_of, sizes
from tasks.core.loyalty.answers import ParsedAnswers, read_journal, read_relay
from tasks.core.loyalty.failures import check_failures
from tasks.core.loyalty.reject_places import CAME_BACK_SCHEMA, place_of, places_of
from tasks.core.loyalty.repeats import without_repeats
from tasks.core.loyalty.report_files import account_in, day_of_file
from tasks.core.loyalty.reports import read_report
from tasks.core.loyalty.slices import with_slices
from tasks.core.loyalty.times import Clock
from tasks.core.reading.row_numbers import ROW, with_rows
from tasks.core.rejects.file import write_rejects
from tasks.core.rejects.lineage import reading_lines
from tasks.loyalty.find_customers import find_customers
from tasks.loyalty.headings import dialects_of_failures

RELAY = "the relay"


@dataclass(frozen=True, kw_only=True)
class Account:
    """One file, or one answer of the relay: what it is called, of which day it is, and its bytes as they came."""

    name: str
    told_on: date
    content: bytes
    taken: Taken | None = None


@dataclass(frozen=True, kw_only=True)
class Part:
    """One section of an account, checked. A corrected rejects file is no whole report, and says so."""

    failures: pl.DataFrame
    findings: pl.DataFrame
    rows: RowCounts
    rejects: pl.DataFrame
    came_back: pl.DataFrame
    reports: tuple[Reported, ...] = ()
    concerns: tuple[Concern, ...] = ()
    reading: tuple[str, ...] = ()


@long_retrying_step
def collect_failures(run: Run, keys: Sequence[str], day: date) -> Collected:
    """Store and check every account of failures of *day* or earlier that no sweep has taken in yet, or the named ones.

    Raises:
        FileNeedsFixing: A file that was named is not there, or one cannot be read as a whole.
    """
    parts: list[Part] = []
    taken: list[Taken] = []
    for number, account in enumerate(chain(_dropped(keys, day), _relayed(day)), 1):
        parts += _parts(run, number, account)
        taken += [account.taken] if account.taken else []
    ledger().record_rejects(run.run_id, pl.concat([_NO_REJECTS, *(part.rejects for part in parts)]))
    came_back = pl.concat([CAME_BACK_SCHEMA.to_frame(), *(part.came_back for part in parts)])
    return Collected(
        came_back=save_frame(run.run_id, file_names.CAME_BACK, came_back),
        failures=save_frame(run.run_id, file_names.FAILURES, _by_day(parts)),
        findings=save_frame(run.run_id, file_names.FINDINGS, _findings(parts)),
        rows=_sum([part.rows for part in parts]),
        reports=tuple(report for part in parts for report in part.reports),
        taken=tuple(taken),
        concerns=tuple(concern for part in parts for concern in part.concerns),
        reading=tuple(line for part in parts for line in part.reading) or ("No report was dropped for this day.",),
    )


def _dropped(keys: Sequence[str], day: date) -> Iterator[Account]:
    """Give the named files, else every new one; what was dropped for a later day waits for that day's sweep."""
    for info in files_to_take(LOYALTY, keys):
        told_on = day_of_file(info.key, info.last_modified_at, zone=settings().time_zone)
        if keys or told_on <= day:
            taken = Taken(key=info.key, etag=info.etag)
            name = PurePosixPath(info.key).name
            yield Account(name=name, told_on=min(told_on, day), content=storage().get(info.key), taken=taken)


def _relayed(day: date) -> Iterator[Account]:
    """Ask the point of sale that relays failures, where there is one."""
    if not settings().loyalty_relay_url:
        return
    since = (day - timedelta(days=DAYS_SHOWN)).isoformat()
    with Http(Site(name="The relay of failures", url=settings().loyalty_relay_url)) as http:
        answer = http.ask(Call(path=settings().loyalty_relay_url, what="its failures", params={"since": since}))
    yield Account(name=RELAY, told_on=day, content=answer.content)


def _parts(run: Run, number: int, account: Account) -> Iterator[Part]:
    """Store an account as it came, then check each of its sections."""
    kind = account_in(account.content)
    suffix = PurePosixPath(account.name).suffix or ".json"
    source = file_names.ending_in(file_names.one_of_several(file_names.SOURCE, number), suffix)
    save_bytes(run.run_id, source, account.content)
    if kind == "report":
        for section, table in _read_report(account).items():
            yield _checked(run, number, account, section, table, "report")
        return
    read = read_relay if kind == "relay" else read_journal
    parsed: ParsedAnswers = read(account.content, name=account.name, sizes=sizes())
    for section, table in parsed.tables.items():
        yield _checked(run, number, account, section, table, kind)
    if parsed.unreadable:
        yield _unreadable(run, number, account, parsed.unreadable)


def _read_report(account: Account) -> Mapping[Section, Table]:
    return read_report(
        account.content,
        name=account.name,
        dialects=_dialects(),
        code_page=settings().code_page,
        sizes=sizes(),
        judge=compare_with_rejects,
    )


def _dialects() -> dict[Section, Dialect]:
    """Return how reports are written: as usual, or as this shop's headings say."""
    written = dialects_of_failures()
    return {section: written[usual.name] for section, usual in REPORT_DIALECTS.items()}


def _checked(run: Run, number: int, account: Account, section: Section, table: Table, source: FailureSource) -> Part:
    clock = Clock(zone=settings().time_zone, today=account.told_on)
    whole = source != "journal" and not table.references and not table.dropped
    checked = check_failures(
        table,
        section=section,
        source=source if whole else "journal",
        clock=clock,
        currency=settings().currency,
    )
    _send_back(run, f"{number}-{section}s", table, checked.findings, REPORT_DIALECTS[section])
    counts = f"{checked.rows.accepted:,} read, {checked.rows.rejected:,} rejected"
    says = f"{account.name}, {section}s of {account.told_on}: {counts}"
    identified = find_customers(checked.failures)
    report = Reported(day=account.told_on, section=section, rejected=checked.rows.rejected)
    return Part(
        failures=identified.failures.with_columns(told_on=pl.lit(account.told_on)),
        findings=with_rows(checked.findings, table.originals),
        rows=checked.rows,
        rejects=places_of(number, section, checked.findings),
        came_back=_came_back(number, table, section),
        reports=(report,) if whole else (),
        concerns=checked.concerns,
        reading=(says, *reading_lines(replace(table, repairs=checked.repairs), *checked.notes, *identified.says)),
    )


def _unreadable(run: Run, number: int, account: Account, table: Table) -> Part:
    _send_back(run, f"{number}-answers", table, table.findings, ANSWERS)
    rows = RowCounts(rows_in=table.rows_in, accepted=0, rejected=table.rows_in)
    says = f"{account.name}: {table.rows_in:,} answers in no form we know"
    return Part(
        failures=_NONE,
        findings=table.findings,
        rows=rows,
        reading=(says,),
        rejects=places_of(number, "answer", table.findings),
        came_back=CAME_BACK_SCHEMA.to_frame(),
    )


def _came_back(number: int, table: Table, section: Section) -> pl.DataFrame:
    """Return which rejects of earlier sweeps the rows of a file are, those too that it leaves out on purpose."""
    place = pl.col("line").cast(pl.Int64) + place_of(number, section, 0)
    rows = references_of(table).with_columns(place=place, kind=pl.lit(section))
    return rows.select(pl.col(name).cast(kind) for name, kind in CAME_BACK_SCHEMA.items())


def _send_back(run: Run, which: str, table: Table, findings: pl.DataFrame, dialect: Dialect) -> None:
    """Store rejected rows as a file to correct, and what was found in them: by that it is judged when it comes back."""
    if findings.height:
        content = write_rejects(table, findings, run_id=run.run_id, dialect=dialect)
        save_bytes(run.run_id, file_names.one_of_several(file_names.rejects_file(table.form.kind), which), content)
        save_frame(run.run_id, file_names.one_of_several(file_names.FINDINGS, which), findings)


_NO_REJECTS = pl.DataFrame(schema={"line": pl.Int64, "codes": pl.String, "key_sha256": pl.String})
_NONE = pl.DataFrame(schema={**shape_of(Failures), "told_on": pl.Date})


def _by_day(parts: Sequence[Part]) -> pl.DataFrame:
    """Put together what was told, a failure once a day, in the order of slices: it is looked up slice by slice."""
    failures = pl.concat([_NONE, *(part.failures.select(_NONE.columns) for part in parts)])
    several = len(parts) > 1  # each part is without already
    once = without_repeats(failures, "told_on", "failure_key") if several else failures
    return with_slices(once).sort("slice", maintain_order=True)


def _findings(parts: Sequence[Part]) -> pl.DataFrame:
    """Put together what was found; where a spreadsheet numbers the rows of any file otherwise, all have their row."""
    found = [part.findings.select(cs.by_name(*FINDINGS_SCHEMA.names(), ROW, require_all=False)) for part in parts]
    every = pl.concat([FINDINGS_SCHEMA.to_frame(), *found], how="diagonal")
    return every.with_columns(pl.col(ROW).fill_null(pl.col("line"))) if ROW in every.columns else every


def _sum(counts: Sequence[RowCounts]) -> RowCounts:
    return RowCounts(
        rows_in=sum(rows.rows_in for rows in counts),
        accepted=sum(rows.accepted for rows in counts),
        rejected=sum(rows.rejected for rows in counts),
    )

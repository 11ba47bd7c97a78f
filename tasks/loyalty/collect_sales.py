"""Read what a point of sale sold, from files in the inbox: evidence beside, or in place of, the till's own table.

The files stay where they are: a failure is looked up in them every evening for as long as it is open.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import TypeVar
from zoneinfo import ZoneInfo

from infra.artifacts.run_files import INBOX, save_frame
from infra.context import settings, storage
from infra.storage import ObjectInfo
from schemas import file_names
from schemas.domain import Dialect
from schemas.loyalty.pos_sales import LOYALTY_SALES, POS_SALES
from schemas.loyalty.records import DAYS_SHOWN
from schemas.loyalty.steps import Collected, ParsedSales
from schemas.observed import Observed
from schemas.problems import FileNeedsFixing
from schemas.records import Run
from tasks.chain.inbox_files import files_named
from tasks.chain.step import step
from tasks.chain.validate import read_as
from tasks.core.loyalty.evidence.sale_files import (
    CheckedSales,
    check_sales,
    newest_of_each_sale,
    unreadable,
    with_doubts,
)
from tasks.core.loyalty.report_files import days_named
from tasks.core.loyalty.times import Clock
from tasks.core.rejects.lineage import reading_lines
from tasks.core.wording.words import counted
from tasks.loyalty.headings import dialects_of_failures

WithReading = TypeVar("WithReading", Collected, Observed)
KEPT_DAYS = DAYS_SHOWN + 10
"""A file that was dropped earlier tells of nothing that is still to be settled."""


@step
def collect_sales(run: Run, keys: Sequence[str], day: date) -> ParsedSales:
    """Read the named files, else every one in the folder that is not too old for failures of *day*.

    One that cannot be read is a concern and proves nothing: the others speak for themselves.

    Raises:
        FileNeedsFixing: A file that was named is not there, or the saved headings are not.
    """
    files = files_named(keys) if keys else _dropped(day)
    dialect = dialects_of_failures()[POS_SALES.name] if files else POS_SALES
    read: list[CheckedSales] = []
    reading: list[str] = []
    for file in sorted(files, key=lambda info: (info.last_modified_at, info.key)):
        checked, how = _read(file, dialect, day)
        read.append(checked)
        reading += how
    doubted = [each.doubted for each in read if each.doubted]
    lines = with_doubts(newest_of_each_sale([each.lines for each in read]), doubted)
    return ParsedSales(
        lines=save_frame(run.run_id, file_names.PARSED_SALES_LINES, lines),
        concerns=tuple(concern for each in read for concern in each.concerns),
        reading=tuple(reading),
    )


def with_sales(reported: WithReading, sales: ParsedSales) -> WithReading:
    """Let the report of a run say how the files of sales were read."""
    return replace(reported, concerns=reported.concerns + sales.concerns, reading=reported.reading + sales.reading)


def _dropped(day: date) -> list[ObjectInfo]:
    found = [info for info in storage().list(f"{INBOX}/{LOYALTY_SALES}/") if info.size_bytes]
    return [info for info in found if _dropped_on(info) >= day - timedelta(days=KEPT_DAYS)]


def _dropped_on(info: ObjectInfo) -> date:
    return info.last_modified_at.astimezone(ZoneInfo(settings().time_zone)).date()


def _read(file: ObjectInfo, dialect: Dialect, day: date) -> tuple[CheckedSales, Sequence[str]]:
    """Read a file; nothing in it can be later than the day it was dropped on, or the day that is swept."""
    name = PurePosixPath(file.key).name
    try:
        table = read_as(dialect, storage().get(file.key), name)
    except FileNeedsFixing as problem:
        return unreadable(name, problem.says, days_named(file.key)), (f"{name}: could not be read, and was left out",)
    clock = Clock(zone=settings().time_zone, today=max(_dropped_on(file), day))
    checked = check_sales(table, name=name, clock=clock, currency=settings().currency)
    says = f"{name}: {counted(checked.lines.height, 'line')} of sales read, {checked.unread:,} not"
    return checked, (says, *reading_lines(table))

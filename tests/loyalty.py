"""Loyalty failures as people would sketch them: reports drawn as tables, and what was found in them."""

import csv
import io
from collections.abc import Mapping
from datetime import date

from schemas.loyalty.records import FailureSource, Section
from schemas.loyalty.reports import REPORT_DIALECTS
from schemas.tables import Table
from tasks.core.loyalty.failures import CheckedFailures, check_failures
from tasks.core.loyalty.reports import read_report
from tasks.core.loyalty.times import Clock
from tasks.core.reading.sizes import Sizes

TODAY = date(2026, 11, 26)
UTC = Clock(zone="UTC", today=TODAY)
PARIS = Clock(zone="Europe/Paris", today=TODAY)
SIZES = Sizes(max_file_bytes=10**7, max_cell_chars=32_767, max_columns=200)


def drawn(text: str) -> bytes:
    """Write a file that is drawn with bars between its cells as CSV."""
    written = io.StringIO()
    lines = [line for line in text.splitlines() if line.strip() and not set(line.strip()) <= set("-+")]
    csv.writer(written, lineterminator="\n").writerows([cell.strip() for cell in line.split("|")] for line in lines)
    return written.getvalue().encode()


def read(content: bytes, name: str = "report.csv") -> Mapping[Section, Table]:
    return read_report(content, name=name, dialects=REPORT_DIALECTS, code_page="windows-1252", sizes=SIZES)


def check(table: Table, section: Section, clock: Clock = UTC, source: FailureSource = "report") -> CheckedFailures:
    return check_failures(table, section=section, source=source, clock=clock, currency="EUR")


def checked(text: str, clock: Clock = UTC) -> CheckedFailures:
    """Read and check a drawn report of one section."""
    ((section, table),) = read(drawn(text)).items()
    return check(table, section, clock)


def found(came: CheckedFailures) -> list[str]:
    """Say each finding: ``3 upc LOYALTY_UPC``."""
    return [f"{line} {heading} {code}" for line, heading, _, code, _ in came.findings.iter_rows()]

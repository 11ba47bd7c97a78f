"""The sums of a run that must hold, so that anyone can add them up."""

from dataclasses import dataclass
from typing import Literal

from schemas.records import RunReport
from tasks.core.wording.words import counted, tiles


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A sum that must hold: so many of *what* are its *parts*, each a count and what is counted."""

    total: int
    what: Literal["row", "record", "accepted"]
    parts: tuple[tuple[int, str], ...]


def sums(report: RunReport) -> tuple[Sum, ...]:
    """List the sums that must hold, so that anyone can add them up."""
    rows, changes = report.rows, report.changes
    parts = tuple(
        (tile.count, tile.label.lower())
        for tile in tiles(report)
        if tile.name not in {"uploaded", "listed", "accepted", "rejected"}
    )
    total, written_out = sum(count for count, _ in parts), tuple(part for part in parts if part[0])
    accepted, rejected = (rows.accepted, "accepted"), (rows.rejected, "rejected")
    of_rows = Sum(total=rows.rows_in, what="row", parts=(accepted, rejected))
    of_records = (Sum(total=total, what="record", parts=written_out),) if changes.unchanged < total else ()
    if rows.rows_in == 0:
        return of_records
    if total != rows.accepted:  # of a sweep: a failure is no change, and some ask for none
        return (of_rows, *of_records)
    return (of_rows, Sum(total=total, what="accepted", parts=written_out))


def arithmetic(report: RunReport) -> tuple[str, ...]:
    """Write these sums out."""
    return tuple(_written_out(each) for each in sums(report))


def _written_out(one: Sum) -> str:
    total = f"{one.total:,} accepted" if one.what == "accepted" else counted(one.total, one.what)
    return f"{total} = {' + '.join(f'{count:,} {label}' for count, label in one.parts) or '0'}"

"""What a sweep could not read is open until a later one reads it: in a report that shows all, or as it comes back.

A report shows every failure of its 30 days. So the next one that is read says anew what cannot be: what an earlier
sweep rejected of such a report is open no longer.
"""

from collections.abc import Iterator
from datetime import date

import polars as pl

from infra.artifacts.run_files import load_frame
from infra.clock import now
from infra.context import ledger
from schemas import file_names
from schemas.loyalty.actions import LOYALTY_ACTIONS
from schemas.loyalty.steps import Collected
from schemas.records import Run
from schemas.rejects import DroppedRejects
from tasks.core.loyalty.reject_places import kind_of, named_by


def close_what_was_read(run: Run, collected: Collected) -> None:
    """Close the rejects of earlier sweeps that this one read, and those that its files leave out on purpose."""
    _close_by_reports(run, collected)
    still = ledger().drops.open_lines(run.run_id)
    _close_named(run, load_frame(collected.came_back).filter(~pl.col("place").is_in(still)))


def _close_named(run: Run, rows: pl.DataFrame) -> None:
    """Close the rejects that these rows are (CAME_BACK_SCHEMA), and what those in turn were rejects of."""
    for (of_run, why), came in rows.group_by("from_run", "dropped"):
        from_run = ledger().get_run(str(of_run)).run.run_id
        places = named_by(came.select("from_line", "kind").rows(), ledger().drops.open_lines(from_run))
        if not places:
            continue
        if why:
            dropped = DroppedRejects(who=run.submitted_by, why=str(why), at=now(), lines=places)
            ledger().drops.drop(from_run, places, dropped, by_run=run.run_id)
        else:
            ledger().close_rejects(from_run, places, run.run_id)
        earlier = ledger().list_latest_artifacts(from_run).get(file_names.CAME_BACK)
        if earlier:
            _close_named(
                run, load_frame(earlier).filter(pl.col("place").is_in(places)).with_columns(dropped=pl.lit(why))
            )


def _close_by_reports(run: Run, collected: Collected) -> None:
    """Close what earlier sweeps rejected of reports, where one of the same section and no earlier day was read now."""
    newest: dict[str, date] = {}
    for report in sorted(collected.reports, key=lambda each: each.day):
        newest[report.section] = report.day
    for run_id, day, places in _open_elsewhere(run.run_id):
        read = [place for place in places if (on := newest.get(kind_of(place))) and day <= on.isoformat()]
        if read:
            ledger().close_rejects(run_id, read, run.run_id)


def _open_elsewhere(but_of: str) -> Iterator[tuple[str, str, tuple[int, ...]]]:
    """Give the other sweeps with open rejects: which, of which day, and where they stand."""
    for run_id in ledger().drops.runs_with_open(LOYALTY_ACTIONS.name, but_of=but_of):
        day = ledger().get_run(run_id).run.options.get("day", "")
        yield run_id, day, ledger().drops.open_lines(run_id)

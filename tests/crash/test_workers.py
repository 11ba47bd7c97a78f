"""Imports of which a worker dies, or which die while their workers work: nothing is lost, and nothing doubled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.crash.dying_worker import FATAL, PASSED, moments_of_tasks
from tests.crash.imports import ROWS_OF_A_PARTITION, ImportResult, Records, assert_same, import_and_tell, import_on
from tests.crash.shop import KILLED, Case, Shop
from tests.examples import spread

TASKS: Sequence[tuple[Records, str]] = [
    *(("cards", task) for task in ("check_cards", "gather", "compare_cards", "write_batch", "read_touched")),
    *(("people", task) for task in ("check_rows", "gather", "find_news", "find_in_question", "fetch_records")),
    *(("people", task) for task in ("write_batch", "read_touched")),
]
"""What workers are asked, from the first check to the last look, in the order of a run."""


def import_while_one_dies(shop: Shop, records: Records, at: str, folder: Path) -> tuple[ImportResult, bool]:
    """Import on two workers, of which the first that comes to that moment dies; say also whether one did."""
    folder.mkdir(parents=True)
    dying = {"DASK_DISTRIBUTED__WORKER__PRELOAD": '["tests.crash.dying_worker"]', FATAL: at, PASSED: str(folder)}
    case, rows = shop.case("set"), str(ROWS_OF_A_PARTITION[records][7])
    own = replace(case, environment={**case.environment, **dying})
    told = import_and_tell(own, records, partition_rows=rows, dask_workers="2")
    return told, (folder / "died").exists()


@cache
def import_while_none_dies(shop: Shop, records: Records) -> tuple[ImportResult, Mapping[str, int]]:
    """Import on two workers; count also the moments of every task of a name."""
    folder = shop.folder / "none-dies" / records
    told, _ = import_while_one_dies(shop, records, "", folder)
    return told, moments_of_tasks(folder)


def assert_nothing_is_lost(shop: Shop, records: Records, at: str, folder: Path) -> None:
    whole, _ = import_while_none_dies(shop, records)
    told, died = import_while_one_dies(shop, records, at, folder / at.replace(" ", "-"))
    assert died
    assert_same(as_if_nobody_died(whole), as_if_nobody_died(told))


def as_if_nobody_died(told: ImportResult) -> ImportResult:
    """Call *written* what had landed when its worker died: it is *done*, and page and workbook say so."""
    outcomes = [(line, kind, "written" if outcome == "done" else outcome) for line, kind, outcome in told.outcomes]
    return replace(told, page="", workbook=[], outcomes=outcomes)


@pytest.mark.thorough
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("records", "task"), TASKS)
def test_a_worker_that_dies_in_a_task_loses_nothing_and_doubles_nothing(
    postgres_shop: Shop, tmp_path: Path, records: Records, task: str
):
    _, moments = import_while_none_dies(postgres_shop, records)

    for number in spread(range(moments[task])):
        assert_nothing_is_lost(postgres_shop, records, f"{task} {number}", tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(("records", "task"), TASKS)
def test_a_worker_that_dies_at_any_moment_loses_nothing_and_doubles_nothing(
    sqlite_shop: Shop, tmp_path: Path, records: Records, task: str
):
    _, moments = import_while_none_dies(sqlite_shop, records)

    for number in range(moments[task]):
        assert_nothing_is_lost(sqlite_shop, records, f"{task} {number}", tmp_path)


@pytest.mark.thorough
@pytest.mark.timeout(1800)
def test_a_run_that_dies_while_its_workers_work_is_run_again_and_everybody_is_there_once(sqlite_shop: Shop):
    settings = {"partition_rows": "5", "dask_workers": "2"}
    whole = sqlite_shop.case("set")
    import_on(whole, "people", **settings)
    everybody = whole.people()

    for fatal in spread(range(len(passed_by(whole)))):
        case = sqlite_shop.case("set")
        died, _ = import_on(case, "people", fatal, **settings)
        assert died.code == KILLED
        ended, _ = import_on(case, "people", **settings)
        assert ended.code == 0, ended
        assert case.people() == everybody


def passed_by(case: Case) -> list[str]:
    """Name the moments that the run itself passed, and none of its workers."""
    return next(case.folder.glob("*.passed")).read_text().splitlines()

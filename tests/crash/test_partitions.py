"""Imports in any number of partitions, by any number of workers, however they were started: always the same import."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Literal

import pytest

from tests.crash.imports import (
    ROWS_OF_A_PARTITION,
    ImportResult,
    Records,
    assert_same,
    import_and_tell,
    import_on,
    started_by_hand,
)
from tests.crash.shop import Case, Shop

Started = Literal["by the run", "by hand"]
SEVEN: dict[Records, str] = {records: str(rows[7]) for records, rows in ROWS_OF_A_PARTITION.items()}


@cache
def imported_here(shop: Shop, records: Records) -> ImportResult:
    """Import in one partition, by one process."""
    return import_and_tell(shop.case("set"), records)


@contextmanager
def cluster(case: Case, started: Started, workers: int) -> Iterator[dict[str, str]]:
    """Let there be so many workers, and yield the settings that reach them."""
    if started == "by the run":
        yield {"dask_workers": str(workers)}
        return
    with started_by_hand(case.environment, workers) as scheduler:
        yield {"dask_scheduler": scheduler}


@pytest.mark.parametrize("records", ["cards", "people"])
def test_an_import_in_two_or_seven_partitions_is_the_same_as_in_one(sqlite_shop: Shop, records: Records):
    for partitions in (2, 7):
        rows = str(ROWS_OF_A_PARTITION[records][partitions])
        assert_same(
            imported_here(sqlite_shop, records), import_and_tell(sqlite_shop.case("set"), records, partition_rows=rows)
        )


@pytest.mark.parametrize("records", ["cards", "people"])
@pytest.mark.parametrize(
    ("partitions", "workers"),
    [
        *(pytest.param(*each, marks=pytest.mark.thorough) for each in ((1, 2), (2, 1), (7, 2))),
        *(pytest.param(*each, marks=pytest.mark.slow) for each in ((1, 1), (2, 2), (7, 1))),
    ],
)
@pytest.mark.parametrize(("started", "database"), [("by the run", "postgres_shop"), ("by hand", "sqlite_shop")])
def test_any_number_of_workers_says_and_does_what_one_process_does(
    request: pytest.FixtureRequest, records: Records, partitions: int, workers: int, started: Started, database: str
):
    shop: Shop = request.getfixturevalue(database)
    case, rows = shop.case("set"), str(ROWS_OF_A_PARTITION[records][partitions])

    with cluster(case, started, workers) as reached:
        there = import_and_tell(case, records, partition_rows=rows, **reached)

    assert_same(imported_here(shop, records), there)


@pytest.mark.thorough
def test_where_no_scheduler_answers_nothing_is_changed_and_it_is_said_in_words(sqlite_shop: Shop):
    case = sqlite_shop.case("set")
    before = case.till()

    ended, _ = import_on(case, "cards", dask_scheduler="tcp://127.0.0.1:9", partition_rows=SEVEN["cards"])

    assert "The Dask scheduler at tcp://127.0.0.1:9 does not answer" in ended.out
    assert case.till() == before

"""The shape of loyalty failures: what each frame says of itself."""

from collections.abc import Iterable
from typing import get_args

import pandera.polars as pa
import pytest

from schemas.loyalty.failures import Failures
from schemas.loyalty.records import Diagnoses, Evidence, FailureStates, Section
from schemas.loyalty.reports import REPORT_DIALECTS
from tasks.core.reading.headings import names_of

TOLD = {"line", "source", "customer_name", "customer_link"}
"""Columns of a failure that are about one telling of it, or about a person."""


def columns(model: type[pa.DataFrameModel]) -> list[str]:
    return list(model.to_schema().columns)


def test_a_state_remembers_all_of_a_failure_but_the_name():
    assert set(columns(Failures)) - TOLD <= set(columns(FailureStates))
    assert "customer_name" not in columns(FailureStates)


def test_no_answer_is_possible_in_every_column_of_the_evidence():
    nullable = {name for name, column in Evidence.to_schema().columns.items() if column.nullable}
    assert nullable == set(columns(Evidence)) - {"failure_key"}


@pytest.mark.parametrize("model", [Failures, FailureStates, Evidence, Diagnoses])
def test_every_frame_is_about_failures_by_their_key(model: type[pa.DataFrameModel]):
    assert model.to_schema().columns["failure_key"].unique


@pytest.mark.parametrize("section", get_args(Section))
def test_a_heading_of_a_report_stands_for_one_column(section: Section):
    def headings() -> Iterable[str]:
        for column in REPORT_DIALECTS[section].columns:
            yield from (column.heading, *column.aliases)

    listed = list(headings())
    assert len(names_of(REPORT_DIALECTS[section])) == len(listed)

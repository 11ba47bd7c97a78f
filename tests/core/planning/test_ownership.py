"""Whose a record is, after runs and restores in any order."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.core.planning.ownership import Wrote, written_since

KEYS = pl.Series(["w:1", "w:2"])


def history(drawn: str) -> list[Wrote]:
    """Read what happened, in order: ``S`` is a run that wrote w:1, ``V-R`` one that thereby undid R."""
    steps = [step.partition("-") for step in drawn.split()]
    return [Wrote(run_id=run, undoes=undoes, keys=KEYS.head(1)) for run, _, undoes in steps]


@pytest.mark.parametrize(
    ("happened", "owner"),
    [
        ("R", ""),
        ("R R", ""),
        ("R S", "S"),
        ("R S T", "T"),
        ("R V-R", "V"),
        ("R V-R S", "S"),
        ("R S V-S", ""),
        ("R S T V-T", "S"),
        ("R S T V-T W-S", ""),
        ("R V-R W-V", ""),
        ("R V-R S W-S", "V"),
        ("R V-R S W-S X-W", "S"),
        ("R-Q", ""),
        ("R-Q S", "S"),
        ("R-Q V-R", "V"),
    ],
)
def test_a_record_is_the_last_runs_of_those_that_were_not_undone(happened: str, owner: str) -> None:
    assert written_since(KEYS, "R", history(happened)).to_list() == [owner, ""]


@given(st.lists(st.sampled_from("STU"), max_size=6))
def test_whoever_undoes_all_later_runs_from_the_last_on_has_the_record_back(later: list[str]) -> None:
    runs = [f"{name}{number}" for number, name in enumerate(later)]
    back = [f"V{number}-{run}" for number, run in reversed(list(enumerate(runs)))]
    assert written_since(KEYS, "R", history(" ".join(["R", *runs, *back]))).to_list() == ["", ""]

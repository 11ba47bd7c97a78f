"""An approval can be taken back until a run goes by it."""

import pytest

from tasks.core.planning.taking_back import why_not_back


@pytest.mark.parametrize(
    ("is_carried_out", "claimed_by", "why_not"),
    [
        (False, [""], ""),
        (False, ["", ""], ""),
        (False, ["run-1"], "is being carried out already, by run run-1"),
        (False, ["", "run-1"], "is being carried out already, by run run-1"),
        (False, [], "No approval of plan p1 counts any more"),
        (True, [], "was carried out already"),
        (True, ["run-1"], "was carried out already"),
    ],
)
def test_why_an_approval_cannot_be_taken_back(is_carried_out: bool, claimed_by: list[str], why_not: str):
    said = why_not_back("p1", is_carried_out=is_carried_out, claimed_by=claimed_by)

    assert why_not in said and bool(why_not) == bool(said)

"""A step that has used up the calls of a system waits where it is, and is called again."""

from datetime import timedelta

import pytest

from infra.clock import now
from schemas.problems import BudgetSpent, Refused
from tasks.chain.call_budget import waiting_for_calls

SOON = timedelta(milliseconds=150)


def test_a_step_is_called_again_with_the_same_once_the_budget_opens() -> None:
    begun, asked = now(), []

    @waiting_for_calls
    def write(batch: str) -> str:
        asked.append(batch)
        if len(asked) < 3:
            raise BudgetSpent("no calls before 12:00", opens_at=now() + SOON)
        return "written"

    assert write("one") == "written"
    assert asked == ["one"] * 3
    assert now() - begun >= 2 * SOON


def test_a_run_of_the_command_line_waits_however_long_that_is(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    opens_at = now() + timedelta(hours=3)
    monkeypatch.setattr("tasks.chain.call_budget.time.sleep", slept.append)
    monkeypatch.setattr(
        "tasks.chain.call_budget.now", lambda: opens_at - timedelta(hours=3) + timedelta(seconds=sum(slept))
    )
    answers = iter([BudgetSpent("no calls before 15:00", opens_at=opens_at)])

    @waiting_for_calls
    def write() -> str:
        for answer in answers:
            raise answer
        return "written"

    assert write() == "written"
    assert sum(slept) == pytest.approx(3 * 3600)


def test_what_else_goes_wrong_is_nothing_to_wait_for() -> None:
    @waiting_for_calls
    def write() -> None:
        raise Refused("no")

    with pytest.raises(Refused):
        write()

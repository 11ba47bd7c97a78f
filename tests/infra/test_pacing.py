"""Mails keep apart in time, on a clock of the test's own."""

from infra.http.pace import Pace, Seldom


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def test_things_are_as_far_apart_as_so_many_a_minute_are_and_the_time_they_take_counts():
    clock = Clock()
    pace = Pace(30, clock=lambda: clock.now, sleep=clock.sleep)
    pace.wait()
    clock.now += 0.5
    pace.wait()
    clock.now += 9.0
    pace.wait()
    pace.wait()
    assert clock.slept == [2.0, 1.5, 0.0, 2.0]


def test_what_comes_often_is_let_through_seldom():
    clock = iter([0.0, 0.5, 1.0, 1.0, 1.9, 2.5, 2.5])
    seldom = Seldom(1, clock=lambda: next(clock))
    assert [seldom.due() for _ in range(4)] == [False, True, False, True]

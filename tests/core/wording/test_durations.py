"""How long something takes, in words."""

import pytest

from tasks.core.wording.durations import duration_text


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (61, "2 min"),
        (3_600, "1 h"),
        (8_700, "2 h 25 min"),
        (86_400, "1 day"),
        (180_060, "2 days 2 h 1 min"),
    ],
)
def test_seconds_are_rounded_up_to_minutes_and_named_by_the_largest_unit_first(seconds: int, said: str):
    assert duration_text(seconds) == said

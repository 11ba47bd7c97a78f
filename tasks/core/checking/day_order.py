"""Which of day and month stands first in the dates of a column: the column settles it, or nobody knows."""

from typing import Literal

DayOrder = Literal["day first", "month first", "unsettled"]

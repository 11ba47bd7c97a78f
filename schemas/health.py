"""What a check of one system said: whether it works, and what to do where it does not."""

from dataclasses import dataclass
from typing import Literal

CheckState = Literal["works", "attention", "fails", "not_set"]
"""``attention``: it works, and a person should look. ``not_set``: the settings name no such system."""


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of ``counterfoil doctor``. ``says`` holds no secret; of a failure it says what to do too."""

    system: str
    what: str
    state: CheckState
    says: str
    exit_code: int = 0

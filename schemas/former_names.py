"""Names that parameters of flows had: schedules, suspended runs and scripts that still use them are understood."""

from collections.abc import Mapping
from typing import Any

FORMER_NAMES: Mapping[str, str] = {"max_card": "max_amount", "max_order": "max_amount"}
"""By the name a parameter had, the one it has now."""


def with_names_of_today(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return *parameters* under the names they have now; what is given under today's name counts."""
    given = {name: value for name, value in parameters.items() if name not in FORMER_NAMES}
    for former, today in FORMER_NAMES.items():
        if parameters.get(former) is not None and given.get(today) is None:
            given[today] = parameters[former]
    return given

"""Hold what the target has no way to take, before anything of a plan is shown or weighed."""

import polars as pl

from infra.connectors import HoldsSome
from infra.context import target
from schemas.domain import Resource
from schemas.records import Run
from tasks.core.planning.changes import held_where, writable


def hold_impossible(run: Run, resource: Resource, changes: pl.DataFrame) -> pl.DataFrame:
    """Return *changes* with those held that the target cannot take, each with why.

    Raises:
        SettingsNeedFixing: The settings do not say how such records are written there.
    """
    connector = target(run.target)
    if not isinstance(connector, HoldsSome):
        return changes
    return held_where(changes, connector.holds(resource, writable(changes)), resource)

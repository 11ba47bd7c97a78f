"""Which day a run is for: the one it was scheduled for, so that a retry tomorrow does what it was to do today."""

from datetime import date
from zoneinfo import ZoneInfo

from prefect import runtime

from infra.clock import now
from infra.context import settings


def shop_day() -> date:
    """Return what day it is where the shop is."""
    return now().astimezone(ZoneInfo(settings().time_zone)).date()


def day_of_run(day: date | None) -> date:
    """Return the day that was asked for, else the shop's own day on which this run was to start."""
    at = day or runtime.flow_run.scheduled_start_time or now()
    return at if not hasattr(at, "astimezone") else at.astimezone(ZoneInfo(settings().time_zone)).date()

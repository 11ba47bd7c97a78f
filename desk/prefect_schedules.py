"""The schedules of a shop's deployments, as Prefect keeps them: when each runs, last and next, and whether it is on."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterDeploymentId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import DeploymentSchedule, FlowRun, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort

from desk.prefect_runs import PrefectRuns
from desk.texts import _
from schemas.problems import Refused

_NOT_BEGUN = [StateType.SCHEDULED, StateType.PENDING]
_BAD = {StateType.FAILED, StateType.CRASHED}
_BEGUN = FlowRunFilterState(type=FlowRunFilterStateType(not_any_=_NOT_BEGUN))
_WAITING = FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
_AT_ONCE = 200
"""So many runs Prefect tells at once. Of a deployment that has none among them it is asked alone."""


@dataclass(frozen=True, kw_only=True)
class LastRun:
    """The run of a deployment that began last, by whatever: *state* is how it stands."""

    flow_run_id: str
    state: str
    is_bad: bool
    began_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Scheduled:
    """One schedule. *cron* is empty where it is of another kind; *next_at* where Prefect has planned no run of it."""

    schedule_id: str
    deployment: str
    says: str
    cron: str
    zone: str
    is_on: bool
    next_at: datetime | None
    last: LastRun | None


def list_schedules(prefect: PrefectRuns, shop: str) -> tuple[Scheduled, ...]:
    """Return the schedules of a shop, by the names of their deployments."""
    with _schedules(prefect, shop) as (client, found):
        ids = [deployment.id for deployment, _schedule in found]
        last = _first_of_each(client, ids, _BEGUN, FlowRunSort.START_TIME_DESC)
        ahead = _first_of_each(client, ids, _WAITING, FlowRunSort.NEXT_SCHEDULED_START_TIME_ASC)
    return tuple(
        _scheduled(deployment, schedule, last.get(deployment.id), ahead.get(deployment.id))
        for deployment, schedule in found
    )


def switch(prefect: PrefectRuns, shop: str, schedule_id: str, *, on: bool) -> str:
    """Turn a schedule of a shop on or off; return the name of its deployment.

    Raises:
        Refused: The shop has no such schedule.
    """
    with _schedules(prefect, shop) as (client, found):
        for deployment, schedule in found:
            if str(schedule.id) == schedule_id:
                client.update_deployment_schedule(deployment.id, schedule.id, active=on)
                return deployment.name
    raise Refused(_("There is no such schedule any more. Look at the page again."))


@contextmanager
def _schedules(
    prefect: PrefectRuns, shop: str
) -> Iterator[tuple[SyncPrefectClient, list[tuple[DeploymentResponse, DeploymentSchedule]]]]:
    wanted = DeploymentFilter(tags=DeploymentFilterTags(all_=[f"shop:{shop}"])) if shop else None
    with prefect.asking() as client:
        found = client.read_deployments(deployment_filter=wanted)
        named = sorted(found, key=lambda each: each.name)
        yield client, [(each, schedule) for each in named for schedule in each.schedules]


def _scheduled(
    deployment: DeploymentResponse, schedule: DeploymentSchedule, last: FlowRun | None, ahead: FlowRun | None
) -> Scheduled:
    return Scheduled(
        schedule_id=str(schedule.id),
        deployment=deployment.name,
        says=deployment.description or "",
        cron=getattr(schedule.schedule, "cron", ""),
        zone=getattr(schedule.schedule, "timezone", None) or "UTC",
        is_on=schedule.active,
        next_at=ahead.next_scheduled_start_time if ahead and schedule.active else None,
        last=_last(last) if last else None,
    )


def _first_of_each(
    client: SyncPrefectClient, ids: Collection[UUID], state: FlowRunFilterState, sort: FlowRunSort
) -> dict[UUID, FlowRun]:
    """Return the first run of each deployment in an order; of those that wait, only what a schedule planned."""
    runs = _runs(client, ids, state, sort)
    first = _first(runs)
    if len(runs) < _AT_ONCE:
        return first
    others = (_first(_runs(client, [each], state, sort)) for each in set(ids) - first.keys())
    return first | {key: run for other in others for key, run in other.items()}


def _first(runs: Collection[FlowRun]) -> dict[UUID, FlowRun]:
    found: dict[UUID, FlowRun] = {}
    for run in runs:
        if run.deployment_id and (run.auto_scheduled or run.state_type != StateType.SCHEDULED):
            found.setdefault(run.deployment_id, run)
    return found


def _runs(
    client: SyncPrefectClient, ids: Collection[UUID], state: FlowRunFilterState, sort: FlowRunSort
) -> list[FlowRun]:
    wanted = FlowRunFilter(deployment_id=FlowRunFilterDeploymentId(any_=list(ids)), state=state)
    return client.read_flow_runs(flow_run_filter=wanted, sort=sort, limit=_AT_ONCE)


def _last(run: FlowRun) -> LastRun:
    state = run.state
    return LastRun(
        flow_run_id=str(run.id),
        state=(state.name if state else "") or "",
        is_bad=state is not None and state.type in _BAD,
        began_at=run.start_time,
    )

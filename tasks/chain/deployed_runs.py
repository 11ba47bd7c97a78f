"""Runs of deployments that the process which starts them carries out itself, one after the other.

A process of its own for each costs ten seconds; a small file takes two. A run stays a run of its deployment: it has a
page of its own, waits for its turn, and Retry hands it to the worker.
"""

import time
from importlib import import_module
from typing import Any

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.responses import DeploymentResponse, SetStateStatus
from prefect.exceptions import Abort, Pause
from prefect.flow_engine import run_flow
from prefect.states import Pending

TAG = "runs-again"
"""Of runs that nobody watches: lost with their machine, they are run again (see ``flows.recover``)."""
ALONE = (TAG, "auto-scheduled")
"""Tags of all runs that nobody watches: Prefect itself gives the latter to every run of a schedule."""
WAITING_SECONDS = 2
MOST_WAITING_SECONDS = 900


def start(client: SyncPrefectClient, deployment: str, parameters: dict[str, Any], key: str) -> FlowRun:
    """Make a run of *deployment*, or find the one that was made under the same *key*; the worker may take it too."""
    found = client.read_deployment_by_name(deployment)
    tags = sorted({*found.tags, TAG})
    return client.create_flow_run_from_deployment(found.id, parameters=parameters, tags=tags, idempotency_key=key)


def execute(client: SyncPrefectClient, run: FlowRun) -> None:
    """Carry out *run* here and now; where the worker was first, or another has its turn, wait until it is over."""
    if not (run.state and run.state.is_scheduled()):
        return
    if client.set_flow_run_state(run.id, Pending()).status == SetStateStatus.ACCEPT:
        _run(client, client.read_flow_run(run.id))
    else:
        _wait(client, run)


def _run(client: SyncPrefectClient, run: FlowRun) -> None:
    assert run.deployment_id is not None  # noqa: S101 - it was made from one
    flow = _flow_of(client.read_deployment(run.deployment_id))
    try:
        run_flow(flow, flow_run=run, return_type="state")
    except (Abort, Pause):  # somebody cancelled it, or it asks: either stands in its state
        return


def _flow_of(deployment: DeploymentResponse) -> Flow[..., Any]:
    module, _, name = (deployment.entrypoint or "").rpartition(".")
    flow: Flow[..., Any] = getattr(import_module(module), name)
    return flow


def _wait(client: SyncPrefectClient, run: FlowRun) -> None:
    until = time.monotonic() + MOST_WAITING_SECONDS
    while _is_under_way(client.read_flow_run(run.id).state) and time.monotonic() < until:
        time.sleep(WAITING_SECONDS)


def _is_under_way(state: State[Any] | None) -> bool:
    return state is not None and not (state.is_final() or state.is_paused())

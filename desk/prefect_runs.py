"""Prefect's API as the desk uses it: to start runs of deployments, look how they stand, and answer what they ask."""

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterKey,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterStartTime,
)
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import ArtifactSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelling

from desk.texts import _
from schemas.problems import Refused, Unavailable
from schemas.records import Run
from tasks.core.wording.run_ids import run_id_in

_APART = timedelta(minutes=10)
"""So much earlier or later than in the ledger a run may have begun in Prefect, by another machine's clock."""
_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a run stands with Prefect. *says* is what its state says; *is_over*: nothing more comes by itself."""

    name: str
    says: str
    is_over: bool


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far what a run does now has come, of a hundred; *says*: how much that is, and how long the rest takes."""

    percent: float
    says: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A parameter of a flow for which people choose one of a few *values*; where there are none, they type a text."""

    name: str
    title: str
    says: str
    values: tuple[str, ...]
    usual: str


@dataclass(frozen=True, kw_only=True)
class PrefectRuns:
    """The runs of one Prefect server."""

    api_url: str
    login: str = field(default="", repr=False)

    def start(self, deployment: str, parameters: Mapping[str, Any], key: str) -> UUID:
        """Make a run of a deployment, or find the one that was made under the same *key*; return Prefect's id of it."""
        with self.asking() as client:
            found = client.read_deployment_by_name(deployment)
            run = client.create_flow_run_from_deployment(found.id, parameters=dict(parameters), idempotency_key=key)
            return run.id

    def look(self, flow_run_id: str) -> Standing:
        """Say how a run stands."""
        with self.asking() as client:
            state = client.read_flow_run(UUID(flow_run_id)).state
        if state is None:
            return Standing(name="Scheduled", says="", is_over=False)
        return Standing(name=state.name or "", says=state.message or "", is_over=state.is_final())

    def progress(self, run_id: str) -> Progress | None:
        """Say how far a run has come (``tasks.chain.progress``); None where it has not said yet."""
        named = ArtifactFilter(key=ArtifactFilterKey(any_=[f"progress-{run_id}"]))
        with self.asking() as client:
            found = client.read_artifacts(artifact_filter=named, sort=ArtifactSort.CREATED_DESC, limit=1)
        newest = next((each for each in found if isinstance(each.data, int | float)), None)
        return Progress(percent=float(str(newest.data)), says=newest.description or "") if newest else None

    def find(self, run: Run) -> tuple[UUID, str, dict[str, Any]] | None:
        """Return Prefect's id, the deployment and the parameters of a run; None where no deployment started it."""
        with self.asking() as client:
            found = next((each for each in _runs_near(client, run) if run_id_in(str(each.id)) == run.run_id), None)
            if found is None or found.deployment_id is None:
                return None
            deployment = client.read_deployment(found.deployment_id)
            return found.id, f"{client.read_flow(found.flow_id).name}/{deployment.name}", dict(found.parameters)

    def choices(self, deployment: str, *, typed: Collection[str] = ()) -> tuple[Choice, ...]:
        """Return what people choose from when they start a run of a deployment, and those texts that are *typed*."""
        with self.asking() as client:
            schema = client.read_deployment_by_name(deployment).parameter_openapi_schema or {}
        return choices_in(schema, typed=typed)

    def answer(self, flow_run_id: UUID, decision: Mapping[str, str]) -> None:
        """Answer a suspended run what it asks."""
        with self.asking() as client:
            done = client.resume_flow_run(flow_run_id, run_input=dict(decision))
        if done.status.value != "ACCEPT":
            raise Refused(_("The run no longer waits for an answer. Look at it again."))

    def cancel(self, flow_run_id: str) -> None:
        """Stop a run that has not ended."""
        with self.asking() as client:
            client.set_flow_run_state(UUID(flow_run_id), Cancelling())

    @contextmanager
    def asking(self) -> Iterator[SyncPrefectClient]:
        """Give a client; say in words what the server does not do.

        Raises:
            Unavailable: It does not answer, or not well.
            Refused: It has no such run or deployment.
        """
        try:
            with SyncPrefectClient(self.api_url, auth_string=self.login or None) as client:
                yield client
        except ObjectNotFound:
            raise Refused(
                _("Prefect knows no such run, or no such deployment. Deploy again, then try again.")
            ) from None
        except HTTPError:
            raise Unavailable(_("Prefect did not answer. Nothing was started; try again in a minute.")) from None


def _runs_near(client: SyncPrefectClient, run: Run) -> Iterator[FlowRun]:
    """Give the runs of the same flow that began when a run did: Prefect looks up no id by its first digits."""
    began = FlowRunFilterStartTime(after_=run.started_at - _APART, before_=run.started_at + _APART)
    same_flow = FlowFilter(name=FlowFilterName(any_=[run.flow]))
    for offset in count(0, _AT_ONCE):
        some = client.read_flow_runs(
            flow_filter=same_flow, flow_run_filter=FlowRunFilter(start_time=began), limit=_AT_ONCE, offset=offset
        )
        yield from some
        if len(some) < _AT_ONCE:
            return


def prefect_of_environment() -> PrefectRuns:
    """Return the server that the environment points to."""
    return PrefectRuns(
        api_url=os.environ.get("PREFECT_API_URL", ""), login=os.environ.get("PREFECT_API_AUTH_STRING", "")
    )


def choices_in(schema: Mapping[str, Any], *, typed: Collection[str] = ()) -> tuple[Choice, ...]:
    """Read from the schema of a deployment's parameters which of them people choose, and the *typed* ones."""
    return tuple(
        Choice(
            name=name,
            title=str(each.get("title", name)),
            says=" ".join(str(each.get("description", "")).split()),
            values=tuple(map(str, each.get("enum", ()))),
            usual=str(each.get("default", "")),
        )
        for name, each in sorted(schema.get("properties", {}).items(), key=lambda named: named[1].get("position", 0))
        if ("enum" in each or name in typed) and name != "mode"
    )

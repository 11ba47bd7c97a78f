"""What the Prefect server does automatically when a run is lost: made once, when the deployments are.

Prefect has no recovery of its own for a machine that disappears: such a run would say Running, or
Pending, for ever.
"""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from prefect.automations import Automation
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.objects import StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.events.actions import ChangeFlowRunState, RunDeployment
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification
from prefect.exceptions import ObjectNotFound

from tasks.chain.deployed_runs import ALONE

_ANY_RUN = ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]})
_MISSED_HEARTBEATS = timedelta(minutes=10)
_STUCK = timedelta(minutes=5)
_LOST_RUN = {"__prefect_kind": "jinja", "template": "{{ flow_run.id }}"}
_LEFT_PENDING = ("Running", "AwaitingConcurrencySlot", "Cancelled", "Crashed", "Failed")


def _heard_nothing() -> EventTrigger:
    return EventTrigger(
        after={"prefect.flow-run.Running", "prefect.flow-run.heartbeat"},  # it may be lost before its first heartbeat
        expect={"prefect.flow-run.*"},
        match=_ANY_RUN,
        for_each={"prefect.resource.id"},
        posture=Posture.Proactive,
        threshold=1,
        within=_MISSED_HEARTBEATS,
    )


def automations() -> list[Automation]:
    """Return the automations every server needs: lost runs are Crashed, stuck ones are handed out again."""
    return [
        Automation(
            name="counterfoil: a run that is not heard of any more is Crashed",
            description="What was applied stays applied; when it runs again, the rest is planned again.",
            trigger=_heard_nothing(),
            actions=[ChangeFlowRunState(state=StateType.CRASHED, message="The machine of this run was lost.")],
        ),
        Automation(
            name="counterfoil: a run that nobody starts is handed out again",
            trigger=EventTrigger(
                after={"prefect.flow-run.Pending"},
                expect={f"prefect.flow-run.{state}" for state in _LEFT_PENDING},
                match=_ANY_RUN,
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=_STUCK,
            ),
            actions=[ChangeFlowRunState(state=StateType.SCHEDULED, name="AwaitingRetry", force=True)],
        ),
    ]


def running_again(recover: UUID) -> list[Automation]:
    """Return the automations by which the deployment *recover* runs again what crashed: it counts, these cannot.

    Two, as a server that was down itself holds back for a quarter of an hour what follows on events of before.
    """
    crashed = EventTrigger(
        expect={"prefect.flow-run.Crashed"},
        match=_ANY_RUN,
        match_related=ResourceSpecification(
            {"prefect.resource.role": "tag", "prefect.resource.id": [f"prefect.tag.{tag}" for tag in ALONE]}
        ),
        posture=Posture.Reactive,
        threshold=1,
    )
    name = "counterfoil: a crashed run that nobody watches runs again"
    action = RunDeployment(deployment_id=recover, parameters={"flow_run_id": _LOST_RUN})
    return [
        Automation(name=name, trigger=crashed, actions=[action]),
        Automation(name=f"{name}, with its machine", trigger=_heard_nothing(), actions=[action]),
    ]


def notifying(deployment: DeploymentResponse, ours: Collection[UUID]) -> Automation:
    """Return the automation by which people of a shop are told of a run that could not tell them itself.

    What flows say of their own ends has other names than these, so that nobody is told by two. Where there is one shop,
    runs are told apart from those of others on the same server by their flow: *ours* are their ids.
    """
    of_shop = [f"prefect.tag.{tag}" for tag in deployment.tags if tag.startswith("shop:")]
    of_flows = [f"prefect.flow.{flow_id}" for flow_id in sorted(ours)]
    role, ids = ("tag", of_shop) if of_shop else ("flow", of_flows)
    return Automation(
        name=f"counterfoil: people are told of lost runs, by {deployment.name}",
        trigger=EventTrigger(
            expect={"prefect.flow-run.Crashed", "prefect.flow-run.Failed"},
            match=_ANY_RUN,
            match_related=ResourceSpecification({"prefect.resource.role": role, "prefect.resource.id": ids}),
            posture=Posture.Reactive,
            threshold=1,
        ),
        actions=[RunDeployment(deployment_id=deployment.id, parameters={"flow_run_id": _LOST_RUN})],
    )


def main() -> None:
    """Make those automations that the server does not have yet."""
    with get_client(sync_client=True) as client:
        for automation in (*automations(), *_with_recover(client), *_with_tell(client)):
            if not client.request("POST", "/automations/filter", json=_named(automation.name)).json():
                automation.create()


def _with_recover(client: SyncPrefectClient) -> list[Automation]:
    try:
        return running_again(client.read_deployment_by_name("recover/recover").id)
    except ObjectNotFound:  # another prefect.yaml
        return []


def _with_tell(client: SyncPrefectClient) -> list[Automation]:
    """Return one for each shop, whose mail server and people the deployment of the shop knows."""
    flow = FlowFilter(name=FlowFilterName(any_=["tell"]))
    ours = {each.flow_id for each in client.read_deployments(limit=200) if _is_ours(each)}
    return [notifying(found, ours) for found in client.read_deployments(flow_filter=flow, limit=200) if _is_ours(found)]


def _is_ours(deployment: DeploymentResponse) -> bool:
    return (deployment.entrypoint or "").startswith("flows.")


def _named(name: str) -> dict[str, object]:
    return {"automations": {"name": {"any_": [name]}}}


if __name__ == "__main__":
    main()

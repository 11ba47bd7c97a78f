"""What the Prefect server does automatically when a run is lost: made once, when the deployments are.

Prefect has no recovery of its own for a machine that disappears: such a run would say Running, or
Pending, for ever.
"""

from datetime import timedelta
from uuid import UUID

from prefect.automations import Automation
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import StateType
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


def main() -> None:
    """Make those automations that the server does not have yet."""
    with get_client(sync_client=True) as client:
        for automation in (*automations(), *_with_recover(client)):
            if not client.request("POST", "/automations/filter", json=_named(automation.name)).json():
                automation.create()


def _with_recover(client: SyncPrefectClient) -> list[Automation]:
    try:
        return running_again(client.read_deployment_by_name("recover/recover").id)
    except ObjectNotFound:  # another prefect.yaml
        return []


def _named(name: str) -> dict[str, object]:
    return {"automations": {"name": {"any_": [name]}}}


if __name__ == "__main__":
    main()

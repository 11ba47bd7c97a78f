"""What the Prefect server does by itself when a run is lost: made once, when the deployments are.

Prefect has no recovery of its own for a machine that disappears: such a run would say Running, or
Pending, for ever.
"""

from datetime import timedelta

from prefect.automations import Automation
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture
from prefect.events.schemas.events import ResourceSpecification

_ANY_RUN = ResourceSpecification({"prefect.resource.id": ["prefect.flow-run.*"]})
_MISSED_HEARTBEATS = timedelta(minutes=10)
_STUCK = timedelta(minutes=5)
_LEFT_PENDING = ("Running", "AwaitingConcurrencySlot", "Cancelled", "Crashed", "Failed")


def automations() -> list[Automation]:
    """Return the automations every server needs: lost runs are Crashed, stuck ones are handed out again."""
    return [
        Automation(
            name="counterfoil: a run whose machine is lost is Crashed",
            description="Press Retry on it: what was applied stays applied, the rest is planned again.",
            trigger=EventTrigger(
                after={"prefect.flow-run.heartbeat"},
                expect={"prefect.flow-run.*"},
                match=_ANY_RUN,
                for_each={"prefect.resource.id"},
                posture=Posture.Proactive,
                threshold=1,
                within=_MISSED_HEARTBEATS,
            ),
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


def main() -> None:
    """Make those automations that the server does not have yet."""
    with get_client(sync_client=True) as client:
        for automation in automations():
            if not client.request("POST", "/automations/filter", json=_named(automation.name)).json():
                automation.create()


def _named(name: str) -> dict[str, object]:
    return {"automations": {"name": {"any_": [name]}}}


if __name__ == "__main__":
    main()

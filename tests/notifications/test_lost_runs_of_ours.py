"""Which lost runs start a notification: those of our flows, or of the shop, and of nobody else on the same server."""

from uuid import UUID, uuid4

import pytest
from prefect.client.schemas.responses import DeploymentResponse
from prefect.server.events.schemas.automations import EventTrigger
from prefect.server.events.schemas.events import RelatedResource, Resource

from cli.automations import notifying

ORDERS, STOCK, FOREIGN = uuid4(), uuid4(), uuid4()


def is_told(shop: str, flow: UUID, *tags: str) -> bool:
    """Say whether people are told, in this shop, of a lost run of a flow that has these tags."""
    tell = DeploymentResponse(name="tell", flow_id=uuid4(), tags=["tell", *([shop] if shop else [])])
    trigger = EventTrigger.model_validate(notifying(tell, {ORDERS, STOCK}).trigger.model_dump(mode="json"))
    run = Resource({"prefect.resource.id": f"prefect.flow-run.{uuid4()}"})
    named = [("flow", f"prefect.flow.{flow}"), *(("tag", f"prefect.tag.{tag}") for tag in tags)]
    return trigger.covers_resources(
        run, [RelatedResource({"prefect.resource.role": role, "prefect.resource.id": name}) for role, name in named]
    )


@pytest.mark.parametrize(
    ("shop", "flow", "tags", "told"),
    [
        ("", ORDERS, ["orders"], True),
        ("", STOCK, [], True),
        ("", FOREIGN, ["orders"], False),
        ("shop:lyon", ORDERS, ["orders", "shop:lyon"], True),
        ("shop:lyon", ORDERS, ["orders", "shop:paris"], False),
        ("shop:lyon", FOREIGN, [], False),
    ],
)
def test_people_are_told_of_lost_runs_of_ours_alone(shop: str, flow: UUID, tags: list[str], told: bool):
    assert is_told(shop, flow, *tags) is told

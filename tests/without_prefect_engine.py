"""Flows without Prefect's engine: the same bodies in the same order, each step called as the plain function it is.

For tests that need many runs, or runs that die at a chosen moment. What they show in Prefect is left out too: each bar
and each page is a client and a call of its own, and tests that look at them run with the engine.
"""

import importlib
import os
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from prefect import Task
from prefect.client.schemas.objects import State

from schemas.domains import DOMAINS

FLOWS = dict(domain.flow.rsplit(".", 1) for domain in DOMAINS.values() if domain.flow) | {
    "flows.export_customers": "export_customers",
    "flows.sync_orders": "sync_orders",
    "flows.reconcile_orders": "reconcile_orders",
    "flows.restore": "restore",
    "flows.confirm_upload": "confirm_upload",
    "flows.invite_customers": "invite_customers",
    "flows.resolve_loyalty": "resolve_loyalty_failures",
    "flows.push_products": "push_products",
    "flows.nudge": "nudge",
}
WITH_STEPS = (
    *FLOWS,
    "tasks.orders.sales",
    "tasks.invitations.canary",
    "tasks.invitations.send",
    "tasks.loyalty.collect_evidence",
    "tasks.loyalty.notify_news",
)
"""Modules that call steps."""


def new_flow_run_id() -> str:
    return str(uuid4())


def run_id_of(flow_run_id: str) -> str:
    return flow_run_id.replace("-", "")[:12]


@cache
def remove_prefect_engine() -> None:
    """Make every flow of this process a plain function, for the command line too."""
    remove_prefect_artifacts()
    for module in WITH_STEPS:
        loaded = importlib.import_module(module)
        for name, value in list(vars(loaded).items()):
            if isinstance(value, Task):
                setattr(loaded, name, value.fn)
    for module, flow in FLOWS.items():
        loaded = importlib.import_module(module)
        setattr(loaded, flow, _plain(getattr(loaded, flow).fn))


@cache
def remove_prefect_artifacts() -> None:
    """Show nothing in Prefect, from this process."""
    report, progress = (vars(importlib.import_module(f"tasks.chain.{name}")) for name in ("report", "progress"))
    report["create_markdown_artifact"] = progress["create_progress_artifact"] = lambda *_, **__: uuid4()
    progress["update_progress_artifact"] = lambda *_, **__: None


def _plain(body: Any) -> Any:
    def called(*, return_state: bool = True, **parameters: Any) -> State[Any]:
        flow_run_id = os.environ.get("FLOW_RUN_ID") or new_flow_run_id()
        os.environ["PREFECT__RUNTIME__FLOW_RUN__ID"] = flow_run_id
        state: State[Any] = body(**parameters)
        state.state_details.flow_run_id = UUID(flow_run_id)
        return state

    return called

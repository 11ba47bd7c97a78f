"""End the process of a run that waits for long, and let its worker start it again when it may go on."""

from typing import Any, NoReturn
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.exceptions import Pause
from prefect.states import Scheduled
from prefect.utilities.engine import propose_state_sync

from infra.clock import now
from infra.context import ledger
from schemas.problems import BudgetSpent
from tasks.chain.begin import current_flow_run_id
from tasks.chain.lease import keep_lease
from tasks.core.wording.words import TITLES


def reschedule(run_id: str, spent: BudgetSpent) -> NoReturn:
    """End this process; the worker starts the run again when the budget opens. Its lease is kept until then.

    Raises:
        Pause: Always: it ends the process without ending the run.
    """
    keep_lease(run_id, until=spent.opens_at)
    ledger().heartbeats.wait(run_id, str(spent), until=spent.opens_at, now=now())
    state: State[Any] = Scheduled(name=TITLES["waiting"], message=str(spent), scheduled_time=spent.opens_at)
    with get_client(sync_client=True) as client:
        state = propose_state_sync(client, state, flow_run_id=UUID(current_flow_run_id()))
    raise Pause(state=state)

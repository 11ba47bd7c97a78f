"""Hand a run out again whose machine was lost: started by Prefect's server when a run that nobody watches crashes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State, StateType
from prefect.states import AwaitingRetry, Completed

from tasks.chain.deployed_runs import ALONE
from tasks.chain.forms import with_titles

MOST_CRASHES = 3
"""A run that has crashed more often does so for a reason of its own: a person has to look."""
PAUSE = timedelta(minutes=1)


@with_titles
@flow(name="recover", flow_run_name="recover {flow_run_id}")
def recover(flow_run_id: str) -> State[None]:
    """Run a crashed run again, as if somebody had pressed Retry; three times at most.

    Args:
        flow_run_id: The run that crashed, as Prefect names it.
    """
    run_id = UUID(flow_run_id)
    with get_client(sync_client=True) as client:
        run, states = client.read_flow_run(run_id), client.read_flow_run_states(run_id)
        crashes = sum(state.type == StateType.CRASHED for state in states)
        if not (run.state and run.state.is_crashed() and set(run.tags) & set(ALONE)):
            return Completed(name="Nothing to do", message="It is not crashed any more, or somebody watches it.")
        if crashes > MOST_CRASHES:
            return Completed(
                name="Given up", message=f"{run.name} crashed {crashes} times. Look at its logs; then Retry."
            )
        client.set_flow_run_state(run_id, AwaitingRetry(scheduled_time=datetime.now(UTC) + PAUSE), force=True)
    return Completed(name="Handed out again", message=f"{run.name} runs again in a minute.")
